"""Measures one contender against a real broker: rate, CPU, memory, start-up, latency."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.bench.contender import Contender
from tests.bench.membership import joined
from tests.bench.workload import orders, published

PARTITIONS = int(os.environ.get("BENCH_PARTITIONS", "4"))
WARM_UP = 2_000
PATIENCE_SECONDS = 240
MOST_AT_ONCE = 1_600


@dataclass(frozen=True, slots=True)
class Measured:
    """What one contender did.

    Attributes:
        contender: Its name.
        records: Records it was measured over.
        records_per_second: From the backlog's release to the last output.
        cpu_seconds_per_million: User and system seconds of the worker process.
        memory_mb: Largest resident memory seen.
        start_seconds: From process start until its group is joined.
        first_record_seconds: From there to the first output.
        latency_p50_ms: Producer's timestamp to arrival at a consumer, at half load.
        latency_p99_ms: The same, 99th percentile.
    """

    contender: str
    records: int
    records_per_second: float
    cpu_seconds_per_million: float
    memory_mb: float
    start_seconds: float
    first_record_seconds: float
    latency_p50_ms: float
    latency_p99_ms: float


async def measure(broker: str, contender: Contender, count: int, latency_seconds: int) -> Measured:
    """Run one contender over `count` records and then at half its own rate."""
    count = int(count * contender.share)
    source = f"bench.{contender.kind}.{abs(hash(contender.name)) % 10**6}"
    destination = f"{source}.clean"
    await _topics(broker, source, destination)
    await _produce(broker, source, orders(WARM_UP, seed=2))
    watch = await _Watch.open(broker, destination)
    started = time.monotonic()
    contender.start(broker, source, destination)
    try:
        joining = asyncio.create_task(joined(broker, contender.group(source), PATIENCE_SECONDS))
        await watch.until(1, contender)
        first = time.monotonic()
        member = min(first, await joining)
        await watch.until(published(WARM_UP), contender)
        contender.pause()
        await _produce(broker, source, orders(count))
        cpu, begun = contender.cpu_seconds(), time.monotonic()
        contender.go_on()
        await watch.until(published(WARM_UP) + published(count), contender)
        seconds = time.monotonic() - begun
        cpu = contender.cpu_seconds() - cpu
        rate = count / seconds
        memory = contender.memory_mb()
        latencies = await _latencies(broker, source, destination, rate / 2, latency_seconds)
        return Measured(
            contender.name,
            count,
            rate,
            cpu / count * 1e6,
            max(memory, contender.memory_mb()),
            member - started,
            first - member,
            _percentile(latencies, 0.50),
            _percentile(latencies, 0.99),
        )
    finally:
        contender.stop()
        await watch.close()


class _Watch:
    """Watches how many records a topic holds."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        self._consumer = consumer
        self._parts = [TopicPartition(topic, number) for number in range(PARTITIONS)]

    @classmethod
    async def open(cls, broker: str, topic: str) -> _Watch:
        consumer = AIOKafkaConsumer(bootstrap_servers=broker, isolation_level="read_committed")
        await consumer.start()
        return cls(consumer, topic)

    async def until(self, count: int, contender: Contender) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            ends = await self._consumer.end_offsets(self._parts)
            if sum(ends.values()) >= count:
                return
            contender.memory_mb()  # raises if the worker died
            await asyncio.sleep(0.02)
        raise TimeoutError(f"{contender.name}: {count} outputs did not come")

    async def close(self) -> None:
        await self._consumer.stop()


async def _topics(broker: str, source: str, destination: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    names = [(source, PARTITIONS), (destination, PARTITIONS), (f"{destination}.dead", 1)]
    await admin.create_topics([NewTopic(name, parts, 1) for name, parts in names])
    await admin.close()


async def _produce(broker: str, topic: str, records: Iterable[tuple[bytes, bytes]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker, max_batch_size=500_000, linger_ms=5)
    await producer.start()
    batches = [producer.create_batch() for _ in range(PARTITIONS)]
    for number, (key, value) in enumerate(records):
        part = number % PARTITIONS
        if batches[part].append(key=key, value=value, timestamp=None) is None:
            batches[part].close()
            await producer.send_batch(batches[part], topic, partition=part)
            batches[part] = producer.create_batch()
            batches[part].append(key=key, value=value, timestamp=None)
    for part, batch in enumerate(batches):
        batch.close()
        await producer.send_batch(batch, topic, partition=part)
    await producer.flush()
    await producer.stop()


async def _latencies(
    broker: str, source: str, destination: str, rate: float, seconds: int
) -> list[float]:
    """Return milliseconds from the producer's timestamp to a consumer, at `rate` records/s."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker, fetch_max_wait_ms=10, isolation_level="read_committed"
    )
    await consumer.start()
    parts = [TopicPartition(destination, number) for number in range(PARTITIONS)]
    consumer.assign(parts)
    await consumer.seek_to_end(*parts)
    for part in parts:
        await consumer.position(part)  # the seek is done only when somebody asks
    found: list[float] = []
    count = int(rate * seconds)
    made = list(orders(count, seed=3))
    gc.collect()
    gc.freeze()  # what this process does meanwhile would be measured, too
    feeding = asyncio.create_task(_feed(broker, source, made, rate))
    deadline = time.monotonic() + seconds + PATIENCE_SECONDS
    while len(found) < published(count) and time.monotonic() < deadline:
        fetched = await consumer.getmany(timeout_ms=100)
        now = time.time() * 1000
        for records in fetched.values():
            found += [now - record.timestamp for record in records]
    await feeding
    gc.unfreeze()
    await consumer.stop()
    return found


async def _feed(
    broker: str, topic: str, records: Iterable[tuple[bytes, bytes]], rate: float
) -> None:
    """Produce at a steady rate, in small batches every ten milliseconds."""
    producer = AIOKafkaProducer(bootstrap_servers=broker, max_batch_size=200_000)
    await producer.start()
    waiting = iter(records)
    begun = time.monotonic()
    sent = 0
    more = True
    while more:
        # no more at once than the batches hold, however long the loop was held up
        due = min(int((time.monotonic() - begun) * rate) - sent, MOST_AT_ONCE)
        batches = [producer.create_batch() for _ in range(PARTITIONS)]
        for number in range(due):
            pair = next(waiting, None)
            if pair is None:
                more = False
                break
            stamp = int(time.time() * 1000)
            added = batches[number % PARTITIONS].append(key=pair[0], value=pair[1], timestamp=stamp)
            if added is None:
                raise RuntimeError("a batch is full: MOST_AT_ONCE is too large")
            sent += 1
        for part, batch in enumerate(batches):
            if batch.record_count():
                batch.close()
                await producer.send_batch(batch, topic, partition=part)
        await asyncio.sleep(0.01)
    await producer.flush()
    await producer.stop()


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)] if values else float("nan")
