from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipelines import retry
from pipelines.retry import Retry, RetrySchedule

PACKAGE = Path(retry.__file__).parent
POLICIES = {name: one for name, one in vars(retry).items() if isinstance(one, Retry)}
QUICK = Retry(first=0.001, longest=0.002, tries=4)


class Failing(RuleBasedStateMachine):
    """Something that fails and recovers, on a clock of the test's own."""

    @initialize(
        policy=st.builds(
            Retry,
            first=st.floats(0.01, 5),
            longest=st.floats(0.01, 60),
            tries=st.none() | st.integers(1, 12),
            seconds=st.none() | st.floats(0, 120),
        )
    )
    def begin(self, policy: Retry) -> None:
        self.policy = policy
        self.draw = 0.0
        self.schedule = RetrySchedule(policy, lambda: self.draw)
        self.now = self.since = 0.0
        self.in_a_row = 0

    @rule(draw=st.floats(0, 1), took=st.floats(0, 30))
    def fail(self, draw: float, took: float) -> None:
        self.draw = draw
        self.now += took
        if not self.in_a_row:
            self.since = self.now
        self.in_a_row += 1
        wait = self.schedule.failed(self.now)
        tries, seconds = self.policy.tries, self.policy.seconds
        ended = (tries is not None and self.in_a_row >= tries) or (
            seconds is not None and self.now - self.since >= seconds
        )
        assert (wait is None) == ended
        if wait is not None:
            longest = min(self.policy.longest, self.policy.first * 2.0 ** (self.in_a_row - 1))
            assert wait == pytest.approx(draw * longest)
            self.now += wait

    @rule()
    def succeed(self) -> None:
        self.schedule.succeeded()
        self.in_a_row = 0

    @invariant()
    def it_knows_how_often_it_failed(self) -> None:
        if hasattr(self, "schedule"):
            assert self.schedule.failures == self.in_a_row


Failing.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestFailing = Failing.TestCase


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_waits_longer_each_time_and_has_an_end(name: str) -> None:
    policy = POLICIES[name]
    assert 0 < policy.first <= policy.longest <= 60
    bounded = policy.tries is not None or policy.seconds is not None
    assert bounded or name == "SCHEMA", "which ends when the registry answers"


def test_nothing_else_in_the_package_tries_again_by_a_rule_of_its_own() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if file.parent.name != "examples"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tenacity"))
        or (isinstance(node, ast.Attribute) and node.attr == "uniform")
    }
    assert found == {"retry.py"}


def test_a_call_is_repeated_until_it_goes_well_or_is_given_up() -> None:
    left: list[Exception] = [OSError(), OSError()]

    def call() -> str:
        if left:
            raise left.pop()
        return "done"

    assert QUICK.blocking(OSError)(call) == "done"
    left += [OSError(str(number)) for number in range(5)]
    with pytest.raises(OSError, match="1"):
        QUICK.blocking(OSError)(call)
    left[:] = [ValueError()]
    with pytest.raises(ValueError):  # noqa: PT011 - it is not among those that are tried again
        QUICK.blocking(OSError)(call)


async def test_a_coroutine_is_repeated_and_each_failure_told() -> None:
    told: list[int] = []
    left = [OSError(), OSError()]

    async def call() -> str:
        if left:
            raise left.pop()
        return "done"

    assert await QUICK.awaiting(OSError, after=lambda: told.append(1))(call) == "done"
    assert told == [1, 1]
