from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro

from pipelines.keyring import FolderKeyring
from pipelines.runtime.dead_letter import open_letter, read_letter
from pipelines.wire import avro
from pipelines.wire.registry import HttpRegistry
from tests.support.traffic import Traffic
from tests.support.worker import WorkerProcess

Start = Callable[..., WorkerProcess]
CANARY = "canary.4f1c@example.com"
EXAMPLES = Path(__file__).parents[2] / "pipelines" / "examples"


async def test_json_goes_raw_in_and_clean_out(start: Start, traffic: Traffic) -> None:
    raw, clean = await traffic.topic("raw", 2), await traffic.topic("clean", 2)
    dead = await traffic.topic("dead")
    worker = start(
        f"""
pipeline: people
source: {{topic: {raw}, value: json}}
steps:
  - {{step: drop, id: tests, when: 'has(message.test)', reason: test_record}}
  - {{step: set, id: total, field: total, value: message.price * message.count}}
privacy:
  fields: {{card: {{mask: {{keep_last: 4}}}}, "name": {{hash: {{key: customers}}}}}}
publish: {{topic: {clean}}}
dead_letter: {{topic: {dead}}}
"""
    )
    await worker.ready()
    good = {"price": 2, "count": 3, "card": "4111111111111111", "name": "Ada", "note": CANARY}
    await traffic.produce(
        raw,
        [
            (CANARY.encode(), json.dumps(good).encode(), [("trace", CANARY.encode())]),
            (b"k2", json.dumps({"test": True}).encode()),
            (b"k3", b'{"price": "much", "count": 1, "note": "' + CANARY.encode() + b'"}'),
            (b"k4", b"{broken " + CANARY.encode()),
            (b"k5", None),
        ],
    )
    cleaned = await traffic.consume(clean, 2)
    dead_letters = await traffic.consume(dead, 2)

    record = next(one for one in cleaned if one.value is not None)
    value = json.loads(record.value or b"")
    assert value["total"] == 6
    assert value["card"] == "************1111"
    assert len(value["name"]) == 64
    assert value["note"] == "<EMAIL_ADDRESS>"
    assert record.key == b"<EMAIL_ADDRESS>"
    assert record.header("trace") == b"<EMAIL_ADDRESS>"
    assert [one.key for one in cleaned if one.value is None] == [b"k5"]

    codes = sorted(read_letter(one.value or b"").code for one in dead_letters)
    assert codes == ["condition_error", "decode_failed"]
    for letter in dead_letters:
        key = FolderKeyring(worker.keys).key("dead-letters")
        assert CANARY.encode() in (open_letter(letter.value or b"", key).value or b"")
    assert worker.terminate() == 0
    everything = [one.value or b"" for one in dead_letters]
    everything += [repr(one).encode() for one in cleaned]
    everything += [repr(one.headers).encode() for one in dead_letters]
    for text in (*everything, worker.printed().encode()):
        assert CANARY.encode() not in text


async def test_the_metrics_add_up_and_hold_no_value(start: Start, traffic: Traffic) -> None:
    raw, clean = await traffic.topic("raw"), await traffic.topic("clean")
    dead = await traffic.topic("dead")
    worker = start(
        f"""
pipeline: counted
source: {{topic: {raw}, value: json}}
steps:
  - {{step: drop, id: odd, when: message.n % 2 == 1, reason: odd_number}}
publish: {{topic: {clean}}}
dead_letter: {{topic: {dead}}}
"""
    )
    await worker.ready()
    values = [json.dumps({"n": n, "mail": CANARY}).encode() for n in range(10)]
    await traffic.produce(raw, [(None, value) for value in [*values, b"broken"]])
    await traffic.consume(clean, 5)
    await traffic.consume(dead, 1)
    await _settled(worker)

    shown = worker.metrics()
    assert 'clearwater_records_in_total{pipeline="counted"} 11.0' in shown
    assert 'fate="dropped",pipeline="counted",reason="odd_number",step="odd"} 5.0' in shown
    assert 'fate="dead_lettered",pipeline="counted",reason="decode_failed",step="decode"}' in shown
    assert 'entity="EMAIL_ADDRESS",pipeline="counted",treatment="replace"} 5.0' in shown
    closed = re.findall(r"clearwater_closed_offset\{.*\} (.+)", shown)
    assert sum(map(float, closed)) == 11
    assert set(re.findall(r"clearwater_unaccounted_records_total\{.*\} (.+)", shown)) == {"0.0"}
    assert CANARY not in shown
    assert worker.status("livez") == 200


