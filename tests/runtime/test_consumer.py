from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.consumer.fetcher import FetchError
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.structs import TopicPartition
from faust.types import TP

from pipelines.runtime.app import ClearwaterApp, WorkerConfig, build_app
from pipelines.runtime.driver.chunk import Chunk, drained
from pipelines.runtime.driver.consumer import MOST_OUTSTANDING, ChunkConsumer
from pipelines.runtime.driver.singles import Singles
from pipelines.runtime.driver.thread import CORRUPT_TRIES, ChunkThread
from pipelines.runtime.ledger import Partition
from tests.support.chunks import batch, fetched
from tests.support.lane_bench import Upper
from tests.support.planned import raw

PART = Partition("raw", 0)
TP_ = TP("raw", 0)


class Broker:
    """What the consumer's thread would do, in the test's hands."""

    def __init__(self) -> None:
        self.commits: list[dict[TP, int]] = []
        self.takes_commits = True
        self.slow: asyncio.Event | None = None
        self.ready: dict[TP, list[Chunk]] = {}
        self.given_back: list[Chunk] = []
        self.told_of_life = 0

    async def commit(self, offsets: Mapping[TP, int]) -> bool:
        self.commits.append(dict(offsets))
        if self.slow is not None:
            await self.slow.wait()
        return self.takes_commits

    async def getmany(self, active_partitions: set[TP], **_: float) -> dict[TP, list[Chunk]]:
        found = {tp: chunks for tp, chunks in self.ready.items() if tp in active_partitions}
        self.ready = {}
        return found

    async def still_here(self) -> None:
        self.told_of_life += 1

    async def give_back(self, chunks: Any) -> None:
        self.given_back += list(chunks)


