from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Ended
from pipelines.steps.sample import RATE_HEADER, Sample

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def sample(**fields: Any) -> Sample:
    return Sample(id="s", **fields)


def passing(bench: Bench, step: Sample, keys: list[Any]) -> set[Any]:
    transform = step.build(bench)
    return {key for key in keys if transform(Record({}, key)) is None}


USERS: list[Any] = [f"user-{number}" for number in range(10_000)]


@pytest.mark.parametrize("ratio", [0.01, 0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["texts", "numbers"])
def test_the_share_that_passes_is_the_ratio(bench: Bench, ratio: float, kind: str) -> None:
    keys = USERS if kind == "texts" else list(range(10_000))

    share = len(passing(bench, sample(ratio=ratio), keys)) / len(keys)

    assert share == pytest.approx(ratio, abs=5 * (ratio * (1 - ratio) / len(keys)) ** 0.5)


def test_the_same_key_is_always_in_or_out(bench: Bench) -> None:
    first, second = sample(ratio=0.3), Sample(id="other", ratio=0.3)

    assert passing(bench, first, USERS) == passing(bench, second, USERS)


def test_what_is_in_at_a_small_ratio_is_in_at_a_larger_one(bench: Bench) -> None:
    assert passing(bench, sample(ratio=0.1), USERS) < passing(bench, sample(ratio=0.2), USERS)


def test_one_in_ten_is_a_tenth(bench: Bench) -> None:
    assert passing(bench, sample(one_in=10), USERS) == passing(bench, sample(ratio=0.1), USERS)


def test_everything_passes_at_one(bench: Bench) -> None:
    assert passing(bench, sample(ratio=1), USERS) == set(USERS)


def test_the_choice_is_the_same_on_every_machine(bench: Bench) -> None:
    chosen = sorted(passing(bench, sample(ratio=0.002), USERS))
    code = (
        "from pipelines.record import Record; from pipelines.steps.sample import Sample\n"
        "keep = Sample(id='s', ratio=0.002).build(None)\n"
        "users = (f'user-{n}' for n in range(10_000))\n"
        "print(*sorted(user for user in users if keep(Record({}, user)) is None))"
    )

    other = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert other.stdout.split() == chosen
    assert chosen[:3] == ["user-1084", "user-1189", "user-141"]


@pytest.mark.parametrize(
    "alike",
    [
        pytest.param([5, 5.0, "5", b"5"], id="numbers and their text"),
        pytest.param([True, "true"], id="flags"),
        pytest.param([{"a": 1, "b": 2}, {"b": 2, "a": 1}], id="objects in any order"),
    ],
)
def test_values_are_compared_as_text(bench: Bench, alike: list[Any]) -> None:
    for one_in in range(2, 40):
        transform = sample(one_in=one_in).build(bench)
        assert len({transform(Record({}, value)) is None for value in alike}) == 1


def test_the_choice_is_by_an_expression(bench: Bench) -> None:
    bench.expressions["message.path"] = lambda record: record.value
    transform = sample(ratio=0.5, by="message.path").build(bench)

    outcomes = {transform(Record("/a", key)) is None for key in USERS[:50]}

    assert len(outcomes) == 1


def test_records_without_a_key_are_chosen_by_their_offset(bench: Bench) -> None:
    transform = sample(ratio=0.5).build(bench)

    outcomes = [transform(Record({}, None, offset=offset)) is None for offset in range(1000)]

    assert 400 < sum(outcomes) < 600
    assert outcomes == [
        transform(Record({}, None, offset=offset)) is None for offset in range(1000)
    ]


def test_what_is_out_ends_and_what_is_in_carries_the_rate(bench: Bench) -> None:
    transform = sample(one_in=4).build(bench)
    records = [Record({}, key) for key in USERS[:100]]
    outcomes = [transform(record) for record in records]

    assert Ended(Fate.SAMPLED_OUT, "not_in_sample") in outcomes
    assert None in outcomes
    for record, outcome in zip(records, outcomes, strict=True):
        assert record.headers == ([] if outcome else [(RATE_HEADER, b"0.25")])


def test_rates_of_several_samples_multiply(bench: Bench) -> None:
    record = Record({}, "k", headers=[("trace", b"x")])
    for one in (sample(ratio=1), sample(ratio=1.0)):
        one.build(bench)(record)
    record.headers[-1] = (RATE_HEADER, b"0.5")
    transform = sample(ratio=0.999999).build(bench)

    assert transform(record) is None
    assert record.headers == [("trace", b"x"), (RATE_HEADER, b"0.4999995")]


def test_a_value_without_a_text_form_dead_letters_the_record(bench: Bench) -> None:
    with pytest.raises(RecordError, match="sample_failed at s"):
        bench.run(sample(ratio=0.5), {}, key={"n": 2**70})


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="no rate"),
        pytest.param({"ratio": 0.1, "one_in": 10}, id="two rates"),
        pytest.param({"ratio": 0}, id="nothing would pass"),
        pytest.param({"ratio": 1.5}, id="more than everything"),
        pytest.param({"one_in": 0}, id="one in none"),
    ],
)
def test_a_sample_has_one_rate(fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate({"id": "s", **fields})
