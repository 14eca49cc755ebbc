"""Traffic: what a test writes to Kafka and reads back, with aiokafka alone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorForGroupError,
)

Headers = Sequence[tuple[str, bytes]]
Message = tuple[bytes | None, bytes | None] | tuple[bytes | None, bytes | None, Headers]
"""Key, value and, where there are any, headers."""


class Received(NamedTuple):
    """One record as it stands in the topic."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    partition: int
    offset: int
    timestamp: int

    def header(self, name: str) -> bytes | None:
        return next((value for held, value in self.headers if held == name), None)


class Traffic:
    """A test's own clients to one broker, or several; each call opens and closes its own."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._replicas = len(bootstrap.split(","))

    async def topic(self, name: str, partitions: int = 1, **config: str) -> str:
        """Make a topic of a name that no other test has; return the name."""
        return await self.exactly(f"{name}-{uuid.uuid4().hex[:8]}", partitions, **config)

    async def exactly(self, unique: str, partitions: int = 1, **config: str) -> str:
        """Make a topic of this name; return it."""
        settings = {setting.replace("_", "."): value for setting, value in config.items()}
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            made = await admin.create_topics(
                [NewTopic(unique, partitions, self._replicas, topic_configs=settings)]
            )
            errors = [error for error in made.topic_errors if error[1]]
            assert not errors, errors
        finally:
            await admin.close()
        return unique

    async def produce(
        self,
        topic: str,
        messages: Iterable[Message],
        partition: int | None = None,
        most_bytes: int = 1024**2,
    ) -> None:
        """Write messages in order; return when the broker has them all."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, linger_ms=5, max_request_size=most_bytes
        )
        await producer.start()
        try:
            sent = [
                await producer.send(
                    topic,
                    key=message[0],
                    value=message[1],
                    headers=list(message[2]) if len(message) > 2 else [],
                    partition=partition,
                )
                for message in messages
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def consume(
        self, topic: str, count: int, within: float = 30.0, linger: float = 0.0
    ) -> list[Received]:
        """Read the topic from its start until `count` committed records are there.

        Args:
            topic: The topic.
            count: How many to wait for; fewer in time fail the test.
            within: Seconds to wait for them.
            linger: Seconds to read on afterwards, for what should not be there.
        """
        found: list[Received] = []
        async with self._consumer(topic) as consumer:
            clock = asyncio.get_running_loop().time
            deadline = clock() + within
            while len(found) < count and clock() < deadline:
                found += await _fetched(consumer, 0.2)
            assert len(found) >= count, f"{len(found)} of {count} records in {topic} in {within} s"
            deadline = clock() + linger
            while clock() < deadline:
                found += await _fetched(consumer, 0.1)
        return found

    async def read_all(self, topic: str) -> list[Received]:
        """Read every committed record that the topic holds now."""
        found: list[Received] = []
        async with self._consumer(topic) as consumer:
            ends = await consumer.end_offsets(consumer.assignment())
            while any([await consumer.position(part) < end for part, end in ends.items()]):
                found += await _fetched(consumer, 0.2)
        return found

    async def end_offsets(self, topic: str) -> dict[int, int]:
        """Return the next offset of every partition."""
        async with self._consumer(topic) as consumer:
            ends = await consumer.end_offsets(consumer.assignment())
        return {part.partition: end for part, end in ends.items()}

    async def hanging(self, topic: str, within: float = 5.0) -> list[int]:
        """Return the partitions in which a transaction does not end."""
        deadline = asyncio.get_running_loop().time() + within
        while True:
            stable = await self.end_offsets(topic)
            async with self._consumer(topic, "read_uncommitted") as consumer:
                ends = await consumer.end_offsets(consumer.assignment())
            open_ = [one.partition for one, end in ends.items() if stable[one.partition] < end]
            if not open_ or asyncio.get_running_loop().time() > deadline:
                return open_
            await asyncio.sleep(0.2)

    async def committed(self, group: str, topic: str) -> dict[int, int]:
        """Return what the group has committed, by partition; nothing where it has not."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            offsets = await _when_there(lambda: admin.list_consumer_group_offsets(group))
        finally:
            await admin.close()
        return {
            part.partition: held.offset
            for part, held in offsets.items()
            if part.topic == topic and held.offset >= 0
        }

    async def members(self, group: str) -> int:
        """Return how many members the group has."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            (described,) = await _when_there(lambda: admin.describe_consumer_groups([group]))
        finally:
            await admin.close()
        return len(described.groups[0][5])

    @asynccontextmanager
    async def _consumer(
        self, topic: str, isolation: str = "read_committed"
    ) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level=isolation,
        )
        await consumer.start()
        try:
            partitions = await _partitions(consumer, topic)
            consumer.assign([TopicPartition(topic, one) for one in sorted(partitions)])
            await consumer.seek_to_beginning()
            yield consumer
        finally:
            await consumer.stop()


async def _when_there(asked: Callable[[], Awaitable[Any]], within: float = 20.0) -> Any:
    """Ask a group's coordinator, which a broker that has just started has yet to be."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        try:
            return await asked()
        except (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError):
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.2)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    for _ in range(100):
        # a cluster that was cut off names no broker for a moment
        with suppress(KafkaError, AssertionError):
            cluster = await consumer._client.fetch_all_metadata()
            if found := cluster.partitions_for_topic(topic):
                return set(found)
        await asyncio.sleep(0.2)
    raise AssertionError(f"there is no topic {topic}")


async def _fetched(consumer: AIOKafkaConsumer, seconds: float) -> list[Received]:
    batches = await consumer.getmany(timeout_ms=int(seconds * 1000))
    return [_received(one) for records in batches.values() for one in records]


def _received(record: ConsumerRecord[bytes, bytes]) -> Received:
    return Received(
        record.key,
        record.value,
        tuple(record.headers),
        record.partition,
        record.offset,
        record.timestamp,
    )
