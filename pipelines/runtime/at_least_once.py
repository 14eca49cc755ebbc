"""AtLeastOnce: outputs by the shared producer; offsets are committed behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from pipelines.runtime.carrier import Ends, Work
from pipelines.runtime.delivery import Delivery
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.failpoint import reached
from pipelines.runtime.ledger import Partition


class AtLeastOnce:
    """Carries chunks side by side: the next is sent while one is on its way.

    The order of sends is the order of chunks, and so is the order in which they are done.
    """

    def __init__(
        self, partition: Partition, delivery: Delivery, done: Callable[[Chunk], None], ends: Ends
    ) -> None:
        """Take what it works with.

        Args:
            partition: Whose chunks it gets.
            delivery: Where outputs go.
            done: Called for a chunk of which everything is durable.
            ends: Told when it cannot go on.
        """
        self._partition = partition
        self._delivery = delivery
        self._done = done
        self._ends = ends
        self._deliveries: set[asyncio.Task[None]] = set()
        self._previous: asyncio.Task[None] | None = None

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
        """Send what a chunk became."""
        futures: list[asyncio.Future[Any]] = []
        for topic, outputs in work.outputs.items():
            futures += await self._delivery.send(topic, outputs, self._partition)
            await reached("between_sends")
        await reached("after_send")
        task = asyncio.create_task(self._finish(work, futures, self._previous))
        self._previous = task
        self._deliveries.add(task)
        task.add_done_callback(self._forget)

    async def flush(self) -> None:
        """Do nothing: everything is on its way."""

    async def close(self) -> None:
        """Do nothing: what is on its way stays so."""

    def _forget(self, delivery: asyncio.Task[None]) -> None:
        self._deliveries.discard(delivery)
        self._ends.tell_if_idle()

    async def _finish(
        self,
        work: Work,
        futures: list[asyncio.Future[Any]],
        previous: asyncio.Task[None] | None,
    ) -> None:
        """Wait for the brokers, then mark the chunk done: commit follows delivery."""
        try:
            await self._delivery.delivered(futures)
            await reached("after_delivery")
            if previous is not None and not previous.done():
                await asyncio.wait([previous])
            self._done(work.chunk)
            work.chunk.release()
            if work.handler.delivered(work.outcomes, work.closed):
                self._ends.give_up("too many dead letters: see dead_letter.stop_above")
        except Exception as error:  # noqa: BLE001 - whatever it was: nothing more is committed
            await self._ends.failed(error)
