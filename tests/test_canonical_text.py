"""The one text of a scalar: pseudonyms made of it must never change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.canonical_text import canonical_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("Ada  ", "Ada  ", id="text as it is"),
        pytest.param("", "", id="no text"),
        pytest.param(True, "true", id="true"),
        pytest.param(False, "false", id="false"),
        pytest.param(0, "0", id="zero"),
        pytest.param(-7, "-7", id="negative"),
        pytest.param(2**80, "1208925819614629174706176", id="longer than 64 bits"),
        pytest.param(5.0, "5", id="whole double"),
        pytest.param(-0.0, "0", id="minus zero"),
        pytest.param(1e21, "1000000000000000000000", id="large double, no exponent"),
        pytest.param(0.1, "0.1", id="double"),
        pytest.param(float("inf"), "inf", id="infinite"),
        pytest.param(Decimal("5.00"), "5.00", id="decimal with its scale"),
        pytest.param(Decimal("1E+3"), "1000", id="decimal, no exponent"),
        pytest.param(b"\x00\xff", "AP8=", id="bytes in base64"),
        pytest.param(date(2024, 2, 29), "2024-02-29", id="date"),
        pytest.param(
            datetime(2024, 2, 29, 12, 30, tzinfo=UTC), "2024-02-29T12:30:00+00:00", id="time in UTC"
        ),
        pytest.param(
            datetime(2024, 2, 29, 12, 30, 0, 5, timezone(timedelta(hours=2))),
            "2024-02-29T12:30:00.000005+02:00",
            id="time elsewhere, to the microsecond",
        ),
        pytest.param(timedelta(minutes=1, milliseconds=500), "60.5s", id="duration"),
        pytest.param(time(12, 30), "12:30:00", id="time of day"),
        pytest.param(UUID(int=1), "00000000-0000-0000-0000-000000000001", id="UUID"),
    ],
)
def test_each_type_has_its_text(value: object, text: str) -> None:
    assert canonical_text(value) == text


@given(st.integers(-(2**53), 2**53))
def test_an_integer_and_the_same_double_are_one_value(number: int) -> None:
    assert canonical_text(float(number)) == canonical_text(number)


@given(st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_or_flag_is_json_for_it(value: float) -> None:
    assert json.loads(canonical_text(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_is_written_in_full(value: Decimal) -> None:
    text = canonical_text(value)

    assert Decimal(text) == value
    assert "E" not in text
