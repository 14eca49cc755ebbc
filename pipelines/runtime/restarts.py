"""Restarts: whether and when one worker process starts again. Decides only; starts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.retry import RESTART, Retry

BAD_DECLARATION = 2


@dataclass(frozen=True, slots=True)
class StartAgain:
    """Start the process again.

    Attributes:
        delay: Time to wait before, seconds.
    """

    delay: float


@dataclass(frozen=True, slots=True)
class LeaveIt:
    """Do not start it again: it would end the same way.

    Attributes:
        reason: Why, for the log.
    """

    reason: str


@dataclass(slots=True)
class Restarts:
    """The restarts of one worker: exponential back-off with full jitter, and an end.

    Full jitter, so that workers that died together do not come back together
    (AWS Architecture Blog, "Exponential Backoff And Jitter").

    Attributes:
        jitter: Gives a number from 0 to 1.
        first: Longest wait before the first restart, seconds; doubles with every failure.
        longest: Longest wait ever, seconds.
        healthy_after: Running this long makes all earlier failures forgotten, seconds.
        most: Failures in a row after which it is left.
    """

    jitter: Callable[[], float]
    first: float = RESTART.first
    longest: float = RESTART.longest
    healthy_after: float = 60.0
    most: int = (RESTART.tries or 1) - 1
    failures: int = 0

    def ended(self, exit_code: int, ran: float) -> StartAgain | LeaveIt:
        """Decide what follows the end of the process.

        An end without being asked is followed by a restart even with exit code 0: somebody
        stopped the worker, and its work is still there.

        Args:
            exit_code: Its exit code; negative is a signal.
            ran: How long it ran, seconds.
        """
        if exit_code == BAD_DECLARATION:
            return LeaveIt("declarations or settings are wrong; mend them and start again")
        if ran >= self.healthy_after:
            self.failures = 0
        if self.failures >= self.most:
            return LeaveIt(f"it ended {self.failures + 1} times in a row soon after its start")
        self.failures += 1
        delay = Retry(self.first, self.longest).wait(self.failures, self.jitter())
        return StartAgain(delay)


def overall_exit_code(exit_codes: list[int]) -> int:
    """Return the supervisor's exit code: 0 if all workers ended clean, 2 before any other."""
    if BAD_DECLARATION in exit_codes:
        return BAD_DECLARATION
    return int(any(exit_codes))
