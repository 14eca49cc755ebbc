from __future__ import annotations

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipelines.runtime.delay_schedule import DelaySchedule

GRAIN = 0.1
HOLDS = st.integers(0, 40).map(lambda quarters: quarters / 4)


@dataclass
class Piece:
    records: list[int]
    epoch: int = 0


def held(*times: float, epoch: int = 0) -> tuple[Piece, list[float]]:
    return Piece(list(range(len(times))), epoch), list(times)


def test_nothing_goes_before_its_time() -> None:
    schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)
    piece, times = held(10.0, 11.0)
    schedule.add(piece, times)
    assert schedule.take(9.99) is None
    assert schedule.seconds_left(9.0) == 1.0
    assert schedule.take(10.0) == (piece, 1)
    assert schedule.take(10.99) is None
    assert schedule.take(11.0) == (piece, None)
    assert schedule.seconds_left(11.0) is None


def test_what_is_due_earlier_waits_for_what_stands_before_it() -> None:
    schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)
    piece, times = held(10.0, 5.0, 10.0)
    schedule.add(piece, times)
    assert schedule.take(9.0) is None
    assert schedule.take(10.0) == (piece, None)


def test_records_due_one_after_the_other_go_in_groups() -> None:
    schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)
    piece, times = held(*(10 + number / 100 for number in range(100)))
    schedule.add(piece, times)
    takes, now = 0, 10.0
    while (left := schedule.seconds_left(now)) is not None:
        now += left
        takes += schedule.take(now) is not None
    assert takes <= 12
    assert now < 11.2


def test_a_piece_without_records_goes_at_once() -> None:
    schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)
    piece, times = held()
    schedule.add(piece, times)
    assert not schedule.is_empty
    assert schedule.seconds_left(0.0) == 0.0
    assert schedule.take(0.0) == (piece, None)


def test_what_was_read_before_reading_went_back_holds_nothing_up() -> None:
    schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)
    schedule.add(*held(1e9))
    newer, times = held(5.0, epoch=1)
    schedule.add(newer, times)
    assert schedule.take(5.0) == (newer, None)


def test_a_clock_that_was_set_back_holds_parts_up_for_a_grain() -> None:
    schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)
    piece, _ = held(0, 0)
    schedule.add(piece, [100.0, 101.0])
    assert schedule.take(100.5) == (piece, 1)
    left = schedule.seconds_left(50.0)
    assert left is not None
    assert abs(left - 51.0) < 1e-9


class Waiting(RuleBasedStateMachine):
    """A partition of records that wait: read, let go, committed; lanes end and it is read again.

    The log and the commit are the test's; the schedule only ever says how many may go.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.log: list[float] = []
        self.began: list[float] = []
        self.read = self.committed = self.epoch = 0
        self.gone: list[int] = []
        self.rest: dict[int, int] = {}
        self.schedule: DelaySchedule[Piece] = DelaySchedule(GRAIN)

    @rule(holds=st.lists(HOLDS, min_size=1, max_size=6))
    def arrive(self, holds: list[float]) -> None:
        self.log += [self.now + hold for hold in holds]
        self.began += [self.now] * len(holds)

    @rule(most=st.integers(0, 5))
    def fetch(self, most: int) -> None:
        records = list(range(self.read, min(self.read + most, len(self.log))))
        self.schedule.add(Piece(records, self.epoch), [self.log[one] for one in records])
        self.read += len(records)

    @rule(seconds=HOLDS)
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def let_go(self) -> None:
        self._take()

    def _take(self) -> bool:
        due = self.schedule.take(self.now)
        if due is None:
            return False
        piece, count = due
        going = piece.records if count is None else piece.records[:count]
        piece.records = piece.records[len(going) :]
        for one in going:
            assert one == self.committed, "over one that waits, or twice"
            assert self.log[one] <= self.now, "early"
            self.committed += 1
            self.gone.append(one)
        return True

    @rule()
    def another_lane(self) -> None:
        """The partition changes hands: all that is left is forgotten and read again."""
        while not self.schedule.is_empty:
            self.schedule.drop()
        self.schedule = DelaySchedule(GRAIN)
        self.read, self.epoch = self.committed, 0

    @rule()
    def reading_goes_back(self) -> None:
        """A transaction was lost: what is held is void as soon as something is read anew."""
        self.epoch += 1
        self.read = self.committed
        self.schedule.add(Piece([], self.epoch), [])

    @rule()
    def all_that_is_due_goes_in_time(self) -> None:
        self.fetch(len(self.log))
        for _ in range(len(self.log) + 50):
            left = self.schedule.seconds_left(self.now)
            if left is None or left > GRAIN:
                break
            self.now += left
            assert self._take(), "it said that something may go"
        waits = self.log[self.committed : self.committed + 1]
        assert all(until > self.now for until in waits), "late"

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert self.gone == list(range(self.committed))
        assert len(self.schedule) <= self.read - self.committed


Waiting.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
test_waiting = Waiting.TestCase
