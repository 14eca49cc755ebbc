from __future__ import annotations

import pytest

from pipelines.field_path import REMOVED
from pipelines.shape import ANY, NULLABLE_STRING, STRING, Shape
from pipelines.treatment import EachScalar, text_only


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a", "a!", id="text"),
        pytest.param(1, "1!", id="a number"),
        pytest.param(False, "False!", id="a flag"),
        pytest.param(None, None, id="null stays null"),
        pytest.param(["a", None, ["b"]], ["a!", None, ["b!"]], id="lists in lists"),
        pytest.param({"a": {"b": "c"}}, {"a": {"b": "c!"}}, id="values of objects, not keys"),
        pytest.param(["x", "a"], ["a!"], id="what is removed from a list"),
        pytest.param({"a": "x", "b": "a"}, {"b": "a!"}, id="what is removed from an object"),
        pytest.param([], [], id="nothing in a list"),
    ],
)
def test_each_scalar_is_changed(before: object, after: object) -> None:
    treat = EachScalar(lambda value, name: REMOVED if value == "x" else f"{value}{name}")

    assert treat(before, "!") == after


@pytest.mark.parametrize(
    ("shape", "fits"),
    [
        pytest.param(ANY, True, id="anything"),
        pytest.param(STRING, True, id="text"),
        pytest.param(NULLABLE_STRING, True, id="text or null"),
        pytest.param(Shape("null", nullable=True), True, id="null"),
        pytest.param(Shape("int"), False, id="a number"),
        pytest.param(Shape("bytes"), False, id="bytes"),
        pytest.param(Shape("list", items=STRING), True, id="a list of text"),
        pytest.param(Shape("map", items=Shape("double")), False, id="a map of numbers"),
        pytest.param(Shape("object", fields={"a": STRING}), True, id="an object of text"),
        pytest.param(
            Shape("object", fields={"a": STRING, "b": Shape("bool")}), False, id="with a flag in it"
        ),
    ],
)
def test_text_fits_where_only_text_stands(shape: Shape, *, fits: bool) -> None:
    assert text_only(shape) == (shape if fits else None)
