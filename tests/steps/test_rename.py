from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pipelines.effect import Renamed
from pipelines.errors import RecordError
from pipelines.field_path import FieldPath
from pipelines.shape import ANY
from pipelines.steps.rename import Rename

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def rename(source: str, to: str) -> Rename:
    return Rename.model_validate({"step": "rename", "id": "r", "from": source, "to": to})


@pytest.mark.parametrize(
    ("source", "to", "before", "after"),
    [
        pytest.param("a", "b", {"a": 1}, {"b": 1}, id="another name"),
        pytest.param("a", "b", {"b": 2}, {"b": 2}, id="absent: nothing happens"),
        pytest.param("a", "b", {"a": None}, {"b": None}, id="null moves"),
        pytest.param("a", "b", {"a": 1, "b": 2}, {"b": 1}, id="what stood there is replaced"),
        pytest.param("a.x", "b.y", {"a": {"x": 1}}, {"a": {}, "b": {"y": 1}}, id="another place"),
        pytest.param("a", "a.b", {"a": 1}, {"a": {"b": 1}}, id="into itself"),
        pytest.param("a.b", "a", {"a": {"b": 1, "c": 2}}, {"a": 1}, id="in place of its parent"),
        pytest.param(
            "i[*].x", "i[*].y", {"i": [{"x": 1}, {}, 5]}, {"i": [{"y": 1}, {}, 5]}, id="each"
        ),
        pytest.param("a", "b", ["a"], ["a"], id="a record that is no object"),
    ],
)
def test_a_field_moves(bench: Bench, source: str, to: str, before: Any, after: Any) -> None:
    assert bench.value_after(rename(source, to), before) == after


def test_a_place_that_cannot_be_dead_letters_the_record(bench: Bench) -> None:
    with pytest.raises(RecordError, match="rename_failed at r"):
        bench.run(rename("a", "b.c"), {"a": 1, "b": 5})


@pytest.mark.parametrize(
    ("source", "to", "message"),
    [
        pytest.param("a", "a", "the same field", id="to itself"),
        pytest.param("a[0]", "b", "name fields", id="an element"),
        pytest.param("a", "m.*", "name fields", id="to every entry"),
        pytest.param("i[*].x", "x", "go through the same elements", id="many to one"),
        pytest.param("i[*].x", "j[*].x", "go through the same elements", id="between lists"),
    ],
)
def test_what_could_not_be_moved_is_refused(source: str, to: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        rename(source, to)


def test_the_effect_moves_the_shape(bench: Bench) -> None:
    (effect,) = rename("a", "b").effects(bench.scope(ANY))

    assert effect == Renamed(FieldPath("a"), FieldPath("b"))
