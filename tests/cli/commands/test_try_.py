from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro
import pytest

from pipelines.wire.avro import from_json

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).parents[3] / "pipelines" / "examples"


def test_each_record_gets_a_line_with_its_fate(cli: Cli, project: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"value": {"a": 1, "note": "x@example.com"}, "key": "k", "headers": {"h": "v"}}\n'
        '{"value": {"test": true}}\n'
        '{"value": {"test": 7}}\n'
        '{"value": null, "key": "k"}\n'
    )
    ran = cli("try", str(project / "orders.yaml"), "--input", str(source))

    assert ran.code == 0
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert rows[0] == {
        "fate": "published", "step": "publish", "reason": "", "topic": "orders.clean",
        "key": "k", "value": {"a": 1, "note": "<EMAIL_ADDRESS>"}, "headers": {"h": "v"},
    }  # fmt: skip
    assert (rows[1]["fate"], rows[1]["step"], rows[1]["reason"]) == (
        "dropped",
        "tests",
        "test_order",
    )
    assert (rows[2]["fate"], rows[2]["reason"]) == ("dead_lettered", "condition_error")
    assert rows[3]["value"] is None
    assert "4 records: 1 dead_lettered, 1 dropped, 2 published" in ran.err


def test_bare_lines_of_a_text_topic_are_values(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "access.log"
    source.write_text(
        '203.0.113.7 - - [02/Mar/2026:08:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"\n'
    )
    ran = cli("try", str(EXAMPLES / "weblogs.yaml"), "--input", str(source), "--bare")

    assert json.loads(ran.out)["value"]["status"] == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [("{broken", "line 1: not JSON"), ('{"vlue": 1}', 'line 1: write {"value"')],
)
def test_a_line_that_is_no_record_is_said(
    cli: Cli, project: Path, tmp_path: Path, line: str, words: str
) -> None:
    (tmp_path / "in.jsonl").write_text(line + "\n")

    ran = cli("try", str(project / "orders.yaml"), "--input", str(tmp_path / "in.jsonl"))
    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize("name", ["orders", "weblogs", "ai-prompts"])
def test_the_shipped_samples_go_through(cli: Cli, tmp_path: Path, name: str) -> None:
    output = tmp_path / "out.jsonl"
    samples = EXAMPLES / "samples" / f"{name}.jsonl"
    ran = cli(
        "try", str(EXAMPLES / f"{name}.yaml"), "--input", str(samples), "--output", str(output)
    )

    assert ran.code == 0
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    fates = Counter(row["fate"] for row in rows)
    assert fates["published"] > 1000
    assert fates["dead_lettered"] < 20
    shown = output.read_text()
    for personal in ("@example.com", "@example.org", "4111111111111111", "555 01", "AKIA"):
        assert personal not in shown


def test_lines_of_text_need_no_option_and_containers_no_lines(cli: Cli, tmp_path: Path) -> None:
    line = '203.0.113.7 - - [02/Mar/2026:08:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"'
    (tmp_path / "access.log").write_text(f"{line}\n\n{json.dumps({'value': line})}\n")
    ran = cli("try", str(EXAMPLES / "weblogs.yaml"), "--input", str(tmp_path / "access.log"))
    assert "2 records: 2 published" in ran.err
    container = tmp_path / "orders.avro"
    schema = json.loads((EXAMPLES / "schemas" / "orders.raw-value.avsc").read_text())
    samples = (EXAMPLES / "samples" / "orders.jsonl").read_text().splitlines()[:3]
    values = [from_json(json.loads(one)["value"], schema) for one in samples]
    with container.open("wb") as sink:
        fastavro.writer(sink, schema, values)
    ran = cli("try", str(EXAMPLES / "orders.yaml"), "--input", str(container))
    assert "3 records" in ran.err, ran.err


def test_a_folder_is_no_pipeline(cli: Cli, project: Path) -> None:
    assert "name one pipeline file in it" in cli("try", str(project)).err


