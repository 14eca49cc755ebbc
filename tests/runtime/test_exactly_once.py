from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipelines.engine.outcome import Output
from pipelines.errors import DeliveryError
from pipelines.retry import CHUNK, TRANSACTION
from pipelines.runtime import exactly_once
from pipelines.runtime.carrier import Ends
from pipelines.runtime.delivery import Fenced, Refused
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.exactly_once import ExactlyOnce
from pipelines.runtime.lane import Lane
from pipelines.runtime.lanes import Lanes
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transactional import Transactional, transactional_id
from tests.support.chunks import chunk_of
from tests.support.lane_bench import SOURCE, Bench

INTERVAL = 0.05
TRIES = (TRANSACTION.tries or 0) - 1
"""How often a lost transaction is settled anew."""


class Scripted(Transactional):
    """A producer that does what it is told, and fails when it is told to."""

    def __init__(self) -> None:
        super().__init__(SOURCE, "group", lambda _: None, 1.0)
        self.failures: dict[str, list[DeliveryError]] = {}
        self.open_outputs: list[tuple[str, bytes | None]] = []
        self.committed: list[tuple[int, list[tuple[str, bytes | None]]]] = []
        self.calls: list[str] = []
        self.opens = asyncio.Event()
        self.opens.set()

    async def _told(self, call: str) -> None:
        self.calls.append(call)
        if waiting := self.failures.get(call):
            raise waiting.pop(0)

    async def open(self) -> None:
        self.open_outputs = []
        await self._told("open")
        await self.opens.wait()

    async def begin(self) -> None:
        await self._told("begin")

    async def send(self, topic: str, outputs: Sequence[Output]) -> None:
        await self._told("send")
        self.open_outputs += [(topic, one.value) for one in outputs]

    async def commit(self, offset: int) -> None:
        await self._told("commit")
        self.committed.append((offset, self.open_outputs))
        self.open_outputs = []

    async def abort(self) -> None:
        await self._told("abort")
        self.open_outputs = []

    def drop(self) -> None:
        self.calls.append("drop")


class Consumer:
    """Reads again what it is told to."""

    def __init__(self) -> None:
        self.epochs = 0
        self.held_chunks: list[Chunk] = []
        self.done_chunks: list[Chunk] = []
        self.noted: list[int] = []
        self.again: list[int] = []
        self.gone: list[Partition] = []

    def epoch(self, partition: Partition) -> int:
        assert partition == SOURCE
        return self.epochs

    def held(self, chunk: Chunk) -> None:
        self.held_chunks.append(chunk)

    def done(self, chunk: Chunk) -> None:
        self.done_chunks.append(chunk)

    def committed_by_transaction(self, partition: Partition, offset: int) -> None:
        assert partition == SOURCE
        self.noted.append(offset)

    async def read_again(self, partition: Partition, otherwise: int) -> None:
        assert partition == SOURCE
        self.epochs += 1
        self.again.append(otherwise)

    async def let_go(self, partition: Partition) -> None:
        self.gone.append(partition)


class Once(Bench):
    """A lane that delivers exactly once, with everything around it in the test's hands."""

    def __init__(self) -> None:
        super().__init__()
        self.producer = Scripted()
        self.consumer = Consumer()

    def lane(self, partition: Partition = SOURCE) -> Lane:
        def carrier(ends: Ends) -> ExactlyOnce:
            return ExactlyOnce(partition, self.producer, self.consumer, ends, INTERVAL)

        return Lane(
            partition,
            self.handler,
            carrier,
            lambda topic, reason: self.stopped.append((topic, reason)),
            self._crash,
        )

    def chunk(self, base: int, *values: bytes) -> Chunk:
        chunk = chunk_of(SOURCE, base, values)
        chunk.epoch = self.consumer.epochs
        return chunk


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> Once:
    quick = replace(TRANSACTION, first=0.0)
    monkeypatch.setattr(exactly_once, "TRANSACTION", quick)
    return Once()


async def test_chunks_of_one_interval_are_committed_together(once: Once) -> None:
    lane = once.lane()
    lane.put(once.chunk(0, b"a", b"dead"))
    lane.put(once.chunk(2, b"b"))
    await once.until(lambda: len(once.consumer.held_chunks) == 2)
    assert once.consumer.done_chunks == []
    assert not lane.is_idle
    await once.until(lambda: once.producer.committed)
    outputs = [("clean", b"A"), ("dead", b"sealed"), ("clean", b"B")]
    assert once.producer.committed == [(3, outputs)]
    assert once.consumer.noted == [3]
    assert [chunk.base for chunk in once.consumer.done_chunks] == [0, 2]
    assert [one.records_in for one in once.handler.counted] == [2, 1]
    await lane.close()


async def test_a_large_transaction_waits_for_nothing(
    once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exactly_once, "MOST_BYTES", 0)
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    await once.until(lambda: once.producer.calls == ["begin", "send", "commit"])
    await lane.close()


async def test_what_is_drained_is_committed_at_once(once: Once) -> None:
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    await once.until(lambda: once.consumer.held_chunks)
    lane.discard()
    await lane.settled()
    assert [offset for offset, _ in once.producer.committed] == [1]
    await lane.close()


