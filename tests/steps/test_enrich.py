from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.effect import Written
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.field_path import FieldPath
from pipelines.shape import ANY, STRING, Shape
from pipelines.step import Ended
from pipelines.steps.enrich import Enrich
from pipelines.tables.inline import InlineTable

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


@pytest.fixture
def regions(bench: Bench) -> Bench:
    rows: dict[Any, Any] = {"DE": {"region": "Central"}, "FR": {"region": "West"}}
    bench.tables["regions"] = InlineTable(inline=rows).load(Path())
    bench.tables["levels"] = InlineTable(inline={1: "gold"}).load(Path())
    bench.expressions["message.c"] = lambda record: record.value["c"]  # type: ignore[index] # a dict
    return bench


def enrich(**fields: str) -> Enrich:
    whole = {"id": "e", "table": "regions", "key": "message.c", "into": "geo", **fields}
    return Enrich.model_validate(whole)


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        pytest.param(enrich(), {"c": "DE"}, {"c": "DE", "geo": {"region": "Central"}}, id="a row"),
        pytest.param(
            enrich(into="x.y"), {"c": "FR"}, {"c": "FR", "x": {"y": {"region": "West"}}},
            id="parents are made",
        ),
        pytest.param(enrich(), {"c": "US"}, {"c": "US"}, id="no row, no field"),
        pytest.param(enrich(), {"c": None}, {"c": None}, id="null is no key"),
        pytest.param(enrich(), {"c": ["DE"]}, {"c": ["DE"]}, id="nor is a list"),
        pytest.param(
            enrich(table="levels"), {"c": 1}, {"c": 1, "geo": "gold"}, id="a plain value as it is"
        ),
    ],
)  # fmt: skip
def test_the_row_goes_into_the_field(regions: Bench, step: Enrich, before: Any, after: Any) -> None:
    assert regions.value_after(step, before) == after


def test_rows_belong_to_their_records(regions: Bench) -> None:
    first = regions.value_after(enrich(), {"c": "DE"})
    first["geo"]["region"] = "changed"

    assert regions.value_after(enrich(), {"c": "DE"})["geo"] == {"region": "Central"}


def test_a_missing_key_may_drop_the_record(regions: Bench) -> None:
    outcome = regions.run(enrich(on_missing="drop"), {"c": "US"})

    assert outcome == Ended(Fate.DROPPED, "enrich_missing")


def test_a_missing_key_may_dead_letter_the_record(regions: Bench) -> None:
    with pytest.raises(RecordError, match="enrich_missing at e") as failure:
        regions.run(enrich(on_missing="dead_letter"), {"c": "canary"})

    assert "canary" not in str(failure.value)


def test_a_place_that_cannot_be_dead_letters_the_record(regions: Bench) -> None:
    with pytest.raises(RecordError, match="enrich_failed at e"):
        regions.run(enrich(into="c.x"), {"c": "DE"})


@pytest.mark.parametrize(("on_missing", "conditional"), [("keep", True), ("drop", False)])
def test_the_field_has_the_rows_shape(
    regions: Bench,
    on_missing: str,
    conditional: bool,  # noqa: FBT001 - a row's column
) -> None:
    (effect,) = enrich(on_missing=on_missing).effects(regions.scope(ANY))

    row = Shape("object", fields={"region": STRING})
    assert effect == Written(FieldPath("geo"), row, conditional)


def test_it_says_which_table_it_needs() -> None:
    assert enrich().tables_needed() == ("regions",)
    assert enrich().expressions() == {"key": "message.c"}
