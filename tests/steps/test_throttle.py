from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.quantity import Rate
from pipelines.record import Record
from pipelines.step import Delayed, Ended, Transform
from pipelines.steps.throttle import Throttle

if TYPE_CHECKING:
    from tests.steps.conftest import Bench

ARRIVAL = 1_772_438_400_000


def _throttle(**fields: Any) -> Throttle:
    return Throttle.model_validate({"id": "t", "rate": "10/s", "excess": "drop", **fields})


def _passed(throttle: Transform, count: int, *, value: Any = 0, at: int = 0, part: int = 0) -> int:
    made = (Record(value, partition=part, timestamp=ARRIVAL + at) for _ in range(count))
    return sum(throttle(record) is None for record in made)


def test_what_is_above_the_rate_is_dropped(bench: Bench) -> None:
    throttle = _throttle().build(bench)
    assert _passed(throttle, 100) == 10
    assert throttle(Record({}, timestamp=ARRIVAL)) == Ended(Fate.DROPPED, "throttled")
    assert _passed(throttle, 100, at=500) == 5
    assert _passed(throttle, 100, at=60_000) == 10


def test_what_is_above_the_rate_is_dead_lettered(bench: Bench) -> None:
    throttle = _throttle(rate="60/m", excess="dead_letter").build(bench)
    assert throttle(Record({}, timestamp=ARRIVAL)) is None
    with pytest.raises(RecordError, match="throttled at t"):
        throttle(Record({}, timestamp=ARRIVAL))


def test_the_partitions_of_a_source_share_the_rate(bench: Bench) -> None:
    throttle = _throttle().build(bench)
    bench.running.partitions = 5
    assert [_passed(throttle, 10, part=part) for part in range(5)] == [2] * 5


def test_each_key_has_the_rate(bench: Bench) -> None:
    bench.expressions["message"] = lambda record: record.value
    throttle = _throttle(per="message").build(bench)
    assert [_passed(throttle, 50, value=value) for value in ("a", "b", 5, 5.0)] == [10, 10, 10, 0]


def test_bytes_are_those_of_the_value(bench: Bench) -> None:
    throttle = _throttle(rate="1KiB/s").build(bench)
    assert _passed(throttle, 10, value={"text": "x" * 245}) == 4


def test_schema_versions_share_a_bucket(bench: Bench) -> None:
    step = _throttle()
    assert [_passed(step.build(bench), 10) for _ in range(2)] == [10, 0]


def test_with_delay_every_record_waits_its_turn(bench: Bench) -> None:
    step = _throttle(excess="delay")
    assert bench.run(step, {}) == Delayed(Fate.DELAYED, "throttled", 0, 0)
    assert step.pace() == Rate(10.0, "records")
    assert step.waiting_topic("raw") == "raw.throttle.t"
    assert _throttle(excess="delay", topic="own").waiting_topic("raw") == "own"
    assert (_throttle().pace(), _throttle().waiting_topic("raw")) == (None, None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"excess": "delay", "per": "key"}, "a busy key would hold up all others"),
        ({"topic": "own"}, "only with `excess: delay`"),
        ({"rate": "0/s"}, "so many records or bytes in a time"),
        ({"rate": "fast"}, "so many records or bytes in a time"),
        ({"excess": "wait"}, "excess"),
    ],
)
def test_what_cannot_work_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        _throttle(**fields)


def test_it_says_what_it_lets_through() -> None:
    assert _throttle().sentence() == "Lets 10/s through; drops the others."
    assert _throttle(rate="1KiB/s", per="key", excess="dead_letter").sentence() == (
        "Lets 1024B/s through for each key; dead-letters the others."
    )
