"""Token buckets: how much may go in how long. Sans-IO: time is handed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

CLOCK_SECONDS = 60.0
"""Time that goes back by more than this is a clock that was set right: the bucket begins anew."""

_EXACT = 1e-9  # seconds that floating point may be off


@dataclass(slots=True)
class TokenBucket:
    """Lets so much a second through, and what was left over in the last `burst` seconds with it.

    One number is its whole state: when it will be full again (the generic cell rate algorithm,
    ITU-T I.371). What is larger than the bucket goes when that is full, and is paid off after.

    Attributes:
        rate: How much may go in a second.
        burst: How many seconds' worth it holds.
    """

    rate: float
    burst: float = 1.0
    _full_at: float = float("-inf")
    _now: float = float("-inf")

    def seconds_left(self, cost: float, now: float) -> float:
        """Return how long what costs so much has to wait.

        Args:
            cost: In the unit of the rate.
            now: Seconds; a step back of less than a minute counts as no time at all.
        """
        now = self._at(now)
        if self._full_at <= now + _EXACT:
            return 0.0
        left = self._full_at + cost / self.rate - self.burst - now
        return left if left > _EXACT else 0.0

    def take(self, cost: float, now: float) -> bool:
        """Let something through, if it has not to wait; return whether it may go."""
        if self.seconds_left(cost, now):
            return False
        self._full_at = max(self._full_at, self._now) + cost / self.rate
        return True

    def _at(self, now: float) -> float:
        if now < self._now - CLOCK_SECONDS:
            self._full_at = min(self._full_at, now + self.burst)
            self._now = now
        self._now = max(self._now, now)
        return self._now


class TokenBuckets:
    """A bucket for each key, of so many keys: those not asked for longest are forgotten."""

    def __init__(self, most: int) -> None:
        """Take how many to keep."""
        self._most = most
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._buckets)

    def forget(self) -> None:
        """Begin anew, every bucket full."""
        self._buckets.clear()

    def of(self, key: Hashable, rate: float) -> TokenBucket:
        """Return the bucket of a key, at this rate from now on."""
        found = self._buckets.get(key)
        if found is None:
            found = self._buckets[key] = TokenBucket(rate)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        else:
            found.rate = rate
            self._buckets.move_to_end(key)
        return found