@pytest.fixture
def records(tmp_path: Path) -> Path:
    file = tmp_path / "in.jsonl"
    values = [
        {"name": "Wolfeschlegel", "amount": 5},
        {"name": "Steinhausen", "amount": 50, "note": "mail wolfe@example.com"},
        {"test": True, "name": "Bergerdorff"},
    ]
    file.write_text("".join(json.dumps({"value": one}) + "\n" for one in values))
    return file


@pytest.fixture
def old(project: Path, tmp_path: Path) -> Path:
    """An older version, which hides more and drops less."""
    folder = tmp_path / "old"
    shutil.copytree(project, folder)
    written = (project / "orders.yaml").read_text()
    hides = written.replace("policy: default", "policy: default, fields: {name: {redact: {}}}")
    (folder / "orders.yaml").write_text(hides)
    step = "  - {step: drop, id: big, when: 'has(message.amount) && message.amount > 9', reason: b}"
    (project / "orders.yaml").write_text(written.replace("steps:\n", f"steps:\n{step}\n"))
    return folder


def test_a_diff_counts_what_changes_and_what_newly_leaves(
    cli: Cli, project: Path, old: Path, records: Path
) -> None:
    ran = cli("try", str(project / "orders.yaml"), "--input", str(records), "--diff", str(old))
    assert ran.code == 1
    assert "2 of 3 records become something else" in ran.out
    assert "1  published by publish → dropped by big: b  (line 2)" in ran.out
    assert "1  no longer leaves to orders.clean  (line 2)" in ran.out
    assert "1  orders.clean value.name: <REDACTED> → " in ran.out
    assert 'orders.clean value.name: such as "xxxxxxxxxxxxx"  (line 1)' in ran.out
    for value in ("Wolfe", "Stein", "Berger"):
        assert value not in ran.out
    same = cli("try", str(old / "orders.yaml"), "--input", str(records), "--diff", str(old))
    assert (same.code, "0 of 3 records" in same.out) == (0, True)


def test_a_diff_is_json_too(cli: Cli, project: Path, old: Path, records: Path) -> None:
    options = ("--input", str(records), "--diff", str(old), "--json")
    found = json.loads(cli("try", str(project / "orders.yaml"), *options).out)
    assert (found["records"], found["changed"]) == (3, 2)
    assert [one["path"] for one in found["newly_leaving"]] == ["value.name"]
    (old / "orders.yaml").write_text(
        (old / "orders.yaml").read_text().replace(": orders\n", ": x\n")
    )
    ran = cli("try", str(project / "orders.yaml"), *options)
    assert "no pipeline `orders` to compare with; there are: x" in ran.err


def test_a_trace_tells_what_each_step_saw_and_did_but_no_value(
    cli: Cli, project: Path, old: Path, records: Path
) -> None:
    del old
    pipeline = str(project / "orders.yaml")
    ran = cli("try", pipeline, "--input", str(records), "--trace", "2")
    told = re.sub(r"^ *\d+\.\d µs", "µs", ran.out, flags=re.MULTILINE)
    assert "µs  big (drop): condition holds; dropped: b" in told
    assert "saw amount: 00" in told
    assert told.endswith("dropped by big: b\n")
    found = json.loads(cli("try", pipeline, "--input", str(records), "--trace", "1", "--json").out)
    assert [one["id"] for one in found["steps"]] == ["decode", "big", "tests", "gate", "encode"]
    assert sum(one["step_us"] + one["condition_us"] for one in found["steps"]) > 0
    assert found["topics"] == ["orders.clean"]
    assert "Wolfe" not in str(found)
    assert (
        "no record in line 9" in cli("try", pipeline, "--input", str(records), "--trace", "9").err
    )


def test_a_trace_names_the_rules_that_hold_and_the_fields_that_change(cli: Cli) -> None:
    samples = str(EXAMPLES / "samples" / "orders.jsonl")
    ran = cli("try", str(EXAMPLES / "orders.yaml"), "--input", samples, "--trace", "2")
    assert 'saw customer.email: tokenize (tag PII.EMAIL): "xxxx' in ran.out
    assert "region (enrich): always" in ran.out
    assert "region: (absent) → {region, tax_zone}" in ran.out
