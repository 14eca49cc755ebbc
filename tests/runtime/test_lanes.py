from __future__ import annotations

import asyncio

from pipelines.runtime.lanes import Lanes
from pipelines.runtime.ledger import Partition
from tests.support.chunks import chunk_of
from tests.support.lane_bench import SOURCE, Bench


def opened(bench: Bench) -> Lanes:
    lanes = Lanes(bench.lane)
    lanes.open()
    return lanes


async def test_draining_finishes_what_is_worked_on_and_forgets_the_rest(bench: Bench) -> None:
    bench.handler.prepared.clear()
    lanes = opened(bench)
    lanes.put(chunk_of(SOURCE, 0, [b"a"]))
    lanes.put(chunk_of(SOURCE, 1, [b"b"]))
    await asyncio.sleep(0.02)  # the first is worked on now
    draining = asyncio.create_task(lanes.drain(5))
    await asyncio.sleep(0.02)
    bench.handler.prepared.set()
    await bench.until(lambda: bench.topics.sent)
    assert not draining.done()
    bench.topics.arrive()
    assert await draining
    assert bench.topics.sent == [("clean", [b"A"])]
    assert [chunk.base for chunk in bench.done] == [0]


async def test_nothing_is_begun_between_the_end_of_the_flow_and_the_drain(bench: Bench) -> None:
    bench.handler.prepared.clear()
    lanes = opened(bench)
    lanes.put(chunk_of(SOURCE, 0, [b"a"]))
    lanes.put(chunk_of(SOURCE, 1, [b"b"]))
    await asyncio.sleep(0.02)  # the first is worked on now
    lanes.close()
    lanes.put(chunk_of(SOURCE, 2, [b"c"]))
    bench.handler.prepared.set()
    await bench.until(lambda: bench.topics.sent)
    bench.topics.arrive()
    await asyncio.sleep(0.02)
    assert await lanes.drain(5)
    assert bench.topics.sent == [("clean", [b"A"])]


async def test_draining_ends_in_time_even_if_the_brokers_do_not_answer(bench: Bench) -> None:
    lanes = opened(bench)
    lanes.put(chunk_of(SOURCE, 0, [b"a"]))
    await bench.until(lambda: bench.topics.sent)
    assert not await lanes.drain(0.05)
    assert bench.done == []
    bench.topics.arrive()
    await asyncio.sleep(0)


async def test_draining_nothing_is_done_at_once(bench: Bench) -> None:
    assert await opened(bench).drain(0.0)


async def test_what_comes_between_a_drain_and_the_next_assignment_is_not_worked_on(
    bench: Bench,
) -> None:
    lanes = opened(bench)
    await lanes.drain(1)
    lanes.put(chunk_of(SOURCE, 0, [b"a"]))
    await asyncio.sleep(0.02)
    assert bench.handler.tried == []
    lanes.open()
    lanes.put(chunk_of(SOURCE, 0, [b"a"]))
    await bench.until(lambda: bench.topics.sent)
    bench.topics.arrive()
    assert await lanes.drain(1)


async def test_stopping_a_topic_stops_all_its_partitions_and_no_other(bench: Bench) -> None:
    other = Partition("other", SOURCE.partition)
    lanes = opened(bench)
    bench.handler.prepared.clear()
    for partition in (SOURCE, other):
        lanes.put(chunk_of(partition, 0, []))
        lanes.put(chunk_of(partition, 0, []))
    assert lanes.topics() == {"raw", "other"}
    lanes.stop("raw")
    bench.handler.prepared.set()
    await bench.until(lambda: len(bench.done) == 2)
    await asyncio.sleep(0.02)
    assert [chunk.partition for chunk in bench.done] == [other, other]
    assert await lanes.drain(1)
