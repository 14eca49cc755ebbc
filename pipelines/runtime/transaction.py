"""Transaction: what one partition's transactions may do next, and when to commit. Sans-IO."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Where a partition stands between two transactions."""

    READY = "ready"
    """The producer is open, and reading goes on from the committed offset."""
    OPEN = "open"
    """A transaction holds outputs and the offsets they come from."""
    ENDING = "ending"
    """The brokers were told to commit: until they answer, nobody knows."""
    LOST = "lost"
    """An outcome is not known: only a new producer and the committed offset settle it."""
    GONE = "gone"
    """Somebody else writes for this partition: nothing more may be done here."""


@dataclass(slots=True)
class Transaction:
    """One partition's transactions, one after the other. No clock is read: time is handed in.

    Attributes:
        interval: Seconds after which an open transaction is committed.
        most_bytes: Bytes of outputs after which it is committed.
        phase: Where it stands.
        base: First offset of the open transaction, or of the one that was lost.
        next: Offset to commit: where the unbroken run of what the open transaction holds ends.
    """

    interval: float
    most_bytes: int
    phase: Phase = Phase.READY
    base: int | None = None
    next: int = 0
    _bytes: int = 0
    _began: float = 0.0

    def began(self, base: int, now: float) -> None:
        """Note that a transaction was begun for the chunk at `base`."""
        self._from(Phase.READY, Phase.OPEN)
        self.base = self.next = base
        self._bytes, self._began = 0, now

    def took(self, base: int, next_: int, size: int) -> None:
        """Note that the outputs of a chunk were handed to the producer.

        Raises:
            ValueError: The chunk does not follow the one before: offsets would be skipped.
        """
        self._from(Phase.OPEN, Phase.OPEN)
        if base != self.next or next_ < base:
            raise ValueError(f"offset {base} does not follow {self.next}")
        self.next = next_
        self._bytes += size

    def seconds_left(self, now: float) -> float | None:
        """Return how long to wait for more before committing; None: nothing is open."""
        if self.phase is not Phase.OPEN:
            return None
        if self._bytes >= self.most_bytes:
            return 0.0
        return max(0.0, self._began + self.interval - now)

    def ending(self) -> int:
        """Note that the brokers are told to commit; return the offset to commit with it."""
        self._from(Phase.OPEN, Phase.ENDING)
        return self.next

    def committed(self) -> None:
        """Note that the brokers have committed."""
        self._from(Phase.ENDING, Phase.READY)
        self.base = None

    def lost(self, base: int | None = None) -> None:
        """Note that something failed, or was not answered: its outcome is not known.

        Args:
            base: Offset of the chunk in hand, where no transaction was open.
        """
        if self.phase is not Phase.GONE:
            self.phase = Phase.LOST
            self.base = base if self.base is None else self.base

    def reopened(self) -> None:
        """Note that a new producer is open, and reading stands at the committed offset."""
        self._from(Phase.LOST, Phase.READY)
        self.base = None

    def gone(self) -> None:
        """Note that another producer took over."""
        self.phase = Phase.GONE

    def _from(self, expected: Phase, to: Phase) -> None:
        if self.phase is not expected:
            raise RuntimeError(f"a transaction cannot go from {self.phase.value} to {to.value}")
        self.phase = to
