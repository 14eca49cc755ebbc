"""Reading a topic outside of any consumer group: for tail and for dead letters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from pipelines.errors import ConfigError
from pipelines.runtime.refusal import refusal
from pipelines.runtime.topics import partition_counts

_RECORD_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Browsed:
    """One raw record as it stands in a topic; has the attributes of a fetched record."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: tuple[tuple[str, bytes], ...] = field(repr=False)


async def browse(
    topic: str,
    client: Mapping[str, Any],
    *,
    last: int | None = None,
    follow: bool = False,
) -> AsyncGenerator[Browsed]:
    """Yield the records of a topic, partition by partition as they come; commits nothing.

    Args:
        topic: What to read.
        client: Connection arguments of an aiokafka client.
        last: Start this many records before the end of each partition; None: at the beginning.
        follow: Go on with what is written later; otherwise end where the topic ends now.

    Raises:
        ConfigError: There is no such topic.
        DeliveryError: The brokers do not answer.
    """
    counts = await partition_counts(client)
    if topic not in counts:
        raise ConfigError(f"there is no topic `{topic}`; `clearwater topics ensure` makes topics")
    parts = [TopicPartition(topic, number) for number in range(counts[topic])]
    consumer = AIOKafkaConsumer(
        **client,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",  # what was taken back is not there
    )
    try:
        await consumer.start()
        consumer.assign(parts)
        starts = await consumer.beginning_offsets(parts)
        ends = await consumer.end_offsets(parts)
        for part in parts:
            from_end = 0 if last is None else ends[part] - last
            consumer.seek(part, max(starts[part], from_end))
        open_parts = {part for part in parts if await consumer.position(part) < ends[part]}
        while follow or open_parts:
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                for one in records:
                    if follow or one.offset < ends[part]:
                        yield _browsed(one)
            # positions move over control records too, so the end is always reached
            open_parts = {part for part in open_parts if await consumer.position(part) < ends[part]}
    except KafkaError as error:
        raise refusal(error) from None
    finally:
        await consumer.stop()


class Records:
    """Single records of any topic, by where they stand. Commits nothing."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        """Take a consumer that has started and has no group."""
        self._consumer = consumer

    async def at(self, topic: str, partition: int, offset: int) -> Browsed | None:
        """Return a record; None if there is none any more, or the brokers do not give it out."""
        part = TopicPartition(topic, partition)
        self._consumer.assign([part])
        self._consumer.seek(part, offset)
        try:
            found = await asyncio.wait_for(self._consumer.getone(part), _RECORD_SECONDS)
        except (KafkaError, TimeoutError):
            return None
        return _browsed(found) if found.offset == offset else None


@asynccontextmanager
async def records(client: Mapping[str, Any]) -> AsyncGenerator[Records]:
    """Open a look at single records.

    Args:
        client: Connection arguments of an aiokafka client.

    Raises:
        DeliveryError: The brokers do not answer.
    """
    consumer = AIOKafkaConsumer(**client, enable_auto_commit=False, auto_offset_reset="latest")
    try:
        await consumer.start()
    except KafkaError as error:
        await consumer.stop()
        raise refusal(error) from None
    try:
        yield Records(consumer)
    finally:
        await consumer.stop()


def _browsed(one: Any) -> Browsed:
    return Browsed(one.partition, one.offset, one.timestamp, one.key, one.value, tuple(one.headers))
