"""Retry: how far apart, how often and how long what failed is tried again.

Every policy stands here. Waits double and are drawn from zero up to their length (full jitter: AWS
Architecture Blog, "Exponential Backoff And Jitter"), so that those who failed together do not come
back together.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    Retrying,
    retry_if_exception_type,
)

_MOST_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Retry:
    """One policy.

    Attributes:
        first: Longest wait before the second try, seconds; doubles with each try.
        longest: Longest wait ever, seconds.
        tries: How often in all; None: as long as `seconds` says.
        seconds: No try begins later than this after the first failure; None: as often as `tries`
            says. Where both are None somebody else ends it: say who.
    """

    first: float
    longest: float
    tries: int | None = None
    seconds: float | None = None

    def wait(self, failures: int, draw: float) -> float:
        """Return the wait after so many failures in a row, seconds.

        Args:
            failures: 1 after the first.
            draw: A number from 0 to 1.
        """
        doubled = self.first * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)
        return draw * min(doubled, self.longest)

    def is_over(self, failures: int, elapsed: float) -> bool:
        """Say whether it is given up after so many failures in a row, and so many seconds."""
        too_often = self.tries is not None and failures >= self.tries
        return too_often or (self.seconds is not None and elapsed >= self.seconds)

    def blocking(self, *errors: type[BaseException]) -> Retrying:
        """Return what calls a function again while it raises one of these errors."""
        return Retrying(
            retry=retry_if_exception_type(errors), wait=self._wait, stop=self._stop, reraise=True
        )

    def awaiting(
        self, *errors: type[BaseException], after: Callable[[], None] = lambda: None
    ) -> AsyncRetrying:
        """Return the same for coroutine functions; `after` is called after each failure."""
        return AsyncRetrying(
            retry=retry_if_exception_type(errors),
            wait=self._wait,
            stop=self._stop,
            after=lambda _: after(),
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        return self.wait(state.attempt_number, random.random())  # noqa: S311 - jitter

    def _stop(self, state: RetryCallState) -> bool:
        return self.is_over(state.attempt_number, state.seconds_since_start or 0.0)


@dataclass(slots=True)
class RetrySchedule:
    """Where something stands that is tried again and again. Sans-IO: time is handed in.

    Attributes:
        policy: How often and how far apart.
        draw: Gives a number from 0 to 1.
        failures: In a row.
    """

    policy: Retry
    draw: Callable[[], float] = field(default=random.random)
    failures: int = 0
    _since: float = 0.0

    def failed(self, now: float) -> float | None:
        """Note a failure; return how long to wait before the next try, None: give it up."""
        if not self.failures:
            self._since = now
        self.failures += 1
        if self.policy.is_over(self.failures, now - self._since):
            return None
        return self.policy.wait(self.failures, self.draw())

    def succeeded(self) -> None:
        """Note that it went well: failures before mean nothing any more."""
        self.failures = 0


REGISTRY = Retry(first=0.1, longest=3.0, seconds=10.0)
"""One call to a schema registry."""

SCHEMA = Retry(first=0.2, longest=30.0)
"""Records of a schema that no registry gives out: they hold up their own partition, and are never
given up. It ends with the registry's answer, or when the partition is let go."""

TOKEN = Retry(first=0.625, longest=5.0, tries=4)
"""A token to log in to the brokers with."""

CHUNK = Retry(first=0.1, longest=10.0, tries=10)
"""Work on a part of a chunk that fails for no record's fault, half a minute in all; then its
pipeline stops."""

TRANSACTION = Retry(first=0.2, longest=10.0, tries=11)
"""A transaction whose outcome nobody knows: settled ten times in a row, then the process ends."""

OPENING = Retry(first=0.2, longest=5.0, tries=4)
"""The producer of a newly assigned partition: brokers that were just set up make the log of all
transactions first. Then the process ends."""

COORDINATOR = Retry(first=1.0, longest=1.0, tries=6)
"""The coordinator of a group: the first to ask has it made."""

RESTART = Retry(first=1.0, longest=30.0, tries=21)
"""A worker process that ends soon after its start."""
