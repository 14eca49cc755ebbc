"""A topic of dead letters that takes nothing, on a real Kafka: nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.support.traffic import Traffic
from tests.support.worker import WorkerProcess

Start = Callable[..., WorkerProcess]
DELIVERIES = ("at_least_once", "exactly_once")


class Ways(NamedTuple):
    """A pipeline's text, and the topics it runs between."""

    text: str
    source: str
    destination: str
    dead: str


async def made(traffic: Traffic, delivery: str) -> Ways:
    source, destination = await traffic.topic("raw"), await traffic.topic("clean")
    dead = await traffic.topic("full", max_message_bytes="100")
    text = f"""
pipeline: {delivery}
source: {{topic: {source}, value: json}}
publish: {{topic: {destination}}}
dead_letter: {{topic: {dead}}}
delivery: {delivery}
"""
    return Ways(text, source, destination, dead)


async def test_a_letter_that_finds_no_place_stops_its_pipeline_before_any_commit(
    start: Start, traffic: Traffic
) -> None:
    ways = [await made(traffic, delivery) for delivery in DELIVERIES]
    first = start(*(one.text for one in ways))
    await first.ready(90)
    for one in ways:
        good = [(b"k", json.dumps({"n": number}).encode()) for number in range(50)]
        await traffic.produce(one.source, [*good[:25], (b"k", b"broken"), *good[25:]])
    for delivery in DELIVERIES:
        await shows(first, f'clearwater_stopped{{pipeline="{delivery}"}} 1.0')
    group = json.loads(next(one for one in first.printed().splitlines() if '"group"' in one))
    assert await asyncio.to_thread(first.terminate) == 0
    for one in ways:
        committed = await traffic.committed(group["group"], one.source)
        assert committed.get(0, 0) <= 25, "over a record that is nowhere"

    roomy = [await traffic.topic("dead") for _ in ways]
    second = start(
        *(one.text.replace(one.dead, dead) for one, dead in zip(ways, roomy, strict=True))
    )
    await second.ready(90)
    for one, dead in zip(ways, roomy, strict=True):
        assert len(await traffic.consume(dead, 1, linger=0.5)) == 1
        records = await traffic.consume(one.destination, 50, linger=0.5)
        found = [json.loads(record.value or b"")["n"] for record in records]
        assert list(dict.fromkeys(found)) == list(range(50))
        assert len(found) == 50 or "exactly_once" not in one.text


async def shows(worker: WorkerProcess, line: str) -> None:
    for _ in range(600):
        if line in worker.metrics():
            return
        await asyncio.sleep(0.1)
    pytest.fail(worker.printed()[-3000:])
