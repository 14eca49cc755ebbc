"""Lanes: one per assigned partition; drained before partitions are let go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.lane import Lane
from pipelines.runtime.ledger import Partition


class Lanes:
    """The lanes of one process."""

    def __init__(self, make: Callable[[Partition], Lane]) -> None:
        """Take how a lane is made."""
        self._make = make
        self._lanes: dict[Partition, Lane] = {}

    def put(self, chunk: Chunk) -> None:
        """Hand a chunk to its partition's lane."""
        lane = self._lanes.get(chunk.partition)
        if lane is None:
            lane = self._lanes[chunk.partition] = self._make(chunk.partition)
        lane.put(chunk)

    async def drain(self, seconds: float) -> bool:
        """Finish what is being worked on and delivered; forget what nothing was done with.

        The lanes are new ones afterwards: what a slow delivery still brings belongs to nobody.

        Returns:
            False if something was not finished in time; it will be read again.
        """
        lanes = list(self._lanes.values())
        for lane in lanes:
            lane.discard()
        deadline = time.monotonic() + seconds
        while not all(lane.is_idle for lane in lanes) and time.monotonic() < deadline:
            for lane in lanes:
                lane.discard()
            await asyncio.sleep(0.005)
        for lane in lanes:
            lane.close()
        self._lanes.clear()
        return all(lane.is_idle for lane in lanes)

    def topics(self) -> set[str]:
        """Return the topics that have lanes."""
        return {partition.topic for partition in self._lanes}