async def test_text_lines_become_structured_json(start: Start, traffic: Traffic) -> None:
    raw, clean = await traffic.topic("raw"), await traffic.topic("clean")
    dead = await traffic.topic("dead")
    worker = start(
        f"""
pipeline: logs
source: {{topic: {raw}, value: text}}
steps:
  - {{step: parse, id: line, format: combined}}
  - {{step: remove, id: original, fields: [line]}}
publish: {{topic: {clean}, value: json}}
dead_letter: {{topic: {dead}}}
"""
    )
    await worker.ready()
    line = '203.0.113.7 - - [02/Mar/2026:08:00:01 +0000] "GET /a HTTP/1.1" 200 512 "-" "curl/8"'
    await traffic.produce(raw, [(None, line.encode())])

    (record,) = await traffic.consume(clean, 1)
    value = json.loads(record.value or b"")
    assert value["status"] == 200
    assert value["host"] == "<IP_ADDRESS>"
    assert "line" not in value


async def test_avro_is_published_under_a_derived_registered_schema(
    start: Start, traffic: Traffic, schema_registry_url: str
) -> None:
    raw, clean = await traffic.topic("raw"), await traffic.topic("clean")
    dead = await traffic.topic("dead")
    registry = HttpRegistry(schema_registry_url)
    schema = json.loads((EXAMPLES / "schemas" / "orders.raw-value.avsc").read_text())
    number = registry.register(f"{raw}-value", schema)
    worker = start(
        f"""
pipeline: orders
source: {{topic: {raw}, value: avro}}
steps:
  - {{step: set, id: count, field: item_count, value: size(message.items)}}
  - {{step: remove, id: ip, fields: [client_ip]}}
privacy:
  fields: {{customer.email: {{tokenize: {{key: customers}}}}, customer.name: {{redact: {{}}}}}}
publish: {{topic: {clean}, schema: derive, compatibility: BACKWARD}}
dead_letter: {{topic: {dead}}}
""",
        settings={"CLEARWATER_SCHEMA_REGISTRY": schema_registry_url},
    )
    await worker.ready()
    line = (EXAMPLES / "samples" / "orders.jsonl").read_text().splitlines()[1]
    value = avro.from_json(json.loads(line)["value"], schema)
    await traffic.produce(raw, [(b"k", avro.encoder(schema, number)(value)), (b"k", b"\0broken")])

    (record,) = await traffic.consume(clean, 1)
    sent = record.value or b""
    derived_id, derived = registry.latest(f"{clean}-value")
    assert avro.schema_id(sent) == derived_id
    parsed = fastavro.parse_schema(derived)
    read: Any = fastavro.schemaless_reader(io.BytesIO(sent[5:]), parsed, None)
    assert read["item_count"] == len(value["items"])
    assert read["customer"]["name"] == "<REDACTED>"
    assert read["customer"]["email"].startswith("tok_")
    assert "client_ip" not in [field["name"] for field in derived["fields"]]
    (letter,) = await traffic.consume(dead, 1)
    assert read_letter(letter.value or b"").code == "schema_unknown"
    registry.close()


async def _settled(worker: WorkerProcess) -> None:

    for _ in range(100):
        if "clearwater_records_in_total" in worker.metrics() and " 11.0" in worker.metrics():
            return
        await asyncio.sleep(0.05)
