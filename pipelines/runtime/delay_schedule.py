"""DelaySchedule: what waits in one partition, in order, and when its head may go on. Sans-IO."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pipelines.token_bucket import TokenBucket


class Piece(Protocol):
    """What waits: some records of one partition, read under one epoch."""

    @property
    def epoch(self) -> int:
        """How often reading of the partition had gone back when they were read."""


PieceT = TypeVar("PieceT", bound=Piece)


@dataclass(slots=True)
class _Held(Generic[PieceT]):
    piece: PieceT
    times: Sequence[float]
    costs: Sequence[float]
    gone: int = 0


class DelaySchedule(Generic[PieceT]):
    """Lets go what is due, in the order it was added, never over what is not.

    A record that is due earlier than one before it waits for that one: so the order of a
    partition stays. Parts of a piece go at least `grain` seconds apart, or every record would
    go alone. No clock is read: time is handed in.
    """

    def __init__(self, grain: float = 0.1, bucket: TokenBucket | None = None) -> None:
        """Take how fast things may go.

        Args:
            grain: Seconds between two parts of one piece.
            bucket: Lets through what is due; None: at once.
        """
        self.bucket = bucket
        self._grain = grain
        self._held: deque[_Held[PieceT]] = deque()
        self._not_before = float("-inf")

    def __len__(self) -> int:
        """Return how many records wait."""
        return sum(len(one.times) - one.gone for one in self._held)

    @property
    def is_empty(self) -> bool:
        """Nothing waits, not even a piece without records."""
        return not self._held

    def add(
        self, piece: PieceT, times: Sequence[float], costs: Sequence[float] | None = None
    ) -> None:
        """Let records wait, each until its time, behind all that wait already.

        What was read under an earlier epoch is void, and would hold up what is read anew.

        Args:
            piece: The records.
            times: When each may go.
            costs: What each takes out of the bucket; None: 1.
        """
        if any(one.piece.epoch < piece.epoch for one in self._held):
            self._held = deque(one for one in self._held if one.piece.epoch >= piece.epoch)
            self._not_before = float("-inf")
        self._held.append(_Held(piece, times, costs or [1.0] * len(times)))

    def seconds_left(self, now: float) -> float | None:
        """Return how long nothing may go; 0: something may; None: nothing waits."""
        if not self._held:
            return None
        head = self._held[0]
        if head.gone == len(head.times):
            return 0.0
        # a clock that was set back makes nobody wait longer than a grain for the one before
        apart = min(self._not_before - now, self._grain)
        turn = 0.0
        if self.bucket is not None:
            turn = self.bucket.seconds_left(head.costs[head.gone], now)
        return max(0.0, head.times[head.gone] - now, apart, turn)

    def take(self, now: float) -> tuple[PieceT, int | None] | None:
        """Let go what is due at the head.

        Returns:
            A piece and how many of its records may go, None for all that are left of it; or None
            if nothing may.
        """
        if self.seconds_left(now) != 0.0:
            return None
        head = self._held[0]
        count = 0
        for time, cost in zip(head.times[head.gone :], head.costs[head.gone :], strict=True):
            if time > now or not (self.bucket is None or self.bucket.take(cost, now)):
                break
            count += 1
        head.gone += count
        if head.gone == len(head.times):
            self._held.popleft()
            return head.piece, None
        self._not_before = now + self._grain
        return head.piece, count

    def drop(self) -> PieceT:
        """Forget the head, and return what is left of it.

        Raises:
            IndexError: Nothing waits.
        """
        return self._held.popleft().piece
