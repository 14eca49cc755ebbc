"""The forms a value has as another type, by the conventions of Kafka Connect's `Cast`.

Each function returns `MISSING` where a value has no such form.
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


def to_string(value: object) -> object:
    """Return the text form: Java's for numbers and flags, RFC 3339 for times, Base64 for bytes."""
    form = _TEXTS.get(type(value))
    return MISSING if form is None else form(value)


def to_int(value: object) -> object:
    """Return the 64-bit whole number: fractions are cut off, times are milliseconds."""
    match value:
        case bool():
            return int(value)
        case int():
            number = value
        case float() | Decimal() if math.isfinite(value):
            number = int(value)
        case str() if _INT.fullmatch(value):
            number = int(value)
        case datetime():
            number = (_aware(value) - _EPOCH) // _MILLISECOND
        case date():
            number = (value - _EPOCH.date()).days
        case time():
            number = (datetime.combine(_EPOCH, value, UTC) - _EPOCH) // _MILLISECOND
        case _:
            return MISSING
    return number if number in INT64 else MISSING


def to_double(value: object) -> object:
    """Return the finite double; times are milliseconds."""
    match value:
        case str() if _DOUBLE.fullmatch(value):
            number = float(value)
        case bool() | int() | float() | Decimal():
            try:
                number = float(value)
            except OverflowError:
                return MISSING
        case datetime() | date() | time():
            whole = to_int(value)
            return float(whole) if isinstance(whole, int) else MISSING
        case _:
            return MISSING
    return number if math.isfinite(number) else MISSING


def to_bool(value: object) -> object:
    """Return the flag: numbers are true unless 0, text is `true` or `false` in any case."""
    match value:
        case bool():
            return value
        case int() | float() | Decimal():
            return value != 0
        case str():
            return {"true": True, "false": False}.get(value.lower(), MISSING)
        case _:
            return MISSING


def to_timestamp(value: object) -> object:
    """Return the time in UTC: of numbers milliseconds since the epoch, of text RFC 3339."""
    try:
        return _moment(value)
    except (OverflowError, ValueError):
        return MISSING  # beyond the years 1 to 9999, no number, or no day of the calendar


def _moment(value: object) -> object:
    moment: object = MISSING
    match value:
        case bool():
            pass
        case int() | float():
            moment = _EPOCH + timedelta(milliseconds=value)
        case str() if _RFC3339.fullmatch(value):
            moment = _aware(datetime.fromisoformat(value.upper()))
        case datetime():
            moment = _aware(value)
        case date():
            moment = datetime.combine(value, time(), UTC)
        case _:
            pass
    return moment


CASTS: dict[str, Callable[[object], object]] = {
    "string": to_string,
    "int": to_int,
    "double": to_double,
    "bool": to_bool,
    "timestamp": to_timestamp,
}
"""Cast functions by the name of the type."""

_SAFE: dict[str, tuple[Kind, ...]] = {
    "string": ("string", "bool", "int", "double", "timestamp", "date", "decimal", "bytes"),
    "int": ("bool", "int"),
    "double": ("bool", "int", "double"),
    "bool": ("bool", "int", "double", "decimal"),
    "timestamp": ("timestamp", "date"),
}


def never_fails(kind: Kind, to: str) -> bool:
    """Return True if every value of that kind has the form."""
    return kind in _SAFE[to]


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


_TEXTS: dict[type, Callable[[Any], str]] = {
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
}
