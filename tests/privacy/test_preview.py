from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.preview import MAX_CHARACTERS, preview

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param({"a": "Ada", "n": 12}, '{"*":"***","*":**}', id="an object"),
        pytest.param([True, None], "[****,****]", id="a list"),
        pytest.param('a"b\\c', '"*******"', id="quotes and escapes"),
        pytest.param("{[]},:", '"******"', id="signs of JSON in text"),
        pytest.param(b"ab", '"****"', id="bytes"),
        pytest.param(date(2026, 3, 2), '"**********"', id="a date"),
        pytest.param(None, "****", id="null"),
        pytest.param(object(), '"*', id="anything else"),
        pytest.param({b"x": 1}, "<dict>", id="what has no JSON"),
        pytest.param(2**70, "<int>", id="a number without JSON"),
    ],
)
def test_only_the_shape_is_shown(value: object, shown: str) -> None:
    assert preview(value).startswith(shown)


@given(VALUES)
def test_no_character_of_the_value_is_shown(value: Any) -> None:
    shown = preview(value)

    assert re.fullmatch(r'[*{}\[\]",:]*|<(int|float|str|dict|list)>', shown)
    assert len(shown) <= MAX_CHARACTERS


def test_a_long_value_is_cut() -> None:
    assert preview("x" * 10_000) == '"' + "*" * (MAX_CHARACTERS - 1)


def test_a_deep_value_is_named_by_its_type() -> None:
    value: Any = "canary"
    for _ in range(2000):
        value = [value]

    assert preview(value) == "<list>"
