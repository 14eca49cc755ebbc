"""Exactly once, on a real Kafka: whatever happens, a reader of committed records sees each once."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer

from tests.support.broker import Broker
from tests.support.traffic import Received, Traffic
from tests.support.worker import WorkerProcess

pytestmark = pytest.mark.kafka

Start = Callable[..., WorkerProcess]
PARTITIONS = 3
ROUNDS = 10
EACH = 300


class Stream:
    """One pipeline with two destinations, fed with numbers."""

    def __init__(self, traffic: Traffic, source: str, destination: str, dead: str) -> None:
        self.traffic = traffic
        self.source = source
        self.destination = destination
        self.sent = 0
        self.text = f"""
pipeline: once
source: {{topic: {source}, value: json}}
publish: {{topic: {destination}}}
dead_letter: {{topic: {dead}}}
delivery: exactly_once
"""

    async def feed(self, count: int) -> None:
        numbers = range(self.sent, self.sent + count)
        self.sent += count
        await self.traffic.produce(
            self.source,
            [(f"key-{one % 17}".encode(), json.dumps({"n": one}).encode()) for one in numbers],
        )

    @asynccontextmanager
    async def fed(self, pause: float = 0.3) -> AsyncIterator[None]:
        """Feed it while inside, and after."""
        feeding = asyncio.create_task(self._feed(pause))
        yield
        await feeding

    async def _feed(self, pause: float) -> None:
        for _ in range(ROUNDS):
            await self.feed(EACH)
            await asyncio.sleep(pause)

    async def each_arrives_once(self, within: float = 60.0) -> None:
        records = await self.traffic.consume(self.destination, self.sent, within=within, linger=2.0)
        found = [json.loads(one.value or b"")["n"] for one in records]
        doubled = [number for number, times in Counter(found).items() if times > 1]
        assert doubled == []
        assert sorted(found) == list(range(self.sent))
        assert in_order(records)


def in_order(records: Sequence[Received]) -> bool:
    by_key: dict[bytes, list[int]] = defaultdict(list)
    for one in records:
        by_key[one.key or b""].append(json.loads(one.value or b"")["n"])
    return all(found == sorted(found) for found in by_key.values())


def closed_by(worker: WorkerProcess) -> set[str]:
    """Return the partitions that a worker shows as closed up to somewhere."""
    return set(re.findall(r'clearwater_closed_offset\{partition="(\d+)"', worker.metrics()))


@pytest.fixture
async def stream(traffic: Traffic) -> Stream:
    source = await traffic.topic("raw", PARTITIONS)
    destination = await traffic.topic("clean", PARTITIONS)
    return Stream(traffic, source, destination, await traffic.topic("dead"))


@pytest.fixture
def started(start: Start, stream: Stream) -> Start:
    def begin(**settings: str) -> WorkerProcess:
        return start(
            stream.text, settings={f"CLEARWATER_{k.upper()}": v for k, v in settings.items()}
        )

    return begin


async def test_sigterm_and_a_successor(started: Start, stream: Stream) -> None:
    first = started()
    await first.ready()
    async with stream.fed():
        await asyncio.sleep(1)
        assert await asyncio.to_thread(first.terminate) == 0
        second = started()
        await second.ready()
    await stream.each_arrives_once()


async def test_kills_again_and_again(started: Start, stream: Stream) -> None:
    async with stream.fed(0.8):
        for _ in range(3):
            worker = started()
            await worker.ready()
            await asyncio.sleep(0.7)
            worker.kill()
        await started().ready()
    await stream.each_arrives_once()


async def test_members_that_come_and_go(started: Start, stream: Stream) -> None:
    first = started()
    await first.ready()
    async with stream.fed():
        second = started()
        await second.ready()
        await asyncio.sleep(0.5)
        assert await asyncio.to_thread(first.terminate) == 0
    await stream.each_arrives_once()
    assert "let go" not in second.printed()


async def test_only_who_has_a_partition_shows_up_to_where_it_is_closed(
    started: Start, stream: Stream
) -> None:
    first = started()
    await first.ready()
    await stream.feed(EACH)
    await stream.each_arrives_once()
    assert closed_by(first) == {str(one) for one in range(PARTITIONS)}

    second = started()
    await second.ready()
    await stream.feed(EACH)
    await stream.each_arrives_once()
    assert closed_by(second)
    assert closed_by(first) == {str(one) for one in range(PARTITIONS)} - closed_by(second)


async def test_a_member_that_wakes_up_after_it_was_replaced(started: Start, stream: Stream) -> None:
    first = started()
    await first.ready()
    async with stream.fed():
        await asyncio.sleep(0.7)
        first.process.send_signal(signal.SIGSTOP)
        second = started()
        await second.ready()
        await asyncio.sleep(3)
        first.process.send_signal(signal.SIGCONT)
    await stream.each_arrives_once()
    assert first.process.poll() is None


async def test_who_is_fenced_lets_go_within_seconds_and_says_so(
    started: Start, stream: Stream
) -> None:
    worker = started()
    await worker.ready()
    await stream.feed(100)
    await stream.each_arrives_once()
    group = re.search(r"group=(\S+)", worker.printed()) or re.search(
        r'"group": ?"([^"]+)"', worker.printed()
    )
    assert group is not None
    names = [f"{group[1]}-{stream.source}-{partition}" for partition in range(PARTITIONS)]
    for name in names:
        other = AIOKafkaProducer(bootstrap_servers=stream.traffic.bootstrap, transactional_id=name)
        await other.start()
        await other.stop()
    began = time.monotonic()
    await stream.feed(100)
    while "another member writes for this partition" not in worker.printed():
        assert time.monotonic() - began < 5
        await asyncio.sleep(0.05)
    await stream.each_arrives_once()
    unaccounted = re.findall(r"clearwater_unaccounted_records_total\{.*\} (.+)", worker.metrics())
    assert set(unaccounted) == {"0.0"}
    assert 'error="Fenced"' in worker.metrics() or 'type="Fenced"' in worker.metrics()


async def test_brokers_that_restart(started: Start, stream: Stream, kafka: Broker) -> None:
    worker = started()
    await worker.ready()
    await stream.feed(1000)
    await asyncio.to_thread(kafka.restart)
    async with stream.fed(0.1):
        await asyncio.sleep(0)
    await stream.each_arrives_once()
    assert worker.process.poll() is None


async def test_brokers_that_answer_too_late(started: Start, stream: Stream, kafka: Broker) -> None:
    """What was asked before they stood still is carried out late: the old producer is fenced."""
    worker = started(request_timeout="2s", session_timeout="20s")
    await worker.ready()
    await stream.feed(100)
    await stream.each_arrives_once()  # all is warm: what is late now is late for the standing still
    for _ in range(3):
        await stream.feed(500)
        await asyncio.sleep(0.15)
        kafka.pause()
        await asyncio.sleep(4)
        kafka.resume()
    await stream.feed(500)
    await stream.each_arrives_once()
    assert "the outcome of a transaction is not known" in worker.printed()
    assert worker.process.poll() is None
