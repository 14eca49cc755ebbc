"""Lane: the ordered way of one partition's chunks through work and delivery."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from pipelines.engine.outcome import ChunkOutcome, Output, RawRecord
from pipelines.runtime.delivery import Delivery, Refused
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.handler import Current, Handler
from pipelines.runtime.ledger import Partition

SLICE = 500
"""Records worked on before the event loop has its turn: about ten milliseconds."""

TRIES = 10
"""How often a slice is tried before its pipeline stops, half a minute with the waits between."""

FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 10.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Work:
    """What one chunk became.

    Attributes:
        chunk: The chunk.
        handler: What is done with all of it.
        outcomes: One per slice.
        outputs: What is published, dead letters included, by topic.
        began: When work on it began, seconds.
    """

    chunk: Chunk
    handler: Handler
    outcomes: list[ChunkOutcome]
    outputs: dict[str, list[Output]]
    began: float


class Lane:
    """Works on the chunks of one partition, one after the other, and delivers in order.

    While one chunk is on its way to the brokers the next is worked on; the order of sends is the
    order of chunks.
    """

    def __init__(
        self,
        partition: Partition,
        handler: Current,
        delivery: Delivery,
        done: Callable[[Chunk], None],
        stop_topic: Callable[[str, str], None],
        crash: Callable[[BaseException], Any],
    ) -> None:
        """Take what it works with.

        Args:
            partition: Whose chunks it gets.
            handler: What is done with them, asked for each.
            delivery: Where outputs go.
            done: Called for a chunk of which everything is durable.
            stop_topic: Called with topic and reason when the pipeline must stop and others not.
            crash: Called when a chunk cannot be delivered: the process must end.
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
        self._idle = asyncio.Event()
        self._idle.set()
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

    async def settled(self) -> None:
        """Wait until it is idle."""
        await self._idle.wait()

    def stop(self) -> None:
        """Take no further chunk; what is worked on and on its way is finished."""
        self._stopped = True
        self.discard()

    def close(self) -> None:
        """End it; what is on its way stays so."""
        self._stopped = True
        self._task.cancel()

    async def _run(self) -> None:
        while not self._stopped:
            chunk = await self._queue.get()
            self._is_working = True
            self._idle.clear()
            try:
                await self._work(chunk)
            except Exception as error:  # noqa: BLE001 - nothing may end the lane unseen
                await self._failed(error)
            finally:
                self._is_working = False
                self._tell_if_idle()

    async def _work(self, chunk: Chunk) -> None:
        work = await self._worked(chunk)
        if work is None:
            return
        source = (self._partition.topic, self._partition.partition)
        futures: list[asyncio.Future[Any]] = []
        for topic, outputs in work.outputs.items():
            futures += await self._delivery.send(topic, outputs, source)
        task = asyncio.create_task(self._finish(work, futures, self._previous))
        self._previous = task
        self._deliveries.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, delivery: asyncio.Task[None]) -> None:
        self._deliveries.discard(delivery)
        self._tell_if_idle()

    def _tell_if_idle(self) -> None:
        if self.is_idle:
            self._idle.set()

    async def _worked(self, chunk: Chunk) -> _Work | None:
        """Work on a chunk; return None if the pipeline had to stop instead."""
        work = _Work(chunk, self._handler.pinned(), [], {}, time.monotonic())
        records = chunk.records()
        for start in range(0, len(records), SLICE):
            if not await self._worked_slice(work, records[start : start + SLICE]):
                return None
            await asyncio.sleep(0)
        return work

    async def _worked_slice(self, work: _Work, records: Sequence[RawRecord]) -> bool:
        """Work on a slice; if that fails for no record's fault, try again, at last give up."""
        name = ""
        handler = work.handler
        for attempt in range(TRIES):
            try:
                await handler.prepare(records)
                outcome = handler.process(records, self._partition.partition)
                letters = [
                    handler.seal(letter, self._partition.partition)
                    for letter in outcome.dead_letters
                ]
            except Exception as error:  # noqa: BLE001 - the slice is tried again
                # whose message may quote a value: only its type is told
                name = type(error).__name__
                handler.failed(name)
                await self._wait(attempt, name, records[0].offset)
                continue
            work.outcomes.append(outcome)
            for topic, outputs in outcome.outputs.items():
                work.outputs.setdefault(topic, []).extend(outputs)
            if letters:
                work.outputs.setdefault(handler.dead_letter_topic, []).extend(letters)
            return True
        self._give_up(f"{work.chunk!r} failed {TRIES} times: {name}")
        return False

    async def _wait(self, attempt: int, error: str, offset: int) -> None:
        log.warning(
            "chunk failed, trying again",
            topic=self._partition.topic,
            partition=self._partition.partition,
            offset=offset,
            error=error,
            attempt=attempt + 1,
        )
        wait = min(FIRST_WAIT_SECONDS * 2**attempt, _LONGEST_WAIT_SECONDS)
        await asyncio.sleep(random.uniform(0, wait))  # noqa: S311 - jitter

    async def _finish(
        self,
        work: _Work,
        futures: list[asyncio.Future[Any]],
        previous: asyncio.Task[None] | None,
    ) -> None:
        """Wait for the brokers, then mark the chunk done: commit follows delivery."""
        try:
            await self._delivery.delivered(futures)
            if previous is not None and not previous.done():
                await asyncio.wait([previous])
            self._done(work.chunk)
            work.chunk.release()
            seconds = time.monotonic() - work.began
            if work.handler.delivered(work.outcomes, self._partition.partition, seconds):
                self._give_up("too many dead letters: see dead_letter.stop_above")
        except Exception as error:  # noqa: BLE001 - whatever it was: nothing more is committed
            await self._failed(error)

    async def _failed(self, error: Exception) -> None:
        """Stop this pipeline if a topic of its refuses, else the process."""
        if isinstance(error, Refused):
            self._handler.pinned().failed(type(error).__name__)
            self._give_up(str(error))
        else:
            self.stop()
            await self._crash(error)

    def _give_up(self, reason: str) -> None:
        self.stop()
        self._stop_topic(self._partition.topic, reason)
