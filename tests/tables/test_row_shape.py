from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.shape import ANY, STRING, Shape
from pipelines.tables.row_shape import merged, optional, shape_of, shape_of_rows, still_holds

ROWS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "pt-BR"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("rows", "shape"),
    [
        pytest.param([], ANY, id="no rows: nothing is known"),
        pytest.param(["a", "b"], STRING, id="texts"),
        pytest.param(["a", None], Shape("string", nullable=True), id="a text or null"),
        pytest.param([1, 2.5], Shape("double"), id="numbers"),
        pytest.param([1, True], ANY, id="a flag is no number"),
        pytest.param([1, "a"], ANY, id="nothing in common"),
        pytest.param(
            [{"a": 1}, {"a": 2, "b": "x"}],
            Shape("object", fields={"a": Shape("int"), "b": Shape("string", nullable=True)}),
            id="a field that some rows have",
        ),
        pytest.param([{"pt-BR": "x"}], Shape("map", items=STRING), id="names of no field: a map"),
        pytest.param([{"en": "x"}, {"pt-BR": "y"}], Shape("map", items=STRING), id="both: a map"),
        pytest.param([[1], []], Shape("list", items=Shape("int")), id="lists"),
    ],
)
def test_the_shape_of_rows(rows: list[Any], shape: Shape) -> None:
    assert shape_of_rows(rows) == shape


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_every_row_fits_the_shape(rows: list[Any]) -> None:
    shape = shape_of_rows(rows)

    assert all(still_holds(shape, shape_of(row)) for row in rows)
    assert all(still_holds(optional(shape), shape_of(row)) for row in rows)


@given(ROWS, ROWS)
def test_the_order_of_rows_does_not_matter(one: Any, other: Any) -> None:
    assert merged(shape_of(one), shape_of(other)) == merged(shape_of(other), shape_of(one))


@pytest.mark.parametrize(
    ("promised", "found"),
    [
        pytest.param([{"a": 1}], [{}], id="a field is gone"),
        pytest.param([{"a": 1}], [{"a": None}], id="null where none was"),
        pytest.param([{"a": 1}], [{"a": "x"}], id="another type"),
        pytest.param([{"a": 1}], [{"a": 1.5}], id="a fraction where whole numbers were"),
        pytest.param([[1]], [["x"]], id="other elements"),
    ],
)
def test_a_promise_can_be_broken(promised: list[Any], found: list[Any]) -> None:
    assert not still_holds(shape_of_rows(promised), shape_of_rows(found))


def test_new_fields_break_no_promise() -> None:
    assert still_holds(shape_of({"a": 1.5}), shape_of({"a": 1, "b": 2}))