@pytest.fixture
async def app() -> AsyncIterator[ClearwaterApp]:
    app = build_app(WorkerConfig(("127.0.0.1:1",), "group"), {"raw": Upper()})
    app.loop = asyncio.get_running_loop()
    app.flow_control.resume()
    yield app
    cast(ChunkConsumer, app.consumer)._thread.thread_loop.close()


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
async def consumer(
    app: ClearwaterApp, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> ChunkConsumer:
    consumer = cast(ChunkConsumer, app.consumer)
    monkeypatch.setattr(consumer, "assignment", lambda: {TP_})
    monkeypatch.setattr(consumer, "_commit", broker.commit)
    monkeypatch.setattr(consumer, "_getmany", broker.getmany)
    monkeypatch.setattr(consumer._thread, "give_back", broker.give_back)
    monkeypatch.setattr(consumer._thread, "still_here", broker.still_here)
    monkeypatch.setattr(app, "consumer_generation_id", 1)
    consumer._set_active_tps({TP_})
    consumer.resume_flow()
    return consumer


def chunk(base: int, count: int = 5) -> Chunk:
    found = drained(PART, fetched(PART, base, [batch(base, [b"x"] * count)]))
    assert found is not None
    return found


async def read(consumer: ChunkConsumer, broker: Broker, *chunks: Chunk) -> list[Chunk]:
    broker.ready = {TP_: list(chunks)}
    return [message.value async for _, message in consumer.getmany(0.1)]


async def test_what_never_started_has_nothing_to_commit(app: ClearwaterApp) -> None:
    assert not await cast(ChunkConsumer, app.consumer).force_commit()


async def test_only_what_is_done_is_committed(consumer: ChunkConsumer, broker: Broker) -> None:
    first, second = await read(consumer, broker, chunk(0), chunk(5))
    consumer.done(second)
    assert not await consumer.commit()
    consumer.done(first)
    assert await consumer.commit()
    assert broker.commits == [{TP_: 10}]
    assert not await consumer.commit(), "nothing new"


async def test_faust_acking_a_message_commits_nothing(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    broker.ready = {TP_: [chunk(0)]}
    async for _, message in consumer.getmany(0.1):
        message.incref(1)
        message.ack(consumer)
        consumer.ack(message)
    assert not await consumer.commit()
    assert broker.commits == []


async def test_a_refused_commit_is_made_again(consumer: ChunkConsumer, broker: Broker) -> None:
    (only,) = await read(consumer, broker, chunk(0))
    consumer.done(only)
    broker.takes_commits = False
    assert not await consumer.commit()
    broker.takes_commits = True
    assert await consumer.commit()
    assert broker.commits == [{TP_: 5}, {TP_: 5}]


async def test_the_last_commit_waits_for_the_one_under_way(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    first, second = await read(consumer, broker, chunk(0), chunk(5))
    broker.slow = asyncio.Event()
    consumer.done(first)
    under_way = asyncio.create_task(consumer.commit())
    await asyncio.sleep(0)
    consumer.done(second)
    last = asyncio.create_task(consumer.wait_empty())
    await asyncio.sleep(0.01)
    broker.slow.set()
    await asyncio.gather(under_way, last)
    assert broker.commits == [{TP_: 5}, {TP_: 10}]


async def test_a_chunk_that_was_not_read_here_gets_no_turn(consumer: ChunkConsumer) -> None:
    stranger = Chunk(PART, 0, 1, [[raw(b"a", offset=0)]])
    with pytest.raises(ValueError, match=re.escape("Chunk(raw[0] 0:1) has no entry")):
        consumer.turn(stranger)


async def test_a_full_chunk_behind_another_is_sent_when_that_is_committed(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    first, second = await read(consumer, broker, chunk(0), chunk(5))
    assert first.size > 0
    consumer.app.conf.consumer_max_fetch_size = first.size + second.size - 1
    assert consumer.turn(first).done()
    turn = consumer.turn(second)
    await asyncio.sleep(0.01)
    assert not turn.done()
    assert broker.commits == []
    consumer.done(first)
    async with asyncio.timeout(5):
        await turn
    assert broker.commits == [{TP_: 5}]


async def test_a_stopped_flow_gives_back_what_was_fetched_and_keeps_the_ledger(
    consumer: ChunkConsumer, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    (delivered,) = await read(consumer, broker, chunk(0))

    async def fetched_while_stopping(**_: Any) -> dict[TP, list[Chunk]]:
        consumer.stop_flow()
        return {TP_: [chunk(5)]}

    monkeypatch.setattr(consumer, "_getmany", fetched_while_stopping)
    assert [one async for one in consumer.getmany(0.1)] == []
    assert [one.base for one in broker.given_back] == [5]
    consumer.done(delivered)
    await consumer.commit()
    assert broker.commits == [{TP_: 5}]


async def test_a_chunk_of_an_assignment_that_is_over_is_not_handed_out(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    late = chunk(0)
    late._assignment._unassign()
    assert await read(consumer, broker, late) == []
    assert consumer.ledger.total_outstanding() == 0


@pytest.mark.parametrize("stopping", [False, True], ids=["rebalance", "while the app stops"])
async def test_partitions_are_committed_before_they_are_let_go(
    consumer: ChunkConsumer, broker: Broker, monkeypatch: pytest.MonkeyPatch, *, stopping: bool
) -> None:
    (only,) = await read(consumer, broker, chunk(0))

    async def drain() -> None:
        consumer.done(only)

    monkeypatch.setattr(consumer.app, "drain_lanes", drain)
    if stopping:
        cast(ClearwaterApp, consumer.app)._stopped.set()
    await consumer.on_partitions_revoked({TP_})
    assert broker.commits == [{TP_: 5}]
    assert consumer.ledger.committable() == {}
    assert consumer.ledger.outstanding(PART) == 0


async def test_a_partition_with_enough_in_flight_is_not_fetched_until_there_is_room(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    chunks = await read(consumer, broker, *(chunk(5 * one) for one in range(MOST_OUTSTANDING)))
    broker.ready = {TP_: [chunk(100)]}
    waiting = asyncio.ensure_future(anext(consumer.getmany(1.0)))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    consumer.done(chunks[0])
    _, message = await asyncio.wait_for(waiting, 0.15)  # at once, not after Faust's second
    assert message.value.base == 100


async def test_a_stopped_topic_is_fetched_no_more_and_its_commits_stay(
    consumer: ChunkConsumer, broker: Broker, app: ClearwaterApp
) -> None:
    told: list[tuple[str, str]] = []
    app.on_stopped = lambda topic, reason: told.append((topic, reason))
    app.stop_topic("raw", "because")
    app.stop_topic("raw", "twice")
    assert told == [("raw", "because")]
    assert await read(consumer, broker, chunk(0)) == []
    assert consumer.assignment() == {TP_}


async def test_a_partition_that_starts_anew_is_not_taken_for_read(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    await read(consumer, broker, chunk(1000))
    anew = chunk(0)
    message = consumer._to_message(TP_, anew)
    assert message.offset == consumer._read_offset[TP_], "Faust drops what is before"
    consumer.done(anew)
    await consumer.commit()
    assert broker.commits == [{TP_: 5}]


async def test_a_chunk_that_is_read_record_by_record_is_done_with_its_last(
    consumer: ChunkConsumer, broker: Broker
) -> None:
    consumer._singles = Singles(["raw"], consumer.done)
    chunk = Chunk(Partition("raw", 0), 0, 2, [[raw(b"a", offset=0), raw(b"b", offset=1)]])
    broker.ready = {TP_: [chunk]}
    found = [message async for _, message in consumer.getmany(0.1)]
    assert [message.value for message in found] == [b"a", b"b"]
    assert consumer._read_offset[TP_] == 1
    consumer.ack(found[0])
    await consumer.commit()
    assert broker.commits == []
    consumer.ack(found[1])
    await consumer.commit()
    assert broker.commits == [{TP_: 2}]


class Fetcher(SimpleNamespace):
    """The part of aiokafka's fetcher that the thread works on."""

    _wait_consume_future = None

    def _notify(self, _: object) -> None:
        pass


@pytest.fixture
async def thread(consumer: ChunkConsumer) -> ChunkThread:
    consumer._thread._corrupt = Counter()
    return consumer._thread


async def test_a_corrupt_batch_is_fetched_again_and_then_stops_its_topic(
    thread: ChunkThread, consumer: ChunkConsumer
) -> None:
    raw = batch(4, [b"secret"])
    damaged = raw[:-1] + bytes([raw[-1] ^ 1])
    for number in range(CORRUPT_TRIES):
        assert consumer.stopped == set(), number
        result = fetched(PART, 4, [damaged])
        fetcher = Fetcher(_records={TopicPartition("raw", 0): result})
        assert thread._taken(fetcher, TopicPartition("raw", 0)) is None
        await asyncio.sleep(0)
    assert consumer.stopped == {"raw"}


async def test_an_offset_out_of_range_without_a_policy_stops_its_topic_only(
    thread: ChunkThread, app: ClearwaterApp
) -> None:
    told: list[tuple[str, str]] = []
    app.on_stopped = lambda topic, reason: told.append((topic, reason))
    error = FetchError(error=OffsetOutOfRangeError({}), backoff=0)
    fetcher = Fetcher(_records={TopicPartition("raw", 0): error})
    assert thread._taken(fetcher, TopicPartition("raw", 0)) is None
    await asyncio.sleep(0)
    assert told == [("raw", "partition 0: OffsetOutOfRangeError")]


async def test_a_partition_that_is_full_for_hours_leaves_no_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    states = SubscriptionState()
    states._last_fetch_ended = time.monotonic() - 10_000
    thread = ChunkThread.__new__(ChunkThread)
    client = SimpleNamespace(_fetcher=SimpleNamespace(_subscriptions=states))
    monkeypatch.setattr(thread, "_ensure_consumer", lambda: client)
    assert states.fetcher_idle_time > 9_000, "what aiokafka leaves a group over"
    await thread._still_here()
    assert states.fetcher_idle_time < 9_000


async def test_who_has_no_room_says_that_it_lives(consumer: ChunkConsumer, broker: Broker) -> None:
    await read(consumer, broker, *(chunk(5 * one) for one in range(MOST_OUTSTANDING)))
    assert await consumer._wait_next_records(0.0) == ({}, set())
    assert broker.told_of_life == 1
