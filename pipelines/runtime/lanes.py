"""Lanes: one per assigned partition, all drained before partitions are let go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.lane import Lane
from pipelines.runtime.ledger import Partition


class Lanes:
    """The lanes of one process. They take chunks from `open` to `drain`."""

    def __init__(self, make: Callable[[Partition], Lane]) -> None:
        """Take how a lane is made."""
        self._make = make
        self._lanes: dict[Partition, Lane] = {}
        self._is_open = False

    def open(self) -> None:
        """Take chunks from now on."""
        self._is_open = True

    def put(self, chunk: Chunk) -> None:
        """Hand a chunk to its partition's lane; one that comes too late is read again."""
        if not self._is_open:
            return
        lane = self._lanes.get(chunk.partition)
        if lane is None:
            lane = self._lanes[chunk.partition] = self._make(chunk.partition)
        lane.put(chunk)

    def stop(self, topic: str) -> None:
        """Let the lanes of a topic end with what they are working on."""
        for partition, lane in self._lanes.items():
            if partition.topic == topic:
                lane.stop()

    def close(self) -> None:
        """Take no chunk until `open`; forget what nothing was done with: `drain` is to follow."""
        self._is_open = False
        for lane in self._lanes.values():
            lane.drain()

    async def drain(self, seconds: float) -> bool:
        """Finish what is being worked on and delivered; forget what nothing was done with.

        Nothing is taken until `open`. The lanes are new ones then: what a slow delivery still
        brings belongs to nobody.

        Returns:
            False if something was not finished in time; it will be read again.
        """
        self.close()
        lanes = list(self._lanes.values())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(lane.settled() for lane in lanes))
        finished = all(lane.is_idle for lane in lanes)
        self._lanes.clear()
        await asyncio.gather(*(lane.close() for lane in lanes))
        return finished

    def topics(self) -> set[str]:
        """Return the topics that have lanes."""
        return {partition.topic for partition in self._lanes}
