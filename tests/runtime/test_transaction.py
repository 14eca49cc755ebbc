from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from pipelines.runtime.transaction import Phase, Transaction

INTERVAL = 0.2
MOST = 100


def opened(base: int = 10, now: float = 0.0) -> Transaction:
    transaction = Transaction(INTERVAL, MOST)
    transaction.began(base, now)
    return transaction


def test_it_is_due_after_the_interval() -> None:
    transaction = opened(now=5.0)
    transaction.took(10, 12, 1)
    assert transaction.seconds_left(5.05) == pytest.approx(0.15)
    assert transaction.seconds_left(5.2) == pytest.approx(0.0)
    assert transaction.seconds_left(9.0) == 0.0


def test_it_is_due_when_it_holds_enough() -> None:
    transaction = opened()
    transaction.took(10, 12, MOST)
    assert transaction.seconds_left(0.0) == 0.0


def test_nothing_is_due_where_nothing_is_open() -> None:
    assert Transaction(INTERVAL, MOST).seconds_left(99.0) is None


def test_the_offset_to_commit_is_where_the_chunks_end() -> None:
    transaction = opened()
    transaction.took(10, 12, 1)
    transaction.took(12, 20, 1)
    assert transaction.ending() == 20


@pytest.mark.parametrize("base", [9, 13], ids=["again", "a gap"])
def test_a_chunk_that_does_not_follow_is_refused(base: int) -> None:
    transaction = opened()
    transaction.took(10, 12, 1)
    with pytest.raises(ValueError, match=f"offset {base} does not follow 12"):
        transaction.took(base, base + 1, 1)


@pytest.mark.parametrize("step", ["committed", "ending", "reopened"])
def test_what_was_not_begun_cannot_end(step: str) -> None:
    with pytest.raises(RuntimeError, match="cannot go from ready"):
        getattr(Transaction(INTERVAL, MOST), step)()


def test_what_is_lost_remembers_where_it_began() -> None:
    transaction = opened(10)
    transaction.took(10, 12, 1)
    transaction.lost(12)
    assert transaction.base == 10
    transaction.reopened()
    transaction.lost(12)
    assert transaction.base == 12


def test_what_is_gone_stays_gone() -> None:
    transaction = opened()
    transaction.gone()
    transaction.lost()
    assert transaction.phase is Phase.GONE


@dataclass
class Brokers:
    """What the brokers hold for one transactional id.

    Attributes:
        epoch: Of the producer that they obey.
        committed: The committed offset.
        outputs: Committed outputs: the offsets they come from.
        open: Outputs of the open transaction.
        late: Requests to commit that were sent and not carried out, with their producer's epoch.
    """

    epoch: int = 0
    committed: int | None = None
    outputs: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    late: list[tuple[int, int]] = field(default_factory=list)

    def end(self, epoch: int, offset: int) -> bool:
        """Commit; False if the producer is fenced."""
        if epoch != self.epoch:
            return False
        self.outputs += self.open
        self.open = []
        self.committed = offset
        return True

    def init(self) -> int:
        """Open a producer: what another had open is aborted."""
        self.epoch += 1
        self.open = []
        return self.epoch


class Faults(RuleBasedStateMachine):
    """Chunks, commits, lost answers, late requests, rivals and crashes, in any order."""

    @initialize(start=st.integers(0, 5))
    def begin(self, start: int) -> None:
        self.now = 0.0
        self.start = start
        self.brokers = Brokers()
        self.assigned(None)

    @precondition(lambda self: self.state.phase in {Phase.READY, Phase.OPEN})
    @rule(length=st.integers(1, 4), size=st.integers(0, 60))
    def chunk(self, length: int, size: int) -> None:
        if self.state.phase is Phase.READY:
            self.state.began(self.position, self.now)
        if self.epoch != self.brokers.epoch:
            self.state.gone()  # the first request tells that a rival took over
            return
        self.brokers.open += range(self.position, self.position + length)
        self.state.took(self.position, self.position + length, size)
        self.position += length

    @precondition(lambda self: self.state.phase is Phase.OPEN)
    @rule(fate=st.sampled_from(["answered", "answer lost", "request lost", "late"]))
    def commit(self, fate: str) -> None:
        offset = self.state.ending()
        if fate in {"answered", "answer lost"}:
            done = self.brokers.end(self.epoch, offset)
            if not done:
                self.state.gone()
            elif fate == "answered":
                self.state.committed()
            else:
                self.state.lost()
            return
        if fate == "late":
            self.brokers.late.append((self.epoch, offset))
        self.state.lost()

    @precondition(lambda self: self.state.phase is Phase.OPEN)
    @rule()
    def a_send_fails(self) -> None:
        self.state.lost(self.position)

    @precondition(lambda self: self.brokers.late)
    @rule(data=st.data())
    def a_late_request_arrives(self, data: Any) -> None:
        late = self.brokers.late
        self.brokers.end(*late.pop(data.draw(st.integers(0, len(late) - 1))))

    @precondition(lambda self: self.state.phase is Phase.LOST)
    @rule()
    def settle(self) -> None:
        self.epoch = self.brokers.init()
        base = self.state.base
        assert base is not None
        self.position = base if self.brokers.committed is None else self.brokers.committed
        self.state.reopened()

    @rule(rest=st.integers(0, 3))
    def assigned(self, rest: int | None = None) -> None:
        """The partition is given to somebody: to us again, or a crash has a successor."""
        del rest
        self.state = Transaction(INTERVAL, MOST)
        self.epoch = self.brokers.init()
        self.position = self.start if self.brokers.committed is None else self.brokers.committed

    @rule()
    def a_rival_opens_its_producer(self) -> None:
        self.brokers.init()

    @rule(seconds=st.floats(0, 0.3))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def each_offset_below_the_commit_has_left_once_and_in_order(self) -> None:
        committed = self.brokers.committed
        end = self.start if committed is None else committed
        assert self.brokers.outputs == list(range(self.start, end))

    @invariant()
    def what_is_open_becomes_due(self) -> None:
        left = self.state.seconds_left(self.now)
        assert (left is None) == (self.state.phase is not Phase.OPEN)
        assert left is None or 0 <= left <= INTERVAL + 1e-9


Faults.TestCase.settings = settings(max_examples=500, stateful_step_count=50, deadline=None)
TestFaults = Faults.TestCase
