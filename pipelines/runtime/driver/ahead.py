"""Ahead: what was fetched of each partition before somebody asked, as one chunk that grows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.ledger import Partition


class Ahead:
    """Chunks that wait to be asked for, one of each partition, none above the size of a full one.

    aiokafka asks a broker for no more while something of it waits to be taken. So it is taken at
    once: the next fetch is under way while others work, and what comes meanwhile joins the chunk.
    """

    def __init__(self, most: int) -> None:
        """Take how many bytes a full chunk has."""
        self._most = most
        self._chunks: dict[Partition, Chunk] = {}

    def has_room(self, partition: Partition, base: int, size: int) -> bool:
        """Return True if what was fetched of a partition may wait, too.

        Args:
            partition: Which.
            base: Offset it starts at: right behind what waits, or it has to wait elsewhere.
            size: Bytes of it.
        """
        waiting = self._chunks.get(partition)
        if waiting is None or not waiting.is_current:
            return True
        return waiting.next == base and waiting.size + size <= self._most

    def add(self, chunk: Chunk) -> None:
        """Let a chunk wait for which there was room."""
        waiting = self._chunks.get(chunk.partition)
        if waiting is None or not waiting.join(chunk):  # what waited is of an assignment that ended
            self._chunks[chunk.partition] = chunk

    def take(self, active: Collection[Any]) -> dict[Any, list[Chunk]]:
        """Return, and keep no longer, what waits of some partitions."""
        taken = {tp: self._chunks.pop(Partition(tp.topic, tp.partition), None) for tp in active}
        return {tp: [chunk] for tp, chunk in taken.items() if chunk is not None}

    def forget(self, partition: Partition) -> None:
        """Drop what waits of a partition: it is read again, from elsewhere."""
        self._chunks.pop(partition, None)

    def give_back(self) -> None:
        """Let all of it be fetched again."""
        for chunk in self._chunks.values():
            chunk.give_back()
        self._chunks.clear()
