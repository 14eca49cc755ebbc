"""DueQueue: a lane's queue that hands out records when their time has come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from pipelines.engine.outcome import RawRecord
from pipelines.quantity import Rate
from pipelines.runtime.delay_schedule import DelaySchedule
from pipelines.runtime.driver.chunk import Chunk
from pipelines.token_bucket import TokenBucket

LOOK_SECONDS = 1.0
"""How long it sleeps at most: clocks are set, and the time that counts is that of the clock."""


class DueQueue:
    """Takes chunks of records that wait, gives back the parts of them that are due, in order.

    What waits here is not in flight: a lane that ends forgets it, and it is read again. Nobody
    has to be quick about it, so a partition may stand here for hours.
    """

    def __init__(
        self,
        time_of: Callable[[RawRecord], float],
        cut: Callable[[Chunk, int], Chunk],
        pace: Callable[[], Rate | None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take what it works with.

        Args:
            time_of: Gives the time at which a record goes on, seconds since the epoch.
            cut: Takes so many records off a chunk, and returns them as a chunk of their own.
            pace: Gives how fast they may go then; None: at once.
            clock: Seconds since the epoch.
        """
        self._pace = pace
        self._time_of = time_of
        self._cut = cut
        self._clock = clock
        self._schedule: DelaySchedule[Chunk] = DelaySchedule()
        self._flushes = False
        self._changed = asyncio.Event()

    def put_nowait(self, chunk: Chunk | None) -> None:
        """Let a chunk wait; None: hand out None as soon as somebody asks."""
        if chunk is None:
            self._flushes = True
        else:
            records = chunk.records()
            pace = self._pace()
            costs = None
            if pace is not None and pace.of == "bytes":
                costs = [float(len(one.value or b"")) for one in records]
            self._schedule.add(chunk, [self._time_of(one) for one in records], costs)
        self._changed.set()

    def empty(self) -> bool:
        """Return True if nothing is here, due or not."""
        return self._schedule.is_empty and not self._flushes

    def get_nowait(self) -> Chunk | None:
        """Take something out, due or not: it is not to be worked on."""
        if self._flushes:
            self._flushes = False
            return None
        return self._schedule.drop()

    async def get(self) -> Chunk | None:
        """Return the records that are due next, when they are."""
        while True:
            self._changed.clear()
            if self._flushes:
                self._flushes = False
                return None
            self._set_pace()
            due = self._schedule.take(self._clock())
            if due is not None:
                chunk, count = due
                return chunk if count is None else self._cut(chunk, count)
            left = self._schedule.seconds_left(self._clock())
            with suppress(TimeoutError):
                async with asyncio.timeout(None if left is None else min(left, LOOK_SECONDS)):
                    await self._changed.wait()

    def _set_pace(self) -> None:
        """Take up a pace that may have changed."""
        pace, schedule = self._pace(), self._schedule
        if pace is None:
            schedule.bucket = None
        elif schedule.bucket is None:
            schedule.bucket = TokenBucket(pace.per_second)
        else:
            schedule.bucket.rate = pace.per_second
