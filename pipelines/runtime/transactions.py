"""Transactions: the transactional producers of the partitions that a process has."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any

import structlog

from pipelines.errors import DeliveryError
from pipelines.retry import OPENING, RetrySchedule
from pipelines.runtime.delivery import Fenced, Refused
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transactional import Transactional

log = structlog.get_logger(__name__)


class Transactions:
    """Opens a producer per assigned partition, before anybody reads the committed offsets.

    Only then do they stand still: opening ends what a predecessor had begun.
    """

    def __init__(
        self,
        topics: Collection[str],
        group: str,
        make: Callable[[str], Any],
        seconds: float,
        refused: Callable[[str, str], None],
    ) -> None:
        """Take what producers are made of.

        Args:
            topics: Source topics of pipelines that deliver exactly once.
            group: The consumer group.
            make: Makes a producer from its transactional id.
            seconds: The brokers have for one answer.
            refused: Called with a topic that we may not work on, and why.
        """
        self._topics = frozenset(topics)
        self._group = group
        self._make = make
        self._seconds = seconds
        self._refused = refused
        self._open: dict[Partition, Transactional] = {}

    def covers(self, topic: str) -> bool:
        """Say whether offsets of a topic are committed by transactions only."""
        return topic in self._topics

    async def open(self, partitions: Iterable[Partition]) -> None:
        """Open the producers of newly assigned partitions, all at once; drop all others.

        Raises:
            DeliveryError: The brokers do not answer.
        """
        wanted = [one for one in partitions if one.topic in self._topics]
        for one in self._open.values():
            one.drop()
        self._open = {
            one: Transactional(one, self._group, self._make, self._seconds) for one in wanted
        }
        await asyncio.gather(*(self._opened(one) for one in wanted))

    def of(self, partition: Partition) -> Transactional:
        """Return the producer of a partition."""
        return self._open[partition]

    async def close(self) -> None:
        """Drop all of them."""
        for one in self._open.values():
            one.drop()
        self._open = {}

    async def _opened(self, partition: Partition) -> None:
        producer, schedule = self._open[partition], RetrySchedule(OPENING)
        while True:
            try:
                return await producer.open()
            except Refused as error:
                return self._refused(partition.topic, str(error))
            except Fenced:
                raise  # whoever took over has newer rights: not fenced back
            except DeliveryError as error:
                wait = schedule.failed(time.monotonic())
                if wait is None:
                    raise
                log.warning(
                    "the partition's producer cannot be opened, trying again",
                    topic=partition.topic,
                    partition=partition.partition,
                    error=str(error),
                    attempt=schedule.failures,
                )
            await asyncio.sleep(wait)
