"""ExactlyOnce: outputs and offsets of a partition in one transaction after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from pipelines.errors import DeliveryError
from pipelines.retry import TRANSACTION, RetrySchedule
from pipelines.runtime.carrier import Ends, Work
from pipelines.runtime.delivery import Fenced, Refused
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.failpoint import reached
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transaction import Phase, Transaction
from pipelines.runtime.transactional import Transactional

MOST_BYTES = 4 * 1024**2
"""Of outputs in one transaction."""

log = structlog.get_logger(__name__)


class Reading(Protocol):
    """What the consumer does for a partition whose offsets are committed by transactions."""

    def epoch(self, partition: Partition) -> int:
        """Return how often reading went back; chunks of an earlier epoch are void."""

    def held(self, chunk: Chunk) -> None:
        """Note that a chunk waits in a transaction: the next may be fetched."""

    def done(self, chunk: Chunk) -> None:
        """Note that everything of a chunk is durable."""

    def committed_by_transaction(self, partition: Partition, offset: int) -> None:
        """Note that the brokers have a commit."""

    async def read_again(self, partition: Partition, otherwise: int) -> None:
        """Read on from the committed offset, or from `otherwise` where there is none."""

    async def let_go(self, partition: Partition) -> None:
        """Read a partition no more, and ask the group for a new assignment."""


class ExactlyOnce:
    """Carries chunks in transactions: all of one counts, or nothing does.

    Whatever failed or was not answered has an outcome that nobody knows. So there is one way out
    of every failure: a new producer, which the brokers only open once the fate of the old one's
    transaction is settled, and the committed offset, which tells what that fate was.
    """

    def __init__(
        self,
        partition: Partition,
        producer: Transactional,
        reading: Reading,
        ends: Ends,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what it works with.

        Args:
            partition: Whose chunks it gets.
            producer: Its producer, open.
            reading: The consumer.
            ends: Told when it cannot go on.
            interval: Seconds between two commits.
            clock: Seconds that never go back.
        """
        self._partition = partition
        self._producer = producer
        self._reading = reading
        self._ends = ends
        self._clock = clock
        self._state = Transaction(interval, MOST_BYTES)
        self._works: list[Work] = []
        self._lost = RetrySchedule(TRANSACTION)
        self._hurries = False
        self._settling: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """No transaction is open, nor to be settled by us."""
        phase = self._state.phase
        return phase in {Phase.READY, Phase.GONE} or (self._hurries and phase is Phase.LOST)

    def seconds_left(self) -> float | None:
        """Return how long the open transaction waits for more."""
        return self._state.seconds_left(self._clock())

    def wants(self, chunk: Chunk) -> bool:
        """Say whether a chunk was read since reading last went back."""
        gone = self._state.phase is Phase.GONE
        return not gone and chunk.epoch == self._reading.epoch(self._partition)

    async def carry(self, work: Work) -> None:
        """Take what a chunk became into the transaction; commit it if it is due."""
        chunk, state = work.chunk, self._state
        try:
            if state.phase is Phase.READY:
                await self._producer.begin()
                state.began(chunk.base, self._clock())
                await reached("after_begin")
            size = sum(sum(one.output_bytes.values()) for one in work.outcomes)
            for topic, outputs in work.outputs.items():
                await self._producer.send(topic, outputs)
                await reached("between_sends")
            await reached("after_send")
            state.took(chunk.base, chunk.next, size)
        except DeliveryError as error:
            await self._failed(error, work)
            return
        self._works.append(work)
        self._reading.held(chunk)
        chunk.release()
        work.outputs.clear()
        if state.seconds_left(self._clock()) == 0.0:
            await self.flush()

    async def flush(self) -> None:
        """Commit the open transaction, if there is one."""
        if self._state.phase is not Phase.OPEN:
            return
        offset = self._state.ending()
        try:
            await self._producer.commit(offset)
            await reached("after_end")
        except DeliveryError as error:
            await self._failed(error, None)
            return
        self._state.committed()
        self._lost.succeeded()
        works, self._works = self._works, []
        self._count(works)
        self._reading.committed_by_transaction(self._partition, offset)

    def hurry(self) -> None:
        """Settle nothing any more: whoever gets the partition does, by opening its producer."""
        self._hurries = True
        if self._settling is not None:
            self._settling.cancel()

    async def close(self) -> None:
        """Give up what is open: whoever gets the partition reads it again."""
        await self._producer.abort()

    def _count(self, works: list[Work]) -> None:
        must_stop = False
        for work in works:
            self._reading.done(work.chunk)
            must_stop |= work.handler.delivered(work.outcomes, work.closed)
        if must_stop:
            self._ends.give_up("too many dead letters: see dead_letter.stop_above")

    async def _failed(self, error: DeliveryError, work: Work | None) -> None:
        """Settle what nobody knows; the chunks of the transaction are read again."""
        works = self._works if work is None else [*self._works, work]
        self._works = []
        self._state.lost(None if work is None else work.chunk.base)
        for one in works[:1]:
            one.handler.failed(type(error).__name__)
        if isinstance(error, Fenced):
            await self._let_go()
            return
        if isinstance(error, Refused):
            await self._producer.abort()
            self._state.gone()
            await self._ends.failed(error)
            return
        if not self._hurries:
            await self._settle(error)

    async def _let_go(self) -> None:
        self._state.gone()
        self._producer.drop()
        topic, partition = self._partition
        log.error(
            "another member writes for this partition: it is let go",
            topic=topic,
            partition=partition,
        )
        await self._reading.let_go(self._partition)

    async def _settle(self, error: DeliveryError) -> None:
        """Settle it, unless that is not ours any more."""
        settling = self._settling = asyncio.create_task(self._settled(error))
        try:
            await asyncio.wait([settling])
        finally:
            settling.cancel()
            self._settling = None
        if not settling.cancelled():
            settling.result()

    async def _settled(self, error: DeliveryError) -> None:
        topic, partition = self._partition
        while True:
            wait = self._lost.failed(self._clock())
            log.warning(
                "the outcome of a transaction is not known: settling it with a new producer",
                topic=topic,
                partition=partition,
                offset=self._state.base,
                error=str(error),
                attempt=self._lost.failures,
            )
            if wait is None:
                self._state.gone()
                raise error
            await asyncio.sleep(wait)
            try:
                await reached("before_settle")
                await self._producer.open()
                await reached("after_reopen")
                await self._reading.read_again(self._partition, self._state.base or 0)
            except Refused:
                self._state.gone()
                raise
            except DeliveryError as again:
                error = again
                continue
            self._state.reopened()
            return
