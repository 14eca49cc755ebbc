from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pipelines.effect import Written
from pipelines.errors import RecordError
from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.shape import ANY, Kind, Shape
from pipelines.steps.cast import Cast

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def cast(to: str, *, field: str = "a", on_error: str = "dead_letter") -> Cast:
    written = {"id": "c", "field": field, "to": to, "on_error": on_error}
    return Cast.model_validate(written)


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        pytest.param(cast("int"), {"a": "5"}, {"a": 5}, id="a field"),
        pytest.param(cast("int"), {"a": None}, {"a": None}, id="null stays null"),
        pytest.param(cast("int"), {}, {}, id="absent stays absent"),
        pytest.param(cast("int", field="a[*].b"), {"a": [{"b": "1"}, {}]}, {"a": [{"b": 1}, {}]},
                     id="in every element"),
        pytest.param(cast("int", on_error="null"), {"a": "x"}, {"a": None}, id="else null"),
        pytest.param(cast("int", on_error="keep"), {"a": "x"}, {"a": "x"}, id="else as it is"),
        pytest.param(cast("string"), {"a": 1.0}, {"a": "1.0"}, id="to text"),
    ],
)  # fmt: skip
def test_a_field_gets_its_type(bench: Bench, step: Cast, before: Any, after: Any) -> None:
    assert bench.value_after(step, before) == after


def test_what_has_no_such_form_is_dead_lettered_without_its_value(bench: Bench) -> None:
    record = Record({"a": "canary-4111"})

    with pytest.raises(RecordError) as failure:
        cast("int").build(bench)(record)

    assert (failure.value.code, failure.value.where) == ("cast_failed", "c")
    assert "canary" not in str(failure.value)
    assert failure.value.__cause__ is None


@pytest.mark.parametrize(
    ("kind", "to", "on_error", "after"),
    [
        pytest.param("string", "int", "dead_letter", Shape("int"), id="or dead-lettered: an int"),
        pytest.param("string", "int", "null", Shape("int", nullable=True), id="or null: nullable"),
        pytest.param("int", "double", "null", Shape("double"), id="never fails: not nullable"),
        pytest.param("string", "int", "keep", ANY, id="or kept: either type"),
        pytest.param("bool", "string", "keep", Shape("string"), id="never fails: always text"),
        pytest.param("any", "int", "dead_letter", Shape("int", nullable=True), id="may be null"),
    ],
)
def test_the_type_afterwards_is_known(
    bench: Bench, kind: Kind, to: str, on_error: str, after: Shape
) -> None:
    tags = frozenset({"PII.BIRTH"})
    before = Shape("object", fields={"a": Shape(kind, tags=tags)})

    (effect,) = cast(to, on_error=on_error).effects(bench.scope(before))

    assert effect == Written(FieldPath("a"), after.with_tags(tags))


def test_a_field_that_no_record_has_is_not_written(bench: Bench) -> None:
    assert cast("int").effects(bench.scope(Shape("object"))) == ()
