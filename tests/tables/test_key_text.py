from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.table import key_text


@pytest.mark.parametrize(
    ("key", "text"),
    [
        pytest.param("5", "5", id="text"),
        pytest.param(5, "5", id="a number"),
        pytest.param(5.0, "5", id="the same number as a double"),
        pytest.param(0.5, "0.5", id="a fraction"),
        pytest.param(-0.0, "0", id="negative zero"),
        pytest.param(True, "true", id="a flag"),
        pytest.param(float("nan"), "nan", id="not a number"),
        pytest.param(None, None, id="null is none"),
        pytest.param(b"5", None, id="bytes are none"),
        pytest.param(["5"], None, id="a list is none"),
        pytest.param({"a": 5}, None, id="an object is none"),
    ],
)
def test_keys_as_text(key: object, text: str | None) -> None:
    assert key_text(key) == text


@given(st.integers(-(2**53), 2**53))
def test_a_number_is_one_key_in_all_its_forms(number: int) -> None:
    assert key_text(number) == key_text(float(number)) == key_text(str(number))
