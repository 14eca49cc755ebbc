from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.field_path import MISSING
from pipelines.shape import Kind
from pipelines.steps.cast.forms import FORMS, INT64, form_of, never_fails

NOON = datetime(2026, 3, 2, 12, 0, 0, 5000, tzinfo=UTC)
OF_KIND: dict[str, st.SearchStrategy[object]] = {
    "bool": st.booleans(),
    "int": st.integers(INT64.start, INT64.stop - 1),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "string": st.text(),
    "bytes": st.binary(),
    "timestamp": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    "date": st.dates(),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False),
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("x", "x", id="text"),
        pytest.param(True, "true", id="a flag"),
        pytest.param(-7, "-7", id="a number"),
        pytest.param(1.0, "1.0", id="a whole double"),
        pytest.param(0.1, "0.1", id="a double"),
        pytest.param(-0.0, "-0.0", id="negative zero"),
        pytest.param(1e7, "1.0E7", id="from ten million on with an exponent"),
        pytest.param(12345678.9, "1.23456789E7", id="all its digits"),
        pytest.param(9999999.0, "9999999.0", id="below without"),
        pytest.param(0.001, "0.001", id="a thousandth without"),
        pytest.param(-0.00012, "-1.2E-4", id="less with one"),
        pytest.param(math.nan, "NaN", id="not a number"),
        pytest.param(-math.inf, "-Infinity", id="infinity"),
        pytest.param(Decimal("12.50"), "12.50", id="a decimal"),
        pytest.param(Decimal("1E+3"), "1000", id="a decimal without an exponent"),
        pytest.param(NOON, "2026-03-02T12:00:00.005Z", id="a time in milliseconds"),
        pytest.param(
            NOON.replace(microsecond=5), "2026-03-02T12:00:00.000005Z", id="in microseconds"
        ),
        pytest.param(
            NOON.astimezone(timezone(timedelta(hours=2))), "2026-03-02T12:00:00.005Z", id="in UTC"
        ),
        pytest.param(date(2026, 3, 2), "2026-03-02", id="a date"),
        pytest.param(time(12, 30), "12:30:00.000Z", id="a time of day"),
        pytest.param(b"\x00\xff", "AP8=", id="bytes"),
        pytest.param(UUID(int=1), "00000000-0000-0000-0000-000000000001", id="a UUID"),
        pytest.param({}, MISSING, id="an object has none"),
        pytest.param([], MISSING, id="a list has none"),
    ],
)
def test_text_forms(value: object, text: object) -> None:
    assert form_of(value, "string") == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        pytest.param("42", 42, id="digits"),
        pytest.param("+42", 42, id="a plus"),
        pytest.param("-007", -7, id="leading zeros"),
        pytest.param("9223372036854775807", 2**63 - 1, id="the largest"),
        pytest.param("9223372036854775808", MISSING, id="one more"),
        pytest.param(2**63, MISSING, id="beyond 64 bits"),
        pytest.param("4.2", MISSING, id="a fraction in text"),
        pytest.param(" 42", MISSING, id="a blank"),
        pytest.param("4_2", MISSING, id="Python's underscore"),
        pytest.param("٤٢", MISSING, id="digits beyond ASCII"),
        pytest.param("", MISSING, id="nothing"),
        pytest.param(True, 1, id="a flag"),
        pytest.param(-3.9, -3, id="fractions are cut off"),
        pytest.param(math.nan, MISSING, id="not a number"),
        pytest.param(1e300, MISSING, id="a double beyond 64 bits"),
        pytest.param(Decimal("3.9"), 3, id="a decimal"),
        pytest.param(Decimal("NaN"), MISSING, id="a decimal that is none"),
        pytest.param(NOON, 1772452800005, id="a time: milliseconds"),
        pytest.param(date(1970, 1, 3), 2, id="a date: days"),
        pytest.param(time(0, 0, 1), 1000, id="a time of day: milliseconds"),
        pytest.param(b"1", MISSING, id="bytes have none"),
    ],
)
def test_whole_numbers(value: object, number: object) -> None:
    assert form_of(value, "int") == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        pytest.param("4.5", 4.5, id="text"),
        pytest.param(".5", 0.5, id="without a leading zero"),
        pytest.param("5.", 5.0, id="without a trailing one"),
        pytest.param("-1.5E-3", -0.0015, id="with an exponent"),
        pytest.param("1e999", MISSING, id="too large"),
        pytest.param("NaN", MISSING, id="no number"),
        pytest.param("1,5", MISSING, id="a comma"),
        pytest.param("0x10", MISSING, id="hexadecimal"),
        pytest.param(False, 0.0, id="a flag"),
        pytest.param(10**400, MISSING, id="a number too large"),
        pytest.param(math.inf, MISSING, id="infinity"),
        pytest.param(Decimal("1.5"), 1.5, id="a decimal"),
        pytest.param(NOON, 1772452800005.0, id="a time: milliseconds"),
        pytest.param([], MISSING, id="a list has none"),
    ],
)
def test_doubles(value: object, number: object) -> None:
    assert form_of(value, "double") == number


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        pytest.param("true", True, id="true"),
        pytest.param("FALSE", False, id="in any case"),
        pytest.param("yes", MISSING, id="no other word"),
        pytest.param("1", MISSING, id="no digit"),
        pytest.param(0, False, id="zero"),
        pytest.param(-1, True, id="another number"),
        pytest.param(0.0, False, id="zero as a double"),
        pytest.param(Decimal(2), True, id="a decimal"),
        pytest.param(NOON, MISSING, id="a time has none"),
    ],
)
def test_flags(value: object, flag: object) -> None:
    assert form_of(value, "bool") is flag


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("2026-03-02T12:00:00.005Z", NOON, id="RFC 3339"),
        pytest.param("2026-03-02t14:00:00.005+02:00", NOON, id="with an offset"),
        pytest.param("2026-03-02 12:00:00.005000999z", NOON, id="beyond microseconds"),
        pytest.param("2026-03-02T12:00:00", MISSING, id="no offset, no moment"),
        pytest.param("2026-03-02", MISSING, id="a day in text"),
        pytest.param("2026-02-30T12:00:00Z", MISSING, id="no day of the calendar"),
        pytest.param("20260302T120000Z", MISSING, id="ISO 8601 basic"),
        pytest.param(1772452800005, NOON, id="milliseconds"),
        pytest.param(1772452800005.0, NOON, id="milliseconds as a double"),
        pytest.param(10**18, MISSING, id="beyond the year 9999"),
        pytest.param(math.nan, MISSING, id="not a number"),
        pytest.param(True, MISSING, id="a flag has none"),
        pytest.param(NOON.replace(tzinfo=None), NOON, id="a time without a zone is UTC"),
        pytest.param(date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), id="a date: midnight"),
    ],
)
def test_times(value: object, moment: object) -> None:
    found = form_of(value, "timestamp")

    assert found == moment
    assert not isinstance(found, datetime) or found.tzinfo is UTC


@given(st.integers(INT64.start, INT64.stop - 1))
def test_numbers_survive_their_text(number: int) -> None:
    assert form_of(form_of(number, "string"), "int") == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_survive_their_text(number: float) -> None:
    assert form_of(form_of(number, "string"), "double") == number


@given(OF_KIND["timestamp"])
def test_times_survive_their_text(moment: object) -> None:
    assert form_of(form_of(moment, "string"), "timestamp") == moment


@pytest.mark.parametrize(
    ("kind", "to"),
    [(kind, to) for kind in get_args(Kind) for to in FORMS if never_fails(kind, to)],
)
@given(st.data())
def test_what_never_fails_does_not(kind: str, to: str, data: st.DataObject) -> None:
    assert form_of(data.draw(OF_KIND[kind]), to) is not MISSING


@given(
    st.one_of(*OF_KIND.values()) | st.none() | st.lists(st.integers()), st.sampled_from(list(FORMS))
)
def test_every_value_has_a_form_or_none(value: object, to: str) -> None:
    types = {"string": str, "int": int, "double": float, "bool": bool, "timestamp": datetime}
    found = form_of(value, to)

    assert found is MISSING or type(found) is types[to]
