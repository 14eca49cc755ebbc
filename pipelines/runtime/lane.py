"""Lane: the ordered way of one partition's chunks through work and delivery."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import structlog

from pipelines.engine.outcome import ChunkOutcome, DeadLettered
from pipelines.errors import DeliveryError
from pipelines.runtime.delivery import Delivery, delivered
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.handler import Handler
from pipelines.runtime.ledger import Partition

SLICE = 500
"""Records worked on before the event loop has its turn: about ten milliseconds."""

_TRIES = 6
_FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Lane:
    """Works on the chunks of one partition, one after the other, and delivers in order.

    While one chunk is on its way to the brokers the next is worked on; the order of sends is the
    order of chunks.
    """

    def __init__(
        self,
        partition: Partition,
        handler: Handler,
        delivery: Delivery,
        done: Callable[[Chunk], None],
        stop_topic: Callable[[str], None],
        crash: Callable[[BaseException], Any],
    ) -> None:
        """Take what it works with.

        Args:
            partition: Whose chunks it gets.
            handler: What is done with them.
            delivery: Where outputs go.
            done: Called for a chunk of which everything is durable.
            stop_topic: Called when the pipeline must stop.
            crash: Called when a chunk cannot be worked on or delivered: the process must end.
        """
        self._partition = partition
        self._handler = handler
        self._delivery = delivery
        self._done = done
        self._stop_topic = stop_topic
        self._crash = crash
        self._queue: asyncio.Queue[Chunk] = asyncio.Queue()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._previous: asyncio.Task[None] | None = None
        self._is_working = False
        self._stopped = False
        self._task = asyncio.create_task(self._run(), name=f"lane {partition}")

    def put(self, chunk: Chunk) -> None:
        """Take a chunk; the driver sees to it that there are few."""
        if not self._stopped:
            self._queue.put_nowait(chunk)

    def discard(self) -> None:
        """Forget the chunks nothing was done with yet; they will be read again."""
        while not self._queue.empty():
            self._queue.get_nowait()

    @property
    def is_idle(self) -> bool:
        """Nothing is worked on and nothing on its way."""
        return not self._is_working and not self._deliveries

    def close(self) -> None:
        """End it; what is on its way stays so."""
        self._stopped = True
        self._task.cancel()

    async def _run(self) -> None:
        while not self._stopped:
            chunk = await self._queue.get()
            self._is_working = True
            try:
                await self._work(chunk)
            except Exception as error:  # noqa: BLE001 - nothing may end the lane unseen
                self._stopped = True
                await self._crash(error)
            finally:
                self._is_working = False

    async def _work(self, chunk: Chunk) -> None:
        began = time.monotonic()
        outcomes = await self._outcomes(chunk)
        futures = []
        for outcome in outcomes:
            futures += await self._send(outcome)
        task = asyncio.create_task(self._finish(chunk, outcomes, futures, began, self._previous))
        self._previous = task
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _outcomes(self, chunk: Chunk) -> list[ChunkOutcome]:
        """Work on a chunk; if that fails for no record's fault, try again, at last give up."""
        records = chunk.records()
        for attempt in range(_TRIES):
            try:
                await self._handler.prepare(records)
                outcomes = []
                for start in range(0, len(records), SLICE):
                    part = records[start : start + SLICE]
                    outcomes.append(self._handler.process(part, self._partition.partition))
                    await asyncio.sleep(0)
            except Exception as error:  # noqa: BLE001 - the chunk is tried again
                self._handler.failed(type(error).__name__)
                log.warning(
                    "chunk failed, trying again",
                    topic=self._partition.topic,
                    partition=self._partition.partition,
                    offset=chunk.base,
                    error=type(error).__name__,
                    attempt=attempt + 1,
                )
                wait = min(_FIRST_WAIT_SECONDS * 2**attempt, _LONGEST_WAIT_SECONDS)
                await asyncio.sleep(random.uniform(0, wait))  # noqa: S311 - jitter
            else:
                return outcomes
        raise DeliveryError(f"{chunk!r} failed {_TRIES} times: see the log")

    async def _send(self, outcome: ChunkOutcome) -> list[asyncio.Future[Any]]:
        source = (self._partition.topic, self._partition.partition)
        futures = []
        for topic, outputs in outcome.outputs.items():
            futures += await self._delivery.send(topic, outputs, source)
        if outcome.dead_letters:
            sealed = [self._sealed(letter) for letter in outcome.dead_letters]
            futures += await self._delivery.send(self._handler.dead_letter_topic, sealed, source)
        return futures

    def _sealed(self, letter: DeadLettered) -> Any:
        return self._handler.seal(letter, self._partition.partition)

    async def _finish(
        self,
        chunk: Chunk,
        outcomes: list[ChunkOutcome],
        futures: list[asyncio.Future[Any]],
        began: float,
        previous: asyncio.Task[None] | None,
    ) -> None:
        """Wait for the brokers, then mark the chunk done: commit follows delivery."""
        try:
            await delivered(futures)
            if previous is not None and not previous.done():
                await asyncio.wait([previous])
        except Exception as error:  # noqa: BLE001 - whatever it was: nothing is committed
            self._stopped = True
            await self._crash(error)
            return
        self._done(chunk)
        chunk.release()
        seconds = time.monotonic() - began
        if self._handler.delivered(outcomes, self._partition.partition, seconds):
            self._stopped = True
            self.discard()
            self._stop_topic(self._partition.topic)
