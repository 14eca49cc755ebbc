from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro
import pytest

from pipelines.declaration.project import load

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).parents[3] / "pipelines" / "examples"

RECORDS = [
    {
        "full_name": "Wolfeschlegel Stein",
        "email": "wolfe@example.com",
        "total": 12.5,
        "note": "for my aunt",
    },
    {"full_name": "Bergerdorff Hausen", "email": "berger@example.com", "total": 7.25, "note": None},
]
SCHEMA = {
    "type": "record", "name": "Order", "namespace": "shop",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "email", "type": ["null", "string"], "default": None},
        {"name": "owner", "type": "string", "confluent:tags": ["PII.NAME"]},
        {"name": "age", "type": "int", "confluent:tags": ["PII"]},
        {"name": "size", "type": {"type": "fixed", "name": "Hash", "size": 4}},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "lines", "type": {"type": "array", "items": {
            "type": "record", "name": "Line", "fields": [
                {"name": "sku", "type": "string"},
                {"name": "next", "type": ["null", "Line"], "default": None}]}}},
        {"name": "labels", "type": {"type": "map", "values": "string"}},
    ],
}  # fmt: skip


def passes(cli: Cli, folder: Path) -> None:
    """Check that what was written passes `check` and `test` at once."""
    checked = cli("check", str(folder))
    assert checked.code == 0, checked.err
    assert "error" not in checked.err
    tested = cli("test", str(folder))
    assert tested.code == 0, tested.out
    assert ", 0 failed" in tested.out


def written(folder: Path) -> str:
    return "".join(one.read_text() for one in folder.rglob("*") if one.is_file())


def test_from_json_lines(cli: Cli, tmp_path: Path) -> None:
    sample = tmp_path / "orders.jsonl"
    sample.write_text("".join(json.dumps({"value": one, "key": "k-1"}) + "\n" for one in RECORDS))
    folder = tmp_path / "new" / "pipelines"
    ran = cli("init", str(folder), "--sample", str(sample), "--owner", "team: x")
    assert ran.code == 0, ran.err
    assert f"clearwater try {folder}/orders.yaml --input {folder}/samples/orders.jsonl" in ran.out
    assert "keys create dead-letters orders" in ran.out
    passes(cli, folder)
    model = load(folder).pipelines["orders"].model
    assert (model.source.topic, model.owner) == ("orders.raw", "team: x")
    assert [str(path) for path in model.privacy.fields] == ["full_name", "email"]
    text = written(folder)
    for value in ("Wolfe", "Berger", "wolfe", "berger", "aunt", "12.5", "k-1"):
        assert value not in text
    tried = cli("try", str(folder / "orders.yaml"), "--input", str(folder / "samples/orders.jsonl"))
    assert tried.code == 0
    again = cli("init", str(folder), "--sample", str(sample))
    assert (again.code, "is there already" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "content", "fields"),
    [
        ("people.csv", "mail,weeks\nwolfe@example.com,1\nberger@example.com,2\n", ["mail"]),
        ("web.log", '203.0.113.7 - wolfe [02/Mar/2026:08:00:01 +0000] "GET / HTTP/1.1" 200 5\n' * 3,
         ["host", "user"]),
        ("words.txt", "nothing to see here\nmail wolfe@example.com\n", []),
    ],
)  # fmt: skip
def test_from_other_files(
    cli: Cli, tmp_path: Path, name: str, content: str, fields: list[str]
) -> None:
    (tmp_path / name).write_text(content)
    folder = tmp_path / "pipelines"
    ran = cli("init", str(folder), "--sample", str(tmp_path / name), "--topic", "in.raw")
    assert ran.code == 0, ran.err
    passes(cli, folder)
    model = load(folder).pipelines["in"].model
    assert [str(path) for path in model.privacy.fields] == fields
    assert "wolfe" not in written(folder)


def test_from_a_schema(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "orders-value.avsc"
    file.write_text(json.dumps(SCHEMA))
    folder = tmp_path / "pipelines"
    ran = cli("init", str(folder), "--schema", str(file))
    assert ran.code == 0, ran.err
    passes(cli, folder)
    project = load(folder)
    model = project.pipelines["orders"].model
    assert (model.source.topic, model.source.value) == ("orders.raw", "avro")
    treated = {str(path): one.verb for path, one in model.privacy.fields.items()}
    assert treated == {"email": "hash", "age": "remove"}
    assert list(project.policies["orders"].model.treat) == ["PII.NAME"]
    assert (folder / "schemas" / "orders.raw-value.avsc").is_file()


def test_a_container_brings_its_schema(cli: Cli, tmp_path: Path) -> None:
    schema = {"type": "record", "name": "R", "fields": [
        {"name": "email", "type": "string"}, {"name": "n", "type": "long"}]}  # fmt: skip
    with (tmp_path / "r.avro").open("wb") as sink:
        fastavro.writer(sink, schema, [{"email": "wolfe@example.com", "n": 1}])
    folder = tmp_path / "pipelines"
    ran = cli("init", str(folder), "--sample", str(tmp_path / "r.avro"))
    assert ran.code == 0, ran.err
    passes(cli, folder)
    assert load(folder).pipelines["r"].model.source.value == "avro"
    assert "wolfe" not in written(folder)


def test_a_policy_of_the_folder_is_taken_where_it_is_named(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    sample = tmp_path / "more.jsonl"
    sample.write_text(json.dumps(RECORDS[0]) + "\n" + json.dumps(RECORDS[1]) + "\n")
    ran = cli("init", str(project), "--sample", str(sample), "--policy", "default")
    assert ran.code == 0, ran.err
    passes(cli, project)
    assert load(project).pipelines["more"].model.privacy.policy == "default"
    wrong = cli("init", str(project), "--sample", str(sample), "--topic", "a", "--policy", "no")
    assert (wrong.code, "unknown policy `no`; known: default" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--sample", "nowhere.jsonl"], "nowhere.jsonl: No such file"),
        (["--schema", "nowhere.avsc"], "nowhere.avsc: No such file"),
        (["--schema", __file__], "no Avro schema: "),
        (["--sample", __file__, "--topic", "a topic"], "`a topic` is no topic name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    cli: Cli, tmp_path: Path, arguments: list[str], told: str
) -> None:
    ran = cli("init", str(tmp_path / "p"), *arguments)
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert not (tmp_path / "p").exists()


@pytest.mark.timeout(300)
def test_it_asks_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "orders.jsonl").write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipelines", "init", "p"]
    running = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, b"nowhere\norders.jsonl\nshop.orders\nteam-x\n")
    told = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        told += part
    os.close(ours)
    assert running.wait() == 0, told.decode()
    assert "nowhere: there is no such file" in told.decode()
    assert "Topic to read [orders.raw]" in told.decode()
    model = load(tmp_path / "p").pipelines["shop-orders"].model
    assert (model.source.topic, model.owner) == ("shop.orders", "team-x")


def test_without_a_terminal_it_says_what_to_name(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", str(tmp_path / "p"))
    assert (ran.code, "--sample RECORDS, or --schema FILE.avsc" in ran.err) == (2, True)


def test_a_key_folder_without_the_keys_it_needs_is_no_obstacle(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    monkeypatch.setenv("CLEARWATER_KEYS", str(keys))
    sample = tmp_path / "orders.jsonl"
    sample.write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    ran = cli("init", str(tmp_path / "new"), "--sample", str(sample))
    assert ran.code == 0, ran.err