@pytest.mark.parametrize("call", ["begin", "send", "commit"])
async def test_whatever_fails_is_settled_by_a_new_producer_and_read_again(
    once: Once, call: str
) -> None:
    once.producer.failures[call] = [DeliveryError("no answer")]
    lane = once.lane()
    lane.put(once.chunk(4, b"a"))
    await once.until(lambda: once.consumer.again)
    assert once.consumer.again == [4]
    assert once.producer.calls[-1] == "open"
    lane.put(chunk_of(SOURCE, 5, [b"fetched before"]))  # of the epoch that is over
    lane.put(once.chunk(4, b"a", b"b"))
    await once.until(lambda: once.producer.committed)
    assert once.producer.committed == [(6, [("clean", b"A"), ("clean", b"B")])]
    assert (once.stopped, once.crashed) == ([], [])
    assert once.handler.failed_with == ["DeliveryError"]
    await lane.close()


async def test_a_producer_that_cannot_be_opened_is_tried_again_and_at_last_ends_the_process(
    once: Once,
) -> None:
    once.producer.failures["commit"] = [DeliveryError("no answer")]
    once.producer.failures["open"] = [DeliveryError(f"down {number}") for number in range(TRIES)]
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    await once.until(lambda: once.crashed)
    assert str(once.crashed[0]) == f"down {TRIES - 1}"
    assert once.producer.calls.count("open") == TRIES
    assert once.consumer.done_chunks == []
    await lane.close()


@pytest.mark.parametrize("where", ["waiting", "opening"])
async def test_a_drain_does_not_wait_for_what_a_successor_settles(
    once: Once, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    waits = 600.0 if where == "waiting" else 0.0
    monkeypatch.setattr(
        exactly_once, "TRANSACTION", replace(TRANSACTION, first=waits, longest=waits)
    )
    once.producer.opens = asyncio.Event()
    once.producer.failures["commit"] = [DeliveryError("no answer")]
    lanes = Lanes(once.lane)
    lanes.open()
    lanes.put(once.chunk(0, b"a"))
    await once.until(lambda: "commit" in once.producer.calls)
    if where == "opening":
        await once.until(lambda: "open" in once.producer.calls)
    async with asyncio.timeout(5):
        assert await lanes.drain(60)
    assert once.consumer.again == []
    assert (once.stopped, once.crashed, once.producer.committed) == ([], [], [])


async def test_what_fails_while_draining_is_left_to_a_successor(once: Once) -> None:
    once.producer.failures["commit"] = [DeliveryError("no answer")]
    once.producer.opens = asyncio.Event()
    lanes = Lanes(once.lane)
    lanes.open()
    lanes.put(once.chunk(0, b"a"))
    await once.until(lambda: once.consumer.held_chunks)
    async with asyncio.timeout(5):
        assert await lanes.drain(60)
    assert once.producer.calls == ["begin", "send", "commit", "abort"]


async def test_who_is_fenced_does_nothing_more(once: Once) -> None:
    once.producer.failures["commit"] = [Fenced("another producer took over")]
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    await once.until(lambda: once.consumer.gone)
    lane.put(once.chunk(1, b"b"))
    await asyncio.sleep(0.02)
    assert once.handler.tried == [0]
    assert once.producer.calls == ["begin", "send", "commit", "drop"]
    assert lane.is_idle
    assert (once.stopped, once.crashed) == ([], [])
    await lane.close()


async def test_a_topic_that_refuses_stops_the_pipeline_and_nothing_is_committed(
    once: Once,
) -> None:
    once.producer.failures["send"] = [Refused("topic `clean`: no")]
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    await once.until(lambda: once.stopped)
    assert once.stopped == [("raw", "topic `clean`: no")]
    assert once.producer.calls == ["begin", "send", "abort"]
    assert once.producer.committed == []
    assert lane.is_idle
    await lane.close()


async def test_too_many_dead_letters_stop_the_pipeline_after_the_commit(once: Once) -> None:
    once.handler.must_stop = True
    lane = once.lane()
    lane.put(once.chunk(0, b"dead"))
    await once.until(lambda: once.stopped)
    assert once.producer.committed == [(1, [("dead", b"sealed")])]
    await lane.close()


async def test_work_that_fails_for_good_takes_nothing_with_it(
    once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.runtime.lane.CHUNK", replace(CHUNK, tries=1))
    once.handler.failures = 1
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    lane.put(once.chunk(1, b"fail"))
    await once.until(lambda: once.stopped and once.producer.committed)
    assert once.producer.committed == [(1, [("clean", b"A")])]
    await lane.close()


async def test_closing_gives_up_what_is_open(once: Once) -> None:
    lane = once.lane()
    lane.put(once.chunk(0, b"a"))
    await once.until(lambda: once.consumer.held_chunks)
    await lane.close()
    assert once.producer.calls[-1] == "abort"
    assert once.producer.committed == []


def test_a_partition_has_the_same_transactional_id_in_every_process() -> None:
    assert transactional_id("clearwater", Partition("orders.raw", 3)) == "clearwater-orders.raw-3"
