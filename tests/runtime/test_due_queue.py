from __future__ import annotations

import asyncio

import pytest

from pipelines.engine.outcome import RawRecord
from pipelines.quantity import Rate
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.due_queue import DueQueue
from tests.support.chunks import chunk_of
from tests.support.lane_bench import SOURCE, Bench


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def time_of(record: RawRecord) -> float:
    return float(record.value or b"0")


@pytest.fixture
def queue(clock: Clock) -> DueQueue:
    return DueQueue(time_of, Chunk.cut, clock=clock)


def values(chunk: Chunk | None) -> list[bytes | None]:
    assert chunk is not None
    return [one.value for one in chunk.records()]


async def test_records_come_out_when_they_are_due(queue: DueQueue, clock: Clock) -> None:
    queue.put_nowait(chunk_of(SOURCE, 5, [b"99", b"98", b"200"]))
    first = await queue.get()
    assert values(first) == [b"99", b"98"]
    assert first is not None
    assert (first.base, first.next) == (5, 7)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.get(), 0.05)
    clock.now = 200.0
    rest = await queue.get()
    assert values(rest) == [b"200"]
    assert rest is not None
    assert (rest.base, rest.next) == (7, 8)
    assert queue.empty()


async def test_who_waits_is_woken_by_what_comes(queue: DueQueue) -> None:
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(chunk_of(SOURCE, 0, [b"1"]))
    assert values(await waiting) == [b"1"]


async def test_a_flush_comes_at_once(queue: DueQueue) -> None:
    queue.put_nowait(chunk_of(SOURCE, 0, [b"1e9"]))
    queue.put_nowait(None)
    assert await queue.get() is None
    assert not queue.empty()
    assert values(queue.get_nowait()) == [b"1e9"]
    assert queue.empty()


async def test_a_flush_can_be_forgotten(queue: DueQueue) -> None:
    queue.put_nowait(None)
    assert queue.get_nowait() is None
    assert queue.empty()


async def test_a_lane_lets_go_of_what_waits_at_once(bench: Bench, clock: Clock) -> None:
    bench.queue = DueQueue(time_of, Chunk.cut, clock=clock)
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"1", b"1e9", b"1"]))
    await bench.until(lambda: bench.topics.sent)
    assert bench.topics.sent == [("clean", [b"1"])]
    bench.topics.arrive()
    await lane.settled()
    lane.discard()
    await lane.settled()
    assert [(one.base, one.next) for one in bench.done] == [(0, 1)]
    await lane.close()


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_records_go_no_faster_than_their_pace_which_may_change(clock: Clock) -> None:
    paces: list[Rate | None] = [Rate(2.0, "records")]
    queue = DueQueue(time_of, Chunk.cut, lambda: paces[-1], clock)
    queue.put_nowait(chunk_of(SOURCE, 0, [b"1"] * 9))
    assert len(values(await queue.get())) == 2
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.get(), 0.05)
    clock.now += 1.0
    assert len(values(await queue.get())) == 2
    paces.append(Rate(4.0, "records"))
    clock.now += 1.0
    assert len(values(await queue.get())) == 4
    paces.append(None)
    clock.now += 1.0
    assert len(values(await queue.get())) == 1


async def test_bytes_are_paced_too(clock: Clock) -> None:
    queue = DueQueue(lambda _: 0.0, Chunk.cut, lambda: Rate(100.0, "bytes"), clock)
    queue.put_nowait(chunk_of(SOURCE, 0, [b"x" * 40] * 5))
    assert len(values(await queue.get())) == 2
