"""AtLeastOnce: outputs by the shared producer; offsets are committed behind them."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from pipelines.runtime.carrier import Ends, Work
from pipelines.runtime.delivery import Delivery
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.failpoint import reached
from pipelines.runtime.ledger import Partition

_Sent = list[asyncio.Future[Any]] | None
"""A future for each batch on its way; None: nothing was sent."""


class Commits(Protocol):
    """What the consumer does for a partition whose offsets are committed behind deliveries."""

    def turn(self, chunk: Chunk) -> asyncio.Future[None]:
        """Return what is done when the outputs of a chunk may be sent."""

    def done(self, chunk: Chunk) -> None:
        """Note that everything of a chunk is durable."""


class AtLeastOnce:
    """Carries chunks side by side: others are worked on while one is on its way.

    The order of sends is the order of chunks, and so is the order in which they are done. What
    was sent and is not committed, a crash doubles: a chunk waits until that is one full chunk at
    most, itself counted.
    """

    def __init__(
        self, partition: Partition, delivery: Delivery, commits: Commits, ends: Ends
    ) -> None:
        """Take what it works with.

        Args:
            partition: Whose chunks it gets.
            delivery: Where outputs go.
            commits: The consumer.
            ends: Told when it cannot go on.
        """
        self._partition = partition
        self._delivery = delivery
        self._commits = commits
        self._ends = ends
        self._deliveries: set[asyncio.Task[None]] = set()
        self._previous: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[_Sent] | None = None
        self._turn: asyncio.Future[None] | None = None
        self._is_over = False
        self._hurries = False
        self._has_failed = False

    @property
    def is_idle(self) -> bool:
        """Nothing is on its way."""
        return not self._deliveries

    def seconds_left(self) -> float | None:
        """Return None: nothing waits for more to come."""
        return None

    def wants(self, chunk: Chunk) -> bool:
        """Say yes: reading never goes back under an assignment."""
        del chunk
        return True

    async def carry(self, work: Work) -> None:
        """Send what a chunk became, behind the one before; the ledger bounds how many wait."""
        self._sending = asyncio.create_task(self._send(work, self._sending))
        task = asyncio.create_task(self._finish(work, self._sending, self._previous))
        self._previous = task
        self._deliveries.add(task)
        task.add_done_callback(self._forget)

    async def flush(self) -> None:
        """Do nothing: everything is on its way."""

    def hurry(self) -> None:
        """Give up what waits for the commit of what was sent: nothing of it was, others read it."""
        self._hurries = True
        self._give_up_waiting()

    async def close(self) -> None:
        """Send nothing more; what was sent is on its way and stays so."""
        self._end()

    def _give_up_waiting(self) -> None:
        if self._turn is not None and not self._turn.done():
            self._end()

    def _end(self) -> None:
        self._is_over = True
        if self._turn is not None and not self._turn.done():
            self._turn.set_result(None)

    def _forget(self, delivery: asyncio.Task[None]) -> None:
        self._deliveries.discard(delivery)
        self._ends.tell_if_idle()

    async def _send(self, work: Work, before: asyncio.Task[_Sent] | None) -> _Sent:
        """Send in turn; nothing behind what failed, for keys keep their order."""
        if before is not None:
            await asyncio.wait([before])
        if work.outputs and not self._is_over:  # else nothing of it can be doubled
            self._turn = self._commits.turn(work.chunk)
            if self._hurries:
                self._give_up_waiting()
            await self._turn
        if self._is_over:
            return None
        futures: list[asyncio.Future[Any]] = []
        for topic, outputs in work.outputs.items():
            futures += await self._delivery.send(topic, outputs, self._partition)
            await reached("between_sends")
        await reached("after_send")
        return futures

    async def _finish(
        self, work: Work, sending: asyncio.Task[_Sent], previous: asyncio.Task[None] | None
    ) -> None:
        """Wait for the brokers, then mark the chunk done: commit follows delivery."""
        try:
            futures = await sending
            if futures is None:
                return
            await self._delivery.delivered(futures)
            await reached("after_delivery")
            if previous is not None and not previous.done():
                await asyncio.wait([previous])
            if self._has_failed:
                return
            self._commits.done(work.chunk)
            work.chunk.release()
            if work.handler.delivered(work.outcomes, work.closed):
                self._ends.give_up("too many dead letters: see dead_letter.stop_above")
        except Exception as error:  # noqa: BLE001 - whatever it was: nothing more is committed
            self._has_failed = True
            self._end()
            await self._ends.failed(error)
