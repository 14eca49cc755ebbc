"""Records that wait: how late they go on."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from aiokafka import AIOKafkaConsumer

from tests.faults.arena import PARTITIONS, Arena
from tests.faults.records import SRC, wanted

_HOLD_SECONDS = 5
_MOST_LATE = 3.0  # a second, and room for a machine that does other things, too


async def late(arena: Arena) -> None:
    """Each record waits five seconds after it arrived: none goes early, and how late is told.

    Lateness is what a consumer sees that reads what is committed: from a record's timestamp and
    the hold to the moment it is there.
    """
    await arena.traffic.exactly(f"{arena.source}.delay.settle", PARTITIONS)
    arena.first = f"- {{step: delay, id: settle, for: {_HOLD_SECONDS}s}}"
    arena.declare()
    await arena.ready(arena.start())
    await arena.produce(100)  # what is loaded and opened once is no part of it
    arrived: dict[bytes, float] = {}
    watching = asyncio.create_task(_watch(arena, arrived))
    try:
        await _all(arena, arrived)
        begin = time.time()
        async with arena.flow():
            await asyncio.sleep(60 if arena.thorough else 10)
        arena.faults += 1
        await _all(arena, arrived)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    seconds = await _lateness(arena, arrived, begin)
    arena.told |= {
        "records": len(seconds),
        "late, ms": {
            "least": round(seconds[0] * 1000),
            "p50": round(seconds[len(seconds) // 2] * 1000),
            "p99": round(seconds[len(seconds) * 99 // 100] * 1000),
            "most": round(seconds[-1] * 1000),
        },
    }
    assert seconds[0] > -0.002, "one went early"  # timestamps are whole milliseconds
    assert seconds[len(seconds) * 99 // 100] < _MOST_LATE, "more than one in a hundred was late"


async def _watch(arena: Arena, arrived: dict[bytes, float]) -> None:
    """Note when each output is there for who reads what is committed."""
    consumer = AIOKafkaConsumer(
        arena.destination,
        bootstrap_servers=arena.kafka.bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async for one in consumer:
            now = time.time()
            arrived.setdefault(dict(one.headers)[SRC], now)
    finally:
        await consumer.stop()


async def _all(arena: Arena, arrived: dict[bytes, float], within: float = 120.0) -> None:
    """Wait until everything that is to be published is there."""
    count = sum(0 in wanted(number).outputs for number in range(arena.sent))
    deadline = time.monotonic() + within
    while len(arrived) < count:
        assert time.monotonic() < deadline, f"{len(arrived)} of {count} came"
        await asyncio.sleep(0.1)


async def _lateness(arena: Arena, arrived: dict[bytes, float], begin: float) -> list[float]:
    """Return how late what came was, seconds, sorted; what was written before `begin` left out."""
    found = []
    for one in await arena.traffic.read_all(arena.source):
        src = f"{arena.source}/{one.partition}/{one.offset}/0".encode()
        if one.timestamp / 1000 >= begin and src in arrived:
            found.append(arrived[src] - one.timestamp / 1000 - _HOLD_SECONDS)
    return sorted(found)
