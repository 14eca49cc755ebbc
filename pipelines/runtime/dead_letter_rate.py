"""DeadLetterRate: when a pipeline dead-letters too much to go on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

_SLICES = 60


@dataclass(slots=True)
class DeadLetterRate:
    """The share of records dead-lettered lately, against the share that is too much.

    Time is cut into slices of a sixtieth of the window, so memory is bounded and the window's
    edge is sharp to one slice. No clock is read: time is handed in and never goes back.

    Attributes:
        stop_above: Share above which to stop, 0 to 1.
        window: Length of the sliding window, seconds.
        minimum: Records that the window must hold before a share means anything.
    """

    stop_above: float
    window: float = 60.0
    minimum: int = 100
    _slices: deque[tuple[int, int, int]] = field(default_factory=deque)
    _records: int = 0
    _dead: int = 0

    def observe(self, records: int, dead_letters: int, now: float) -> bool:
        """Count one chunk and return True if the pipeline must stop.

        Args:
            records: Records in the chunk.
            dead_letters: How many of them were dead-lettered.
            now: Seconds on a clock that never goes back.
        """
        current = int(now * _SLICES / self.window)
        self._forget(current - _SLICES)
        if self._slices and self._slices[-1][0] == current:
            _, earlier, earlier_dead = self._slices.pop()
            self._slices.append((current, earlier + records, earlier_dead + dead_letters))
        else:
            self._slices.append((current, records, dead_letters))
        self._records += records
        self._dead += dead_letters
        return self._records >= self.minimum and self.share > self.stop_above

    @property
    def share(self) -> float:
        """Share of dead letters among the records of the window, as of the last chunk."""
        return self._dead / self._records if self._records else 0.0

    def _forget(self, until: int) -> None:
        while self._slices and self._slices[0][0] <= until:
            _, records, dead = self._slices.popleft()
            self._records -= records
            self._dead -= dead
