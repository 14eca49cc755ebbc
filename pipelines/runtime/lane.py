"""Lane: the ordered way of one partition's chunks through work, to its carrier."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from pipelines.engine.outcome import RawRecord
from pipelines.retry import CHUNK, RetrySchedule
from pipelines.runtime.carrier import Carrier, Ends, Work
from pipelines.runtime.delivery import Refused
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.failpoint import reached
from pipelines.runtime.handler import Current
from pipelines.runtime.ledger import Partition

SLICE = 500
"""Records worked on at most before the event loop has its turn."""
_SLICE_SECONDS = 0.01  # of the processor, that a slice is to take: others wait meanwhile
_LEAST = 20  # records of a slice: some of the work is paid by the slice

log = structlog.get_logger(__name__)


class Queue(Protocol):
    """Where a lane's chunks wait until it works on them; None stands for a flush."""

    def put_nowait(self, chunk: Chunk | None, /) -> None:
        """Take a chunk."""

    def get_nowait(self) -> Chunk | None:
        """Return one that nothing is to be done with."""

    def empty(self) -> bool:
        """Return True if nothing is there."""

    async def get(self) -> Chunk | None:
        """Return the next one to work on."""


class Lane:
    """Works on the chunks of one partition, one after the other, and hands them on in order."""

    def __init__(
        self,
        partition: Partition,
        handler: Current,
        carrier: Callable[[Ends], Carrier],
        stop_topic: Callable[[str, str], None],
        crash: Callable[[BaseException], Any],
        queue: Queue | None = None,
    ) -> None:
        """Take what it works with.

        Args:
            partition: Whose chunks it gets.
            handler: What is done with them, asked for each.
            carrier: Makes what delivers the outputs.
            stop_topic: Called with topic and reason when the pipeline must stop and others not.
            crash: Called when a chunk cannot be delivered: the process must end.
            queue: Where chunks wait; default: in order, each for the one before.
        """
        self._partition = partition
        self._handler = handler
        self._stop_topic = stop_topic
        self._crash = crash
        self._queue: Queue = asyncio.Queue() if queue is None else queue
        self._is_working = False
        self._stopped = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._slice = SLICE
        self._carrier = carrier(self)
        self._task = asyncio.create_task(self._run(), name=f"lane {partition}")

    def put(self, chunk: Chunk) -> None:
        """Take a chunk; the driver sees to it that there are few."""
        if not self._stopped:
            self._queue.put_nowait(chunk)

    def discard(self) -> None:
        """Forget the chunks nothing was done with yet, they will be read again; flush the rest."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    def drain(self) -> None:
        """Finish what is worked on and on its way, and nothing else: it is to be closed."""
        self.discard()
        self._carrier.hurry()

    @property
    def is_idle(self) -> bool:
        """Nothing is worked on and nothing on its way."""
        return not self._is_working and self._carrier.is_idle

    async def settled(self) -> None:
        """Wait until it is idle."""
        await self._idle.wait()

    def stop(self) -> None:
        """Take no further chunk; what is worked on and on its way is finished."""
        self._stopped = True
        self.discard()

    async def close(self) -> None:
        """End it; what is on its way stays so, or is given up."""
        self._stopped = True
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._carrier.close()

    async def _run(self) -> None:
        while not self._stopped or not self._queue.empty():
            chunk = await self._next()
            self._is_working = True
            self._idle.clear()
            try:
                await self._work(chunk)
            except Exception as error:  # noqa: BLE001 - nothing may end the lane unseen
                await self.failed(error)
            finally:
                self._is_working = False
                self.tell_if_idle()

    async def _next(self) -> Chunk | None:
        """Return the next chunk; None when what waits for more is to be made durable."""
        seconds = self._carrier.seconds_left()
        if seconds is None:
            return await self._queue.get()
        try:
            async with asyncio.timeout(seconds):
                return await self._queue.get()
        except TimeoutError:
            return None

    async def _work(self, chunk: Chunk | None) -> None:
        if chunk is None:
            await self._carrier.flush()
        elif self._carrier.wants(chunk):
            await reached("before_work")
            work = await self._worked(chunk)
            await reached("after_work")
            if work is not None:
                await self._carrier.carry(work)

    def tell_if_idle(self) -> None:
        """Tell who waits for it to settle, if it has."""
        if self.is_idle:
            self._idle.set()

    async def _worked(self, chunk: Chunk) -> Work | None:
        """Work on a chunk; return None if the pipeline had to stop instead."""
        records = chunk.records()
        work = Work(chunk, self._handler.pinned(), len(records))
        start = 0
        while start < len(records):
            part = records[start : start + self._slice]
            if not await self._worked_slice(work, part):
                return None
            start += len(part)
            await asyncio.sleep(0)
        return work

    async def _worked_slice(self, work: Work, records: Sequence[RawRecord]) -> bool:
        """Work on a slice; if that fails for no record's fault, try again, at last give up."""
        handler = work.handler
        schedule = RetrySchedule(CHUNK)
        while True:
            try:
                await handler.prepare(records)
                began = time.thread_time()
                outcome = handler.process(records, self._partition.partition)
                letters = [
                    handler.seal(letter, self._partition.partition)
                    for letter in outcome.dead_letters
                ]
                self._learn(len(records), time.thread_time() - began)
            except Exception as error:  # noqa: BLE001 - the slice is tried again
                # whose message may quote a value: only its type is told
                name = type(error).__name__
                handler.failed(name)
                wait = schedule.failed(time.monotonic())
                if wait is None:
                    break
                self._tell_of_failure(schedule.failures, name, records[0].offset)
                await asyncio.sleep(wait)
                continue
            work.outcomes.append(outcome)
            for topic, outputs in outcome.outputs.items():
                work.outputs.setdefault(topic, []).extend(outputs)
            if letters:
                await reached("before_dead_letter")
                work.outputs.setdefault(handler.dead_letter_topic, []).extend(letters)
            return True
        self.give_up(f"{work.chunk!r} failed {schedule.failures} times: {name}")
        return False

    def _learn(self, records: int, seconds: float) -> None:
        """Choose how large the next slice is: records of some pipelines cost a hundred times more.

        It grows by half at most, for a few cheap records say little of those behind them.
        """
        fitting = int(records * _SLICE_SECONDS / max(seconds, 1e-9))
        self._slice = max(_LEAST, min(fitting, self._slice * 3 // 2, SLICE))

    def _tell_of_failure(self, attempt: int, error: str, offset: int) -> None:
        log.warning(
            "chunk failed, trying again",
            topic=self._partition.topic,
            partition=self._partition.partition,
            offset=offset,
            error=error,
            attempt=attempt,
        )

    async def failed(self, error: Exception) -> None:
        """Stop this pipeline if a topic of its refuses, else the process."""
        if isinstance(error, Refused):
            self._handler.pinned().failed(type(error).__name__)
            self.give_up(str(error))
        else:
            self.stop()
            await self._crash(error)

    def give_up(self, reason: str) -> None:
        """Take no further chunk, and let the topic be read no more."""
        self.stop()
        self._stop_topic(self._partition.topic, reason)
