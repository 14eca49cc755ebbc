from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pipelines.errors import ConfigError, RecordError
from pipelines.fate import Fate
from pipelines.shape import Shape
from pipelines.step import Delayed
from pipelines.steps.delay import Delay

if TYPE_CHECKING:
    from tests.steps.conftest import Bench

ARRIVAL = 1_772_438_400_000
CREATED = "timestamp(message.created)"


def _delay(**fields: Any) -> Delay:
    return Delay.model_validate({"id": "d", "for": "30s", **fields})


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def test_a_record_goes_on_so_long_after_it_arrived(bench: Bench) -> None:
    ended = bench.run(_delay(), {"a": 1}, timestamp=ARRIVAL)
    assert ended == Delayed(Fate.DELAYED, "", ARRIVAL + 30_000, 30_000)


@pytest.mark.parametrize(
    ("created", "until"),
    [
        pytest.param(ARRIVAL - 20_000, ARRIVAL + 10_000, id="before it arrived"),
        pytest.param(ARRIVAL - 90_000, ARRIVAL - 60_000, id="long ago"),
        pytest.param(ARRIVAL + 10**12, ARRIVAL + 30_000, id="in the future: as it arrived"),
    ],
)
def test_a_time_of_its_own_counts_up_to_its_arrival(bench: Bench, created: int, until: int) -> None:
    bench.expressions[CREATED] = lambda _: _at(created)
    ended = bench.run(_delay(by=CREATED), {}, timestamp=ARRIVAL)
    assert ended == Delayed(Fate.DELAYED, "", until, 30_000)


def test_a_tombstone_has_no_time_of_its_own(bench: Bench) -> None:
    def fails(_: object) -> object:
        raise AssertionError

    bench.expressions[CREATED] = fails
    ended = bench.run(_delay(by=CREATED), None, timestamp=ARRIVAL)
    assert ended == Delayed(Fate.DELAYED, "", ARRIVAL + 30_000, 30_000)


def test_what_is_no_time_is_refused_at_load_or_dead_lettered(bench: Bench) -> None:
    bench.expressions["message.at"] = lambda _: "2026-03-02"
    bench.shapes["message.at"] = Shape("string")
    with pytest.raises(ConfigError, match=r"this is a string: write timestamp\(…\) around it"):
        _delay(by="message.at").build(bench)
    bench.shapes["message.at"] = Shape("any")
    with pytest.raises(RecordError, match="delay_failed at d"):
        bench.run(_delay(by="message.at"), {}, timestamp=ARRIVAL)


@pytest.mark.parametrize("hold", ["0s", "8d", "30"])
def test_a_delay_is_longer_than_nothing_and_no_longer_than_a_week(hold: str) -> None:
    with pytest.raises(ValidationError):
        _delay(**{"for": hold})


def test_it_waits_in_a_topic_of_its_own() -> None:
    assert _delay().waiting_topic("orders.raw") == "orders.raw.delay.d"
    assert _delay(topic="elsewhere").waiting_topic("orders.raw") == "elsewhere"


def test_arrival_is_no_expression() -> None:
    assert _delay(when="true").expressions() == {"when": "true"}
    assert _delay(by=CREATED).expressions() == {"by": CREATED}


def test_it_says_for_how_long_and_since_when() -> None:
    assert _delay().sentence() == "Lets the record through 30s after it arrived."
    assert _delay(by=CREATED).sentence() == f"Lets the record through 30s after the time {CREATED}."
