"""Transactional: one partition's producer, opened by fencing whoever had it before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    InvalidProducerEpoch,
    KafkaError,
    ProducerFenced,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)

from pipelines.engine.outcome import Output
from pipelines.errors import DeliveryError
from pipelines.runtime.delivery import Delivery, Fenced, Refused
from pipelines.runtime.failpoint import reached
from pipelines.runtime.ledger import Partition

_CLOSE_SECONDS = 5.0  # for what a dropped producer has on its way; nobody waits for it
_ABORT_SECONDS = 2.0

# aiokafka asserts what brokers that come back do not hold to: that a cluster has a broker, say
_UNANSWERED = (KafkaError, TimeoutError, AssertionError)


class Transactional:
    """A producer whose outputs and offsets the brokers take all together, or not at all.

    Its name is the same in every process, so whoever opens it last is the only one: the brokers
    refuse everybody before, and end what was begun (KIP-98, the scheme of one producer per input
    partition).
    """

    def __init__(
        self, partition: Partition, group: str, make: Callable[[str], Any], seconds: float
    ) -> None:
        """Take what it is made of; nothing is opened yet.

        Args:
            partition: The source partition that it writes for.
            group: The consumer group whose offsets it commits.
            make: Makes a producer that is not started, from its transactional id.
            seconds: The brokers have for one answer.
        """
        self._partition = partition
        self._group = group
        self._make = make
        self._seconds = seconds
        self._opened: tuple[Any, Delivery] | None = None
        self._futures: list[asyncio.Future[Any]] = []
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Drop the producer there may be, and open a new one.

        Raises:
            Refused: We may not use the transactional id.
            DeliveryError: The brokers do not answer in time.
        """
        self.drop()
        producer = self._make(transactional_id(self._group, self._partition))
        try:
            async with asyncio.timeout(self._seconds):
                await producer.start()
        except BaseException as error:
            self._discard(producer)
            if isinstance(error, _UNANSWERED):
                raise _known(error) from None
            raise
        self._opened = producer, Delivery(producer, self._seconds)

    async def begin(self) -> None:
        """Begin a transaction."""
        self._futures = []
        await self._asked(self._open[0].begin_transaction())

    async def send(self, topic: str, outputs: Sequence[Output]) -> None:
        """Hand outputs on, as a part of the open transaction.

        Raises:
            Refused: The topic does not take them.
            Fenced: Another producer took over.
            DeliveryError: The brokers do not answer.
        """
        _, delivery = self._open
        try:
            async with asyncio.timeout(self._seconds):
                futures = await delivery.send(topic, outputs, self._partition)
        except TimeoutError as error:
            raise _known(error) from None
        except DeliveryError as error:
            raise self._cause(error) from None
        for future in futures:
            future.add_done_callback(_looked_at)  # a dropped producer's fail unseen
        self._futures += futures

    async def commit(self, offset: int) -> None:
        """Commit outputs and offset.

        Raises:
            Refused: A topic does not take what was sent; nothing is committed.
            Fenced: Another producer took over; nothing is committed by this one.
            DeliveryError: The brokers did not take it, or did not answer: it may be committed.
        """
        producer, delivery = self._open
        try:
            await delivery.delivered(self._futures)
        except DeliveryError as error:
            raise self._cause(error) from None
        self._futures = []
        await reached("after_delivery")
        offsets = {TopicPartition(*self._partition): offset}
        await self._asked(producer.send_offsets_to_transaction(offsets, self._group))
        await reached("after_offsets")
        await self._asked(producer.commit_transaction())

    async def abort(self) -> None:
        """Tell the brokers that nothing of the open transaction counts, and drop the producer.

        Where they do not hear it, the next one to open ends the transaction.
        """
        with suppress(*_UNANSWERED):
            if self._opened is not None:
                async with asyncio.timeout(_ABORT_SECONDS):
                    await self._opened[0].abort_transaction()
        self.drop()

    def drop(self) -> None:
        """Forget the producer at once; what it has on its way is refused once a new one is open."""
        if self._opened is not None:
            self._discard(self._opened[0])
        self._opened = None
        self._futures = []

    @property
    def _open(self) -> tuple[Any, Delivery]:
        if self._opened is None:
            raise DeliveryError("the partition's producer is not open")
        return self._opened

    async def _asked(self, asking: Any) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await asking
        except _UNANSWERED as error:
            raise self._cause(_known(error)) from None

    def _cause(self, error: DeliveryError) -> DeliveryError:
        """Return why the producer itself gave up, if it did: the rest only follows from that."""
        if self._opened is None:
            return error
        task = self._opened[0]._sender.sender_task  # noqa: SLF001 - aiokafka tells it nowhere else
        if task is not None and task.done() and not task.cancelled():
            died = task.exception()
            if died is not None:
                return _known(died)
        return error

    def _discard(self, producer: Any) -> None:
        task = asyncio.create_task(_closed(producer))
        self._closing.add(task)  # a task that nobody holds may vanish
        task.add_done_callback(self._closing.discard)


def transactional_id(group: str, partition: Partition) -> str:
    """Return the name under which a source partition is written for."""
    return f"{group}-{partition.topic}-{partition.partition}"


def _known(error: BaseException) -> DeliveryError:
    """Return our own error: aiokafka's texts may hold what a record holds."""
    if isinstance(error, TransactionalIdAuthorizationFailed):
        return Refused(
            "transactional ids of this group are not granted: `clearwater acls print` lists the "
            "rights that exactly_once needs"
        )
    if isinstance(error, GroupAuthorizationFailedError | TopicAuthorizationFailedError):
        return Refused(f"not granted: {type(error).__name__}; see `clearwater acls print`")
    if isinstance(error, ProducerFenced | InvalidProducerEpoch):
        return Fenced("another producer took over")
    if isinstance(error, TimeoutError):
        return DeliveryError("the brokers did not answer in time")
    return DeliveryError(f"a transaction failed: {type(error).__name__}")


def _looked_at(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


async def _closed(producer: Any) -> None:
    """Close a producer that nobody waits for: what it has on its way ends with its connections."""
    producer._closed = True  # noqa: SLF001 - its own `stop` waits for brokers that may be gone
    manager = producer._txn_manager  # noqa: SLF001 - whose failure somebody must have looked at
    with suppress(Exception):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await producer.client.close()
            await producer._sender.close()  # noqa: SLF001 - as `stop` does
    waiter = manager.wait_for_transaction_end()
    if waiter is not None and waiter.done():
        _looked_at(waiter)
