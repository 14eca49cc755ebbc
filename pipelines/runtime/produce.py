"""Writing records to a topic as a producer would: samples, and what somebody tries out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from pipelines.errors import ConfigError
from pipelines.runtime.refusal import refusal
from pipelines.runtime.topics import partition_counts

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One raw record to write.

    Attributes:
        key: Raw key.
        value: Raw value; None is a tombstone, which needs a key.
        headers: Raw headers.
        timestamp: Milliseconds since the epoch; None: now.
        partition: Where to; None: by the hash of the key.
    """

    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    timestamp: int | None = None
    partition: int | None = None


async def produce(topic: str, records: Iterable[Outgoing], client: Mapping[str, Any]) -> int:
    """Write records in order; return how many, when the brokers have them all.

    Args:
        topic: Where they go.
        records: What is written.
        client: Connection arguments of an aiokafka client.

    Raises:
        ConfigError: There is no such topic.
        DeliveryError: The brokers do not take them.
    """
    if topic not in await partition_counts(client):
        raise ConfigError(f"there is no topic `{topic}`; `clearwater topics ensure` makes topics")
    producer = AIOKafkaProducer(**client, linger_ms=5, acks="all")
    waiting = iter(records)
    count = 0
    try:
        await producer.start()
        while several := list(islice(waiting, _AT_ONCE)):
            sent = [
                await producer.send(
                    topic,
                    value=one.value,
                    key=one.key,
                    headers=list(one.headers),
                    timestamp_ms=one.timestamp,
                    partition=one.partition,
                )
                for one in several
            ]
            await asyncio.gather(*sent)
            count += len(several)
    except KafkaError as error:
        raise refusal(error) from None
    finally:
        await producer.stop()
    return count
