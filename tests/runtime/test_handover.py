from __future__ import annotations

import asyncio
import signal
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.passthrough import Passing
from tests.support.traffic import Received, Traffic

Pass = Callable[..., Passing]
PARTITIONS = 4
SLOW = {"SECONDS": "0.2", "MAX_FETCH_BYTES": "2048", "COMMIT_INTERVAL": "60"}
"""Chunks always in flight, and no commit but the one at a hand-over."""

SLOWER = {**SLOW, "SECONDS": "0.35"}


async def pair(traffic: Traffic, partitions: int = PARTITIONS) -> tuple[str, str]:
    return await traffic.topic("raw", partitions), await traffic.topic("clean", partitions)


def numbered(start: int, count: int) -> list[tuple[bytes, bytes]]:
    return [
        (b"key-%d" % (number % 23), b"raw %d" % number) for number in range(start, start + count)
    ]


async def feed(traffic: Traffic, source: str, start: int, count: int) -> None:
    """Write in small batches: a chunk is never less than one."""
    for begin in range(start, start + count, 200):
        await traffic.produce(source, numbered(begin, 200))


def numbers(records: Sequence[Received]) -> list[int]:
    return [int((one.value or b"").removeprefix(b"clean ")) for one in records]


def doubled(records: Sequence[Received]) -> list[int]:
    return [number for number, times in Counter(numbers(records)).items() if times > 1]


def in_order_per_key(records: Sequence[Received]) -> bool:
    by_key: dict[bytes | None, list[int]] = defaultdict(list)
    for one, number in zip(records, numbers(records), strict=True):
        by_key[one.key].append(number)
    return all(list(dict.fromkeys(found)) == sorted(set(found)) for found in by_key.values())


async def test_a_rebalance_with_chunks_in_flight_neither_loses_nor_doubles(
    passing: Pass, traffic: Traffic
) -> None:
    source, destination = await pair(traffic)
    await feed(traffic, source, 0, 4000)
    first = passing(f"{source}:{destination}", **SLOWER)
    await traffic.consume(destination, 100)
    second = passing(f"{source}:{destination}", **SLOWER)
    await second.ready()
    assert len(await traffic.read_all(destination)) < 4000, "joined under load"
    await feed(traffic, source, 4000, 400)
    assert await first.terminated() == 0

    records = await traffic.consume(destination, 4400, linger=0.5)
    assert await second.terminated() == 0
    assert sorted(set(numbers(records))) == list(range(4400))
    assert doubled(records) == []
    assert in_order_per_key(records)


async def test_workers_that_end_together_leave_nothing_undone_and_nothing_doubled(
    passing: Pass, traffic: Traffic
) -> None:
    source, destination = await pair(traffic)
    await feed(traffic, source, 0, 4000)
    workers = [passing(f"{source}:{destination}", **SLOW) for _ in range(2)]
    await asyncio.gather(*(worker.ready() for worker in workers))
    await traffic.consume(destination, 200)
    assert await asyncio.gather(*(worker.terminated() for worker in workers)) == [0, 0]
    assert len(await traffic.read_all(destination)) < 4000, "ended with chunks in flight"
    last = passing(f"{source}:{destination}")

    records = await traffic.consume(destination, 4000, linger=0.5)
    assert await last.terminated() == 0
    assert sorted(set(numbers(records))) == list(range(4000))
    assert doubled(records) == []
    assert in_order_per_key(records)


async def test_a_killed_worker_loses_nothing_and_keeps_the_order(
    passing: Pass, traffic: Traffic
) -> None:
    source, destination = await pair(traffic)
    await feed(traffic, source, 0, 3000)
    first = passing(f"{source}:{destination}", **{**SLOW, "COMMIT_INTERVAL": "0.2"})
    await traffic.consume(destination, 500)
    first.process.kill()
    second = passing(f"{source}:{destination}")
    await second.ready()

    records = await traffic.consume(destination, 3000, linger=1.0)
    assert await second.terminated() == 0
    assert sorted(set(numbers(records))) == list(range(3000))
    assert in_order_per_key(records)


async def test_an_orderly_end_commits_to_the_end_and_leaves_the_group(
    passing: Pass, traffic: Traffic, group: str
) -> None:
    source, destination = await pair(traffic)
    worker = passing(f"{source}:{destination}", COMMIT_INTERVAL="60")
    await traffic.produce(source, numbered(0, 1000))
    await traffic.consume(destination, 1000)
    assert await worker.terminated() == 0
    assert await traffic.committed(group, source) == await traffic.end_offsets(source)
    assert await traffic.members(group) == 0
    assert list(worker.folder.iterdir()) == [], "Faust's folder for tables"


async def test_an_end_that_takes_too_long_is_cut_off_and_read_again(
    passing: Pass, traffic: Traffic, tmp_path: Path, group: str
) -> None:
    source, destination = await pair(traffic, 1)
    (tmp_path / "hold").touch()
    worker = passing(f"{source}:{destination}", DEADLINE="1")
    await worker.ready()
    await traffic.produce(source, numbered(0, 10))
    await asyncio.sleep(0.5)
    assert await worker.terminated() == 3
    assert await traffic.committed(group, source) == {}


async def test_a_drain_that_takes_too_long_ends_in_order_and_is_read_again(
    passing: Pass, traffic: Traffic, tmp_path: Path, group: str
) -> None:
    source, destination = await pair(traffic, 1)
    (tmp_path / "hold").touch()
    worker = passing(f"{source}:{destination}", DRAIN_TIMEOUT="0.5")
    await worker.ready()
    await traffic.produce(source, numbered(0, 10))
    await asyncio.sleep(0.5)
    assert await worker.terminated() == 0
    assert await traffic.committed(group, source) == {}


async def test_a_second_signal_ends_at_once(
    passing: Pass, traffic: Traffic, tmp_path: Path
) -> None:
    source, destination = await pair(traffic, 1)
    (tmp_path / "hold").touch()
    worker = passing(f"{source}:{destination}")
    await worker.ready()
    await traffic.produce(source, numbered(0, 10))
    await asyncio.sleep(0.5)
    worker.process.send_signal(signal.SIGINT)
    await worker.says("stopping")
    worker.process.send_signal(signal.SIGINT)
    assert await worker.ended(within=3) == 130
