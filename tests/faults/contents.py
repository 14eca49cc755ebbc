"""Records that nobody asked for."""

from __future__ import annotations

import asyncio
import json

import psutil

from pipelines.embedded.registry import EmbeddedRegistry
from pipelines.wire import avro
from pipelines.wire.registry import HttpRegistry
from tests.faults.arena import Arena
from tests.faults.records import MARK

POISON: tuple[bytes | None, ...] = (
    None,
    b"",
    b"{",
    b"\xff\xfe\x00\x01",
    b'"' + MARK.encode() + b'0@example.com"',
    b"[" * 100_000,
    b'{"email": ' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"email": NaN}',
    b'{"email": 9223372036854775808}',
    b'{"email": 1e999999}',
    b'{"email": "\\ud800"}',
    b'{"email": "a", "email": "b"}',
    b'{"note": "' + MARK.encode() + b"0@example.com " * 20_000 + b'"}',
    b"\x01\x00\x00\x00\x63" + b"\x02" * 20,
    b'{"n": "three"}',
    b'{"list": ' + json.dumps([[{"mail": f"{MARK}1@example.com"}] * 50] * 50).encode() + b"}",
)
"""Values that are no JSON, no object, too deep, too large for a number, or hide what is raw."""


async def poison(arena: Arena) -> None:
    """Each poisoned record has one end, and its neighbours go their way."""
    await arena.ready(arena.start())
    async with arena.flow():
        for one in POISON:
            for key in (b"k1", None):
                if key or one:
                    await arena.put([(key, one)])
                    arena.faults += 1
        await arena.progress(90, 500)
    assert arena.crashes == 0


async def twice_from_upstream(arena: Arena) -> None:
    """A producer writes each record twice: two records, two ends."""
    await arena.ready(arena.start())
    async with arena.flow(twice=True):
        await arena.progress(90, 1000)
        arena.faults += 1


async def oversized(arena: Arena) -> None:
    """Records of 1, 1.1 and 10 MB: never a crash loop, and each has one end."""
    worker = await arena.ready(arena.start())
    async with arena.flow():
        for megabytes in (0.9, 1.0, 1.1, 3.0, 10.0) if arena.thorough else (0.9, 1.1, 3.0):
            pad = "x" * int(megabytes * 1024**2)
            await arena.put([(b"large", json.dumps({"n": -1, "pad": pad}).encode())])
            arena.faults += 1
        await arena.progress(90, 500)
    assert worker.process.poll() is None, f"the worker ended: {worker.printed()[-500:]}"


async def registry_down(arena: Arena) -> None:
    """The schema registry does not answer: what is known flows on, what is not waits."""
    texts = ("k", "email", "card", "phone", "name", "note")
    types = {"n": "int", "s": "int", **dict.fromkeys(texts, "string")}
    fields: list[dict[str, object]] = [{"name": one, "type": types[one]} for one in types]
    schema = {"type": "record", "name": "Faulty", "fields": fields}
    newer = {**schema, "fields": [*fields, {"name": "m", "type": ["null", "int"], "default": None}]}
    registry = EmbeddedRegistry()
    try:
        await asyncio.to_thread(registry.start)
        client = HttpRegistry(registry.url)
        subject = f"{arena.source}-value"
        old = avro.encoder(schema, client.register(subject, schema))
        new = avro.encoder(newer, client.register(subject, newer))
        client.close()
        arena.value = "avro"
        arena.settings["CLEARWATER_SCHEMA_REGISTRY"] = registry.url
        arena.declare()

        def encoded(encode: object, value: bytes) -> bytes:
            try:
                held = json.loads(value)
            except ValueError:
                return value  # what is to be dead-lettered
            held.pop("nested")
            return encode(held)  # type: ignore[operator,no-any-return]

        arena.encode = lambda value: encoded(new, value)
        worker = await arena.ready(arena.start())
        await arena.produce(500)
        await arena.settle()
        process = psutil.Process(registry.pid)
        process.suspend()  # it accepts connections and never answers
        arena.faults += 1
        await arena.produce(1000)
        await arena.settle()  # the schema is known
        arena.encode = lambda value: encoded(old, value)
        await arena.produce(200)
        await asyncio.sleep(4)
        dead = len(await arena.traffic.read_all(arena.dead))
        process.resume()
        await arena.settle()
        assert len(await arena.traffic.read_all(arena.dead)) >= dead
        assert worker.process.poll() is None
    finally:
        registry.close()
