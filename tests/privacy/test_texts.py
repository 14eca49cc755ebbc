from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.texts import inner_json, json_text, number_text, texts_of

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        pytest.param("a", [("", "a")], id="text"),
        pytest.param({"a": ["b"]}, [("a", "a"), ("a[0]", "b")], id="names and values"),
        pytest.param({"a.b": 1}, [('["a.b"]', "a.b")], id="a name with a dot"),
        pytest.param({"n": 1234567}, [("n", "n"), ("n", "1234567")], id="a long number"),
        pytest.param('{"a":"b"}', [("a", "a"), ("a", "b")], id="JSON in text"),
        pytest.param('"[\\"a\\"]"', [("[0]", "a")], id="JSON in JSON in text"),
        pytest.param("{a}", [("", "{a}")], id="what only looks like JSON"),
        pytest.param([None, True, 1], [], id="nothing to search"),
    ],
)
def test_every_text_is_yielded_with_its_path(value: Any, texts: list[tuple[str, str]]) -> None:
    assert list(texts_of(value)) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (99, ""), (100, "100"), (-123, "-123"), (999_999.0, ""),
        (1_000_000, "1000000"), (-1_000_000, "-1000000"), (True, ""), (None, ""),
        (4111111111111111.0, "4111111111111111"), (1e6, "1000000"), (2**70, str(2**70)),
        (float("nan"), ""), (float("inf"), "inf"), (Decimal("1234567.5"), "1234567.5"),
    ],
)  # fmt: skip
def test_a_number_that_could_be_somebodys_has_a_text(value: object, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        pytest.param('{"a":1}', {"a": 1}, id="an object"),
        pytest.param(" \n[1]", [1], id="a list after spaces"),
        pytest.param('"a"', "a", id="a string"),
        pytest.param('{"a":1,"b":2,"a":3}', {"a": [1, 3], "b": 2}, id="a key given twice"),
        pytest.param('{"a":"\\ud800"}', {"a": "\ud800"}, id="half a surrogate pair"),
        pytest.param("5", None, id="a number is itself"),
        pytest.param("null", None, id="null"),
        pytest.param("", None, id="nothing"),
        pytest.param("{", None, id="a bracket"),
        pytest.param('{"a":1} x', None, id="something behind it"),
        pytest.param("[" * 100_000, None, id="too deep"),
        pytest.param("[" + "9" * 5000 + "]", None, id="a number too long to read"),
    ],
)
def test_json_in_text_is_known(text: str, inner: Any) -> None:
    assert inner_json(text) == inner


@given(VALUES)
def test_json_text_reads_as_the_same_value(value: Any) -> None:
    assert json.loads(json_text(value)) == value


@given(VALUES)
def test_what_json_text_writes_is_found_again(value: Any) -> None:
    if isinstance(value, dict | list):
        assert inner_json(json_text(value)) == value


def test_json_in_the_name_of_a_field_is_laid_open() -> None:
    assert [text for _, text in texts_of({'{"a": "x\\ny"}': "b"})] == ["a", "x\ny", "b"]
