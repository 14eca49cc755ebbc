from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.traffic import Traffic
from tests.support.worker import WorkerProcess

Cli = Callable[..., Any]


@pytest.fixture
def on_broker(kafka_bootstrap: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("CLEARWATER_BROKERS", kafka_bootstrap)
    return cli


async def test_topics_are_made_tailed_and_dead_letters_opened(
    on_broker: Cli,
    project: Path,
    traffic: Traffic,
    kafka_bootstrap: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = await traffic.topic("unique")
    text = (project / "orders.yaml").read_text().replace("orders.", f"{name}.")
    wait = "{step: delay, id: wait, for: 1s, when: 'has(message.wait)'}"
    text = text.replace("steps:\n", f"steps:\n  - {wait}\n")
    (project / "orders.yaml").write_text(text)
    made = json.loads(
        (await run(on_broker, "topics", "ensure", str(project), "--partitions", "2", "--json")).out
    )
    assert [(one["role"], one["partitions"], one["state"]) for one in made] == [
        ("source", 2, "made"), ("destination", 2, "made"), ("delay", 2, "made"),
        ("dead_letter", 1, "made"),
    ]  # fmt: skip
    again = json.loads((await run(on_broker, "topics", "ensure", str(project), "--json")).out)
    assert {one["state"] for one in again} == {"there"}

    worker = WorkerProcess(project, kafka_bootstrap, f"group-{name}")
    try:
        await worker.ready()
        await traffic.produce(
            f"{name}.raw",
            [(b"k", b'{"mail": "ada@example.com"}'), (b"k", b"broken ada@example.com")],
        )
        await traffic.consume(f"{name}.clean", 1)
        await traffic.consume(f"{name}.dead", 1)
    finally:
        assert worker.terminate() == 0

    (shown,) = (await run(on_broker, "tail", f"{name}.clean")).out.splitlines()
    assert json.loads(shown)["value"] == {"mail": "<EMAIL_ADDRESS>"}
    (beside,) = (await run(on_broker, "tail", f"{name}.clean", "--before-after")).out.splitlines()
    assert json.loads(beside)["before"] == {"mail": "*" * len("ada@example.com")}
    assert json.loads(beside)["source"].startswith(f"{name}.raw/")
    raw = (await run(on_broker, "tail", f"{name}.raw")).out
    assert "ada@example.com" not in raw
    assert len(raw.splitlines()) == 2

    profile = json.loads((await run(on_broker, "scan", f"{name}.raw", "--json")).out)
    found = {one["path"]: [entry["entity"] for entry in one["found"]] for one in profile["fields"]}
    assert found == {"mail": ["EMAIL_ADDRESS"], "line": ["EMAIL_ADDRESS"], "(key)": []}

    (letter,) = json.loads(
        (await run(on_broker, "dead-letters", "show", f"{name}.dead", "--json")).out
    )
    assert (letter["pipeline"], letter["code"], letter["step"]) == (
        "orders",
        "decode_failed",
        "decode",
    )
    assert "ada" not in json.dumps(letter)
    shown = (await run(on_broker, "dead-letters", "show", f"{name}.dead")).out
    assert all(part in shown for part in (letter["source"], letter["code"], "open, attempt 1"))
    monkeypatch.setenv("CLEARWATER_KEYS", str(worker.keys))
    opened = json.loads((await run(on_broker, "dead-letters", "decrypt", f"{name}.dead")).out)
    assert opened["value"] == "broken ada@example.com"
    listed = (await run(on_broker, "dead-letters", "list", f"{name}.dead", "--json")).out
    assert [(one["letters"], one["open"]) for one in json.loads(listed)] == [(1, 1)]
    listed = (await run(on_broker, "dead-letters", "list", f"{name}.dead")).out
    assert "orders, decode: decode_failed" in listed
    assert "1 letter: 1 open, 0 parked, 0 redriven" in listed
    for command in ("list", "show", "redrive"):
        none = await run(on_broker, "dead-letters", command, f"{name}.dead", "--code", "other")
        assert none.out == f"none in {name}.dead\n"
    for options, end in ((("--dry-run",), "to send"), ((), "sent"), ((), "redriven")):
        ran = await run(on_broker, "dead-letters", "redrive", f"{name}.dead", *options, "--json")
        assert [(one["end"], one["letters"]) for one in json.loads(ran.out)] == [(end, 1)]
    late = await run(on_broker, "dead-letters", "show", f"{name}.dead", "--since", "1ms", "--json")
    assert json.loads(late.out) == []


async def test_a_topic_that_is_not_there_is_said(on_broker: Cli) -> None:
    ran = await asyncio.to_thread(on_broker, "tail", "not-there")

    assert ran.code == 2
    assert "there is no topic `not-there`" in ran.err


async def test_a_file_is_produced_and_what_is_wrong_with_it_is_said(
    on_broker: Cli, traffic: Traffic, tmp_path: Path
) -> None:
    topic = await traffic.topic("produced")
    file = tmp_path / "records.jsonl"
    lines = [
        {"value": {"a": 1}, "key": "k", "headers": {"h": "x"}, "timestamp": 5},
        {"value": None, "key": "k"},
    ]
    file.write_text("\n".join(json.dumps(one) for one in lines))
    ran = await run(on_broker, "produce", topic, "--file", str(file))
    assert ran.out == f"2 records written to {topic}\n"
    file.write_text("plain text\n")
    await run(on_broker, "produce", topic, "--file", str(file), "--bare", "--value", "text")
    found = [(one.key, one.value, one.headers) for one in await traffic.read_all(topic)]
    assert found == [
        (b"k", b'{"a":1}', (("h", b"x"),)), (b"k", None, ()), (None, b"plain text", ()),
    ]  # fmt: skip

    file.write_text('{"value": {"a": 1}}\n{"valu": 2}\n')
    tombstone = tmp_path / "tombstone.jsonl"
    tombstone.write_text('{"value": null}\n')
    for options, told in (
        ((topic, "--file", str(file)), "line 2: valu: write"),
        ((topic, "--file", str(file), "--value", "avro"), "CLEARWATER_SCHEMA_REGISTRY"),
        ((topic, "--file", f"{file}.gone"), "No such file"),
        ((topic, "--file", str(tombstone)), "without a key"),
        (("not-there", "--file", str(file), "--bare"), "there is no topic `not-there`"),
    ):
        refused = await asyncio.to_thread(on_broker, "produce", *options)
        assert refused.code == 2
        assert told in refused.err


async def run(cli: Cli, *arguments: str) -> Any:
    ran = await asyncio.to_thread(cli, *arguments)
    assert ran.code == 0, ran.err
    return ran
