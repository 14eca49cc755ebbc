"""Evidence: what a source and its outputs say about each other, offset by offset. Sans-IO."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.engine.coordinates import Coordinates
from pipelines.runtime.ledger import Partition

_MOST = 20
"""Places that are kept of each fault: enough to look at, never without end."""


@dataclass(slots=True)
class Fault:
    """One kind of fault: how often, and where first.

    Attributes:
        count: How often.
        places: The first of them, as `topic[partition]@offset`.
    """

    count: int = 0
    places: list[str] = field(default_factory=list)

    def add(self, topic: str, partition: int, offset: int) -> None:
        """Count one."""
        self.count += 1
        if len(self.places) < _MOST:
            self.places.append(f"{topic}[{partition}]@{offset}")


@dataclass(slots=True)
class Evidence:
    """Compares what should have left a source topic with what arrived.

    First tell what arrived, then what was expected, then ask.

    Attributes:
        source: The source topic.
        ends: By partition, the offset before which everything has been committed.
        may_drop: A step may have dropped any record, as a throttle does: one that is not there
            has met another end, for nobody can tell later.
        arrived: Outputs and dead letters seen that came from the source.
        expected: Records of the source before the ends.
        published: Those of them that should have left.
        elsewhere: Records that met another end than the declaration gives them today.
        waiting: Records of the source that a step holds back: they have yet to arrive.
        strange: Records in the destinations without coordinates of this source.
        lost: Should have left, and arrived nowhere.
        doubled: Arrived in one destination more than once.
        reordered: Arrived behind a record that stood behind them in the source.
        raw: Outputs in which a detector still finds something.
    """

    source: str
    ends: dict[int, int]
    may_drop: bool = False
    arrived: int = 0
    expected: int = 0
    published: int = 0
    elsewhere: int = 0
    waiting: int = 0
    strange: int = 0
    lost: Fault = field(default_factory=Fault)
    doubled: Fault = field(default_factory=Fault)
    reordered: Fault = field(default_factory=Fault)
    raw: Fault = field(default_factory=Fault)
    _seen: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    _last: dict[tuple[Partition, int, bytes], int] = field(default_factory=dict)
    _waiting: set[tuple[int, int]] = field(default_factory=set)

    def found_waiting(self, partition: int, offset: int) -> None:
        """Tell of a record that a step holds back, by its coordinates in the source."""
        self._waiting.add((partition, offset))

    def found(
        self, at: Partition, offset: int, came_from: Coordinates | None, waited_at: bytes = b""
    ) -> None:
        """Tell of a record in a destination, in the order of its partition.

        Args:
            at: Where it stands.
            offset: Its offset there.
            came_from: What its header says.
            waited_at: The step that it waited at, if it did: those that did not pass by.
        """
        if came_from is None or came_from.topic != self.source:
            self.strange += 1
            return
        self.arrived += 1
        seen = self._seen.setdefault((at.topic, came_from.partition), set())
        if came_from.offset in seen:
            self.doubled.add(at.topic, at.partition, offset)
            return
        seen.add(came_from.offset)
        way = (at, came_from.partition, waited_at)
        if came_from.offset < self._last.get(way, -1):
            self.reordered.add(at.topic, at.partition, offset)
        else:
            self._last[way] = came_from.offset

    def found_letter(self, topic: str, partition: int, offset: int) -> None:
        """Tell of a dead letter, by the coordinates of its original."""
        self.arrived += 1
        self._seen.setdefault((topic, partition), set()).add(offset)

    def wanted(self, partition: int, offset: int, destinations: Collection[str]) -> None:
        """Tell of a record of the source, and where it should have arrived; nowhere is an end, too.

        Args:
            partition: Its partition.
            offset: Its offset.
            destinations: Topics, that of dead letters included.
        """
        if offset >= self.ends.get(partition, 0):
            return  # it may be on its way
        self.expected += 1
        if (partition, offset) in self._waiting:
            self.waiting += 1
            return
        where = {
            topic
            for (topic, number), seen in self._seen.items()
            if number == partition and offset in seen
        }
        self.published += bool(destinations)
        if destinations and not where and not self.may_drop:
            self.lost.add(self.source, partition, offset)
        elif where != set(destinations):
            self.elsewhere += 1

    def faults(self, *, may_double: bool) -> Iterator[tuple[str, Fault]]:
        """Yield what must not be.

        Args:
            may_double: Delivery is at least once: a crash may double records.
        """
        named: Sequence[tuple[str, Fault]] = (
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("reordered", self.reordered),
            ("raw", self.raw),
        )
        for name, fault in named:
            if fault.count and not (may_double and name == "doubled"):
                yield name, fault
