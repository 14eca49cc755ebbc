from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.consumer.fetcher import FetchError, FetchResult
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.structs import TopicPartition

from pipelines.runtime.driver.ahead import Ahead
from pipelines.runtime.driver.chunk import Chunk, drained
from pipelines.runtime.driver.thread import ChunkThread
from pipelines.runtime.ledger import Partition
from tests.support.chunks import batch, fetched

FULL = 100
PART, OTHER = Partition("raw", 0), Partition("raw", 1)
TP, OTHER_TP = TopicPartition("raw", 0), TopicPartition("raw", 1)


@dataclass
class Assignment:
    """What aiokafka keeps of an assignment, as far as chunks ask."""

    active: bool = True
    position: int = 0

    def state_value(self, _: object) -> Assignment:
        return self

    def seek(self, offset: int) -> None:
        self.position = offset


def chunk(
    base: int, size: int = 10, of: Assignment | None = None, partition: Partition = PART
) -> Chunk:
    one = Chunk(partition, base, base + 5, [[base]], SAME if of is None else of)
    one.size = size
    return one


SAME = Assignment()


@pytest.fixture
def ahead() -> Ahead:
    return Ahead(FULL)


def taken(ahead: Ahead, *tps: TopicPartition) -> dict[Any, tuple[int, int, int]]:
    found = ahead.take(tps or (TP, OTHER_TP))
    return {tp: (one.base, one.next, one.size) for tp, (one,) in found.items()}


def test_what_comes_behind_joins_what_waits(ahead: Ahead) -> None:
    for base in (0, 5, 10):
        assert ahead.has_room(PART, base, 10)
        ahead.add(chunk(base))
    ahead.add(chunk(7, partition=OTHER))

    assert taken(ahead, TP) == {TP: (0, 15, 30)}
    assert taken(ahead) == {OTHER_TP: (7, 12, 10)}
    assert taken(ahead) == {}


def test_no_chunk_grows_above_a_full_one_but_one_that_came_so(ahead: Ahead) -> None:
    ahead.add(chunk(0, FULL + 1))
    assert not ahead.has_room(PART, 5, 1)
    assert taken(ahead) == {TP: (0, 5, FULL + 1)}
    ahead.add(chunk(5, FULL - 1))
    assert ahead.has_room(PART, 10, 1)
    assert not ahead.has_room(PART, 10, 2)


def test_what_does_not_follow_waits_elsewhere(ahead: Ahead) -> None:
    ahead.add(chunk(0))
    assert not ahead.has_room(PART, 6, 1), "the position was moved"
    assert not ahead.has_room(PART, 0, 1)


def test_a_new_assignment_takes_the_place_of_what_an_old_one_left(ahead: Ahead) -> None:
    old = Assignment()
    ahead.add(chunk(0, FULL, old))
    old.active = False
    assert ahead.has_room(PART, 3, FULL)
    ahead.add(chunk(3, FULL))

    assert taken(ahead) == {TP: (3, 8, FULL)}


@pytest.mark.parametrize("what", ["base", "epoch", "assignment"])
def test_chunks_of_two_readings_are_never_joined(what: str) -> None:
    first = chunk(0)
    second = chunk(6 if what == "base" else 5, of=Assignment() if what == "assignment" else None)
    second.epoch = int(what == "epoch")

    assert not first.join(second)
    assert (first.next, first.size) == (5, 10)


def test_all_of_it_is_given_back_to_where_it_starts(ahead: Ahead) -> None:
    ahead.add(chunk(3))
    ahead.add(chunk(8))
    SAME.position = 13
    ahead.give_back()

    assert SAME.position == 3
    assert taken(ahead) == {}


def test_what_is_read_again_from_elsewhere_is_forgotten(ahead: Ahead) -> None:
    ahead.add(chunk(3))
    ahead.forget(PART)
    ahead.forget(OTHER)

    assert taken(ahead) == {}


