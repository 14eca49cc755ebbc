"""Ledger: which chunks of each partition are done, and so how far may be committed. Sans-IO."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

_is_done = attrgetter("done")


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
        size: Bytes of it, as it was fetched.
        sent: Outputs of it were handed to the producer: without a commit they are sent again.
        done: The fate of every record in it is durable.
        held: It was worked on and waits in a transaction.
    """

    base: int
    next: int
    size: int = 0
    sent: bool = False
    done: bool = False
    held: bool = False


@dataclass(slots=True)
class _Reading:
    """One partition from where reading began.

    Attributes:
        entries: Chunks that the broker has no commit for, in the order they were read.
        next: Where the next chunk should start, if that is known.
        committed: The last commit that the broker has, if there was one since.
    """

    entries: deque[Entry] = field(default_factory=deque)
    next: int | None = None
    committed: int = -1


class Ledger:
    """The chunks in flight, per partition, in the order they were read."""

    def __init__(self) -> None:
        self._readings: dict[Partition, _Reading] = {}

    def start(self, partition: Partition, offset: int) -> None:
        """Note where reading begins, for `jump`; what was read before is forgotten."""
        self._readings[partition] = _Reading(next=offset)

    def add(self, partition: Partition, base: int, next_: int, size: int = 0) -> Entry:
        """Note a chunk that was read; return its entry.

        One that starts before its predecessor ended is read anew, as when a topic was deleted and
        made again: what was read before is forgotten.
        """
        reading = self._readings.get(partition)
        if reading is None or (reading.next is not None and base < reading.next):
            reading = self._readings[partition] = _Reading()
        entry = Entry(base, next_, size)
        reading.entries.append(entry)
        reading.next = next_
        return entry

    def split(self, partition: Partition, entry: Entry, at: int) -> Entry:
        """Take the part before an offset off an entry; return it as an entry of its own.

        Args:
            partition: Whose entry it is.
            entry: Keeps the part from `at` on.
            at: An offset in it.
        """
        head = Entry(entry.base, at, entry.size * (at - entry.base) // (entry.next - entry.base))
        entry.base = at
        entry.size -= head.size
        reading = self._readings.get(partition)
        if reading is not None and entry in reading.entries:  # else it is an orphan
            reading.entries.insert(reading.entries.index(entry), head)
        return head

    def jump(self, partition: Partition, base: int) -> int:
        """Return how far a chunk that starts at `base` is from where it should start.

        Positive: that many offsets were deleted before they were read. Negative: the broker sent
        the reader back.
        """
        reading = self._readings.get(partition)
        return 0 if reading is None or reading.next is None else base - reading.next

    def knows(self, partition: Partition, entry: Entry) -> bool:
        """Say whether an entry counts: what outlived a revocation is somebody else's by now."""
        reading = self._readings.get(partition)
        return reading is not None and any(one is entry for one in reading.entries)

    def may_send(self, partition: Partition, entry: Entry, most: int) -> bool:
        """Say whether a chunk may be sent: what a crash now would send again stays small.

        Args:
            partition: Whose chunk it is.
            entry: Its entry.
            most: Bytes of chunks, as fetched, that may be sent and not be committed. A chunk that
                is larger by itself goes alone.
        """
        reading = self._readings.get(partition)
        sizes = [] if reading is None else [one.size for one in reading.entries if one.sent]
        return not sizes or sum(sizes) + entry.size <= most

    def uncommitted(self, partition: Partition) -> int:
        """Return how many bytes of chunks were sent and are done, and have no commit yet."""
        reading = self._readings.get(partition)
        entries = () if reading is None else reading.entries
        return sum(one.size for one in takewhile(_is_done, entries) if one.sent)

    def outstanding(self, partition: Partition) -> int:
        """Return how many chunks of the partition are worked on, or have yet to be."""
        reading = self._readings.get(partition)
        if reading is None:
            return 0
        return sum(not (entry.done or entry.held) for entry in reading.entries)

    def total_outstanding(self) -> int:
        """Return how many chunks of all partitions are not done."""
        return sum(self.outstanding(partition) for partition in self._readings)

    def committable(self) -> dict[Partition, int]:
        """Return the offset to commit for each partition that has one beyond its last commit.

        It is where the unbroken run of done chunks at the head ends. Entries stay until
        `committed` says that the broker has it, so a commit that failed loses nothing.
        """
        return dict(self._heads())

    def committed(self, partition: Partition, offset: int) -> None:
        """Note that the broker has a commit; entries up to it are forgotten.

        One beyond what was read belongs to a reading that is over, and means nothing to this one.
        """
        reading = self._readings.get(partition)
        if reading is None or reading.next is None or offset > reading.next:
            return
        while reading.entries and reading.entries[0].done and reading.entries[0].next <= offset:
            reading.entries.popleft()
        reading.committed = max(offset, reading.committed)

    def drop(self, partitions: Iterable[Partition]) -> None:
        """Forget partitions that were revoked."""
        for partition in partitions:
            self._readings.pop(partition, None)

    def clear(self) -> None:
        """Forget everything: reading starts again at the committed offsets."""
        self._readings.clear()

    def _heads(self) -> Iterator[tuple[Partition, int]]:
        for partition, reading in self._readings.items():
            head = -1
            for entry in takewhile(_is_done, reading.entries):
                head = entry.next
            if head > reading.committed:
                yield partition, head
