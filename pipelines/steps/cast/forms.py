"""The forms a value has as another type, by the conventions of Kafka Connect's `Cast`.

A function returns `MISSING` where its value has no such form.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pipelines.field_path import MISSING
from pipelines.shape import Kind

INT64 = range(-(2**63), 2**63)

_INT = re.compile(r"[+-]?[0-9]{1,19}")
_DOUBLE = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,5})?"
)
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_PLAIN_DOUBLES = (1e-3, 1e7)  # Java writes doubles from and below these without an exponent


def _whole(number: int) -> object:
    return number if number in INT64 else MISSING


def _cut_off(number: float | Decimal) -> object:
    return _whole(int(number)) if math.isfinite(number) else MISSING


def _digits(text: str) -> object:
    return _whole(int(text)) if _INT.fullmatch(text) else MISSING


def _milliseconds(moment: datetime) -> int:
    return (_aware(moment) - _EPOCH) // _MILLISECOND


def _days(day: date) -> int:
    return (day - _EPOCH.date()).days


def _milliseconds_of_day(clock: time) -> int:
    return (datetime.combine(_EPOCH, clock, UTC) - _EPOCH) // _MILLISECOND


def _finite(number: float | Decimal) -> object:
    try:
        double = float(number)
    except OverflowError:
        return MISSING
    return double if math.isfinite(double) else MISSING


def _decimal_text(text: str) -> object:
    return _finite(float(text)) if _DOUBLE.fullmatch(text) else MISSING


def _flag(text: str) -> object:
    return {"true": True, "false": False}.get(text.lower(), MISSING)


def _moment(milliseconds: float) -> object:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError):
        return MISSING  # beyond the years 1 to 9999, or no number


def _moment_of_text(text: str) -> object:
    if not _RFC3339.fullmatch(text):
        return MISSING
    try:
        return _aware(datetime.fromisoformat(text.upper()))
    except (OverflowError, ValueError):
        return MISSING  # no day of the calendar


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _rfc3339(moment: datetime) -> str:
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return _aware(moment).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def _java_text(number: float) -> str:
    """Return the text of `Double.toString` (Java 19 and later: the shortest digits)."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    smallest, largest = _PLAIN_DOUBLES
    if number == 0 or smallest <= abs(number) < largest:
        return repr(number)
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    first, *others = map(str, digits)
    power = int(exponent) + len(others)
    return f"{'-' if sign else ''}{first}.{''.join(others) or '0'}E{power}"


Form = Callable[[Any], object]

FORMS: dict[str, dict[type, Form]] = {
    "string": {
        str: lambda text: text,
        bool: lambda flag: "true" if flag else "false",
        int: str,
        float: _java_text,
        Decimal: lambda number: format(number, "f"),
        UUID: str,
        datetime: _rfc3339,
        date: date.isoformat,
        time: lambda clock: clock.isoformat("milliseconds") + "Z",
        bytes: lambda raw: base64.b64encode(raw).decode(),
    },
    "int": {
        str: _digits,
        bool: int,
        int: _whole,
        float: _cut_off,
        Decimal: _cut_off,
        datetime: _milliseconds,
        date: _days,
        time: _milliseconds_of_day,
    },
    "double": {
        str: _decimal_text,
        bool: float,
        int: _finite,
        float: _finite,
        Decimal: _finite,
        datetime: lambda moment: float(_milliseconds(moment)),
        date: lambda day: float(_days(day)),
        time: lambda clock: float(_milliseconds_of_day(clock)),
    },
    "bool": {
        str: _flag,
        bool: bool,
        int: bool,
        float: bool,
        Decimal: bool,
    },
    "timestamp": {
        str: _moment_of_text,
        int: _moment,
        float: _moment,
        datetime: _aware,
        date: lambda day: datetime.combine(day, time(), UTC),
    },
}
"""What values of each Python type become, by the name of the type they get."""


_SAFE: dict[str, tuple[Kind, ...]] = {
    "string": ("string", "bool", "int", "double", "timestamp", "date", "decimal", "bytes"),
    "int": ("bool", "int"),
    "double": ("bool", "int", "double"),
    "bool": ("bool", "int", "double", "decimal"),
    "timestamp": ("timestamp", "date"),
}


def form_of(value: object, to: str) -> object:
    """Return the value as type `to`, or `MISSING`."""
    form = FORMS[to].get(type(value))
    return MISSING if form is None else form(value)


def never_fails(kind: Kind, to: str) -> bool:
    """Return True if every value of that kind has the form."""
    return kind in _SAFE[to]
