"""Delivery: outputs to their topics in order, in batches; done when the brokers have them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiokafka.errors import (
    InvalidProducerEpoch,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from pipelines.engine.outcome import Output
from pipelines.errors import DeliveryError
from pipelines.runtime.driver.batches import batches
from pipelines.runtime.partitioner import partitions

_OF_A_TOPIC = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
)
_COUNT_SECONDS = 60.0  # how long a topic's partition count is believed


class Refused(DeliveryError):
    """One topic does not take what is sent: who writes there must stop, others need not."""


class Fenced(DeliveryError):
    """Another producer of the same name took over: the partition is somebody else's."""


class Delivery:
    """Sends what pipelines publish. One per process; its producer is idempotent."""

    def __init__(self, producer: Any, seconds: float) -> None:
        """Take a started aiokafka producer and how long brokers may take.

        The producer itself tries for ever what may still succeed: that has no end.
        """
        self._producer = producer
        self._seconds = seconds
        self._counts: dict[str, tuple[int, float]] = {}
        self._locks: dict[tuple[str, int], asyncio.Lock] = {}

    async def send(
        self, topic: str, outputs: Sequence[Output], source: tuple[str, int]
    ) -> list[asyncio.Future[Any]]:
        """Hand outputs of one source partition to the producer, in order.

        Args:
            topic: Where they go.
            outputs: Records, none larger than a batch.
            source: Topic and partition they come from.

        Returns:
            A future per batch, done when the brokers have it.

        Raises:
            Refused: There is no such topic, or we may not write to it.
            DeliveryError: The brokers do not answer.
        """
        counts = (await self.partition_count(source[0]), await self.partition_count(topic))
        targets = partitions(outputs, source[1], counts)
        by_target: dict[int, list[Output]] = {}
        for target, output in zip(targets, outputs, strict=True):
            by_target.setdefault(target, []).append(output)
        futures: list[asyncio.Future[Any]] = []
        for target, group in by_target.items():
            # lanes of other partitions may write here too: one chunk stays in one piece
            async with self._locks.setdefault((topic, target), asyncio.Lock()):
                futures += await self._send_group(topic, target, group)
        return futures

    async def partition_count(self, topic: str) -> int:
        """Return how many partitions a topic has.

        Raises:
            Refused: There is no such topic, or we may not see it.
            DeliveryError: The brokers do not answer.
        """
        count, until = self._counts.get(topic, (0, 0.0))
        if time.monotonic() < until:
            return count
        try:
            found = await self._producer.partitions_for(topic)
        except UnknownTopicOrPartitionError as error:
            # said of a topic that is not there, and of brokers that do not answer
            if await self._producer.client.force_metadata_update():
                raise Refused(
                    f"there is no topic `{topic}`: `clearwater topics ensure` makes topics"
                ) from None
            raise _failure(topic, error) from None
        except KafkaError as error:
            raise _failure(topic, error) from None
        self._counts[topic] = (len(found), time.monotonic() + _COUNT_SECONDS)
        return len(found)

    async def delivered(self, futures: Sequence[asyncio.Future[Any]]) -> None:
        """Wait until the brokers have everything.

        Raises:
            Refused: A topic does not take it.
            DeliveryError: The brokers did not take it in time, or gave up on this producer.
        """
        if not futures:
            return
        done, late = await asyncio.wait(futures, timeout=self._seconds)
        for future in done:
            error = future.exception()
            if error is not None:
                raise _failure("", error)
        if late:
            raise DeliveryError(f"brokers did not take a batch within {self._seconds:g} s")

    async def _send_group(
        self, topic: str, target: int, outputs: Sequence[Output]
    ) -> list[asyncio.Future[Any]]:
        send = self._producer.send_batch
        try:
            return [
                await send(batch, topic, partition=target)
                for batch in batches(self._producer, outputs)
            ]
        except KafkaError as error:
            raise _failure(topic, error) from None


def _failure(topic: str, error: BaseException) -> DeliveryError:
    """Return what to raise for an error; aiokafka's own texts may hold a record's."""
    if isinstance(error, ProducerFenced | InvalidProducerEpoch):
        return Fenced("another producer took over")
    place = f"topic `{topic}`: " if topic else ""
    if isinstance(error, MessageSizeTooLargeError):
        return Refused(
            "a batch is larger than the topic takes: set CLEARWATER_MAX_BATCH_BYTES below "
            "the topic's max.message.bytes"
        )
    text = f"{place}delivery failed: {type(error).__name__}"
    return Refused(text) if isinstance(error, _OF_A_TOPIC) else DeliveryError(text)
