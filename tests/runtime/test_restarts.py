from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.runtime.restarts import LeaveIt, Restarts, StartAgain, overall_exit_code


def longest() -> Restarts:
    return Restarts(jitter=lambda: 1.0, first=1.0, longest=30.0, healthy_after=60.0, most=20)


def test_the_wait_doubles_up_to_its_limit() -> None:
    restarts = longest()
    waits = [restarts.ended(1, ran=0.1) for _ in range(7)]
    assert waits == [StartAgain(seconds) for seconds in (1, 2, 4, 8, 16, 30, 30)]


def test_a_healthy_while_makes_failures_forgotten() -> None:
    restarts = longest()
    for _ in range(5):
        restarts.ended(1, ran=0.1)
    assert restarts.ended(-9, ran=61.0) == StartAgain(1)


@given(st.floats(0, 1), st.integers(0, 19))
def test_jitter_spreads_over_the_whole_wait(jitter: float, failures: int) -> None:
    restarts = Restarts(jitter=lambda: jitter, failures=failures)
    decision = restarts.ended(1, ran=0.0)
    assert isinstance(decision, StartAgain)
    assert 0 <= decision.delay <= min(30.0, 2.0**failures)


def test_restarts_have_an_end() -> None:
    restarts = longest()
    for _ in range(20):
        assert isinstance(restarts.ended(1, ran=0.1), StartAgain)
    decision = restarts.ended(1, ran=0.1)
    assert isinstance(decision, LeaveIt)
    assert "21 times in a row" in decision.reason


def test_a_wrong_declaration_is_not_tried_again() -> None:
    assert isinstance(longest().ended(2, ran=100.0), LeaveIt)


def test_a_worker_that_somebody_else_stopped_comes_back() -> None:
    assert isinstance(longest().ended(0, ran=100.0), StartAgain)


@pytest.mark.parametrize(
    ("codes", "overall"),
    [
        pytest.param([0, 0], 0, id="all clean"),
        pytest.param([0, 1], 1, id="one failed"),
        pytest.param([0, -9], 1, id="one killed"),
        pytest.param([1, 2], 2, id="one wrongly declared"),
    ],
)
def test_the_exit_code_says_the_worst(codes: list[int], overall: int) -> None:
    assert overall_exit_code(codes) == overall