async def test_joined_chunks_have_all_records_in_order() -> None:
    result = fetched(PART, 0, [batch(0, [b"a", b"b"])])
    first = drained(PART, result)
    again = fetched(PART, 2, [batch(2, [b"c"])])
    again._assignment = result._assignment
    second = drained(PART, again)
    assert first is not None
    assert second is not None
    assert first.join(second)

    assert [one.value for one in first.records()] == [b"a", b"b", b"c"]
    assert (first.base, first.next) == (0, 3)


class Fetcher(SimpleNamespace):
    """The part of aiokafka's fetcher that is taken from."""

    _wait_consume_future = None
    _closed = False
    _subscriptions = SimpleNamespace(
        is_assigned=lambda tp: tp.topic == "raw", reassignment_in_progress=False
    )

    def _notify(self, _: object) -> None:
        pass


def thread_of(ahead: Ahead, stopped: set[str]) -> Any:
    thread = cast("Any", ChunkThread.__new__(ChunkThread))
    thread._ahead, thread._epochs = ahead, {}
    thread.consumer = SimpleNamespace(stopped=stopped)
    return thread


def result_at(base: int, before: FetchResult | None = None) -> FetchResult:
    result = fetched(PART, base, [batch(base, [b"a"])])
    if before is not None:
        result._assignment = before._assignment
    return result


async def test_what_has_no_room_stays_where_it_was_fetched() -> None:
    thread = thread_of(Ahead(1), set())
    first = result_at(0)
    fetcher = Fetcher(_records={TP: first})
    thread._take_all(fetcher)
    assert fetcher._records == {}
    fetcher._records = {TP: result_at(1, first)}
    thread._take_all(fetcher)
    assert list(fetcher._records) == [TP], "one that large is full"
    assert [one.base for one in thread._ahead.take([TP])[TP]] == [0]
    thread._take_all(fetcher)
    assert [one.base for one in thread._ahead.take([TP])[TP]] == [1]


async def test_of_a_stopped_topic_nothing_is_taken_and_so_nothing_fetched_again() -> None:
    error = FetchError(error=OffsetOutOfRangeError({}), backoff=0)
    fetcher = Fetcher(_records={TP: error})
    thread_of(Ahead(FULL), {"raw"})._take_all(fetcher)

    assert fetcher._records == {TP: error}


async def test_what_is_assigned_no_more_is_dropped() -> None:
    fetcher = Fetcher(_records={TopicPartition("other", 0): result_at(0)})
    thread_of(Ahead(FULL), set())._take_all(fetcher)

    assert fetcher._records == {}


async def test_what_comes_is_taken_before_somebody_asks() -> None:
    waiters: list[asyncio.Future[None]] = []

    def waiter() -> asyncio.Future[None]:
        waiters.append(asyncio.get_running_loop().create_future())
        return waiters[-1]

    thread = thread_of(Ahead(FULL), set())
    fetcher = Fetcher(_records={}, _create_fetch_waiter=waiter)
    taking = asyncio.create_task(thread._take_ahead(fetcher))
    await asyncio.sleep(0)
    fetcher._records = {TP: result_at(0)}
    waiters[0].set_result(None)
    await asyncio.sleep(0)
    taking.cancel()

    assert fetcher._records == {}, "the next fetch may go"
    assert list(thread._ahead.take([TP])) == [TP]


async def test_before_it_reads_from_commits_it_gives_back_what_came_while_it_asked_for_them() -> (
    None
):
    thread = thread_of(Ahead(10_000), set())
    thread._epochs = {PART: 3}  # of the assignment before
    first = result_at(0)
    fetcher = Fetcher(_records={TP: first})
    thread._take_all(fetcher)

    async def committed(_: object) -> None:
        fetcher._records = {TP: result_at(1, first)}
        thread._take_all(fetcher)

    consumer = SimpleNamespace(assignment=lambda: {TP}, committed=committed)
    thread._ensure_consumer = lambda: consumer
    assert await thread._seek_to_committed() == {}
    assert first._assignment.state_value(TP).position == 0, "nothing was committed: from its start"
    assert thread._epochs == {}
