"""Ledger: which chunks of each partition are done, and so how far may be committed. Sans-IO."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    partition: int


@dataclass(slots=True, eq=False)
class Entry:
    """One chunk that was read.

    The entry itself is marked done, not its offsets: one that outlived a revocation is an orphan
    that nothing refers to, and cannot touch what was read since.

    Attributes:
        base: Offset it starts at.
        next: Offset to read next after it; over gaps and control records as they come.
        done: The fate of every record in it is durable.
    """

    base: int
    next: int
    done: bool = False


class Ledger:
    """The chunks in flight, per partition, in the order they were read."""

    def __init__(self) -> None:
        self._entries: dict[Partition, deque[Entry]] = {}
        self._committed: dict[Partition, int] = {}

    def add(self, partition: Partition, base: int, next_: int) -> Entry:
        """Note a chunk that was read; return its entry."""
        entry = Entry(base, next_)
        self._entries.setdefault(partition, deque()).append(entry)
        return entry

    def outstanding(self, partition: Partition) -> int:
        """Return how many chunks of the partition are not done."""
        return sum(not entry.done for entry in self._entries.get(partition, ()))

    def total_outstanding(self) -> int:
        """Return how many chunks of all partitions are not done."""
        return sum(self.outstanding(partition) for partition in self._entries)

    def committable(self) -> dict[Partition, int]:
        """Return the offset to commit for each partition that has one beyond its last commit.

        It is where the unbroken run of done chunks at the head ends. Entries stay until
        `committed` says that the broker has it, so a commit that failed loses nothing.
        """
        return dict(self._heads())

    def committed(self, partition: Partition, offset: int) -> None:
        """Note that the broker has a commit; entries up to it are forgotten."""
        entries = self._entries.get(partition)
        while entries and entries[0].done and entries[0].next <= offset:
            entries.popleft()
        if partition in self._entries:
            self._committed[partition] = max(offset, self._committed.get(partition, offset))

    def drop(self, partitions: Iterable[Partition]) -> None:
        """Forget partitions that were revoked."""
        for partition in partitions:
            self._entries.pop(partition, None)
            self._committed.pop(partition, None)

    def clear(self) -> None:
        """Forget everything: reading starts again at the committed offsets."""
        self._entries.clear()
        self._committed.clear()

    def _heads(self) -> Iterator[tuple[Partition, int]]:
        for partition, entries in self._entries.items():
            head: int | None = None
            for entry in entries:
                if not entry.done:
                    break
                head = entry.next
            if head is not None and head > self._committed.get(partition, -1):
                yield partition, head
