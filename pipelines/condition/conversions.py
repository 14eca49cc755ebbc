"""CEL's conversions between types, with their range errors.

Source: the CEL language definition, "Type Conversion".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.times import (
    NANOSECONDS,
    duration_text,
    parsed_duration,
    parsed_timestamp,
    time_nanoseconds,
    timestamp_of,
    timestamp_text,
)
from pipelines.condition.values import (
    INT_MAX,
    INT_MIN,
    UINT_MAX,
    FineDuration,
    FineTimestamp,
    Uint,
    a_kind,
    kind_of,
)

_INTEGER = re.compile(r"\s*[+-]?\d{1,40}\s*", re.ASCII)
_UNSIGNED = re.compile(r"\s*\+?\d{1,40}\s*", re.ASCII)
_DOUBLE = re.compile(
    r"\s*[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|infinity|nan)\s*", re.IGNORECASE | re.ASCII
)
_TRUE, _FALSE = ("1", "t", "true", "TRUE", "True"), ("0", "f", "false", "FALSE", "False")


_LEAST_PLACE, _FIRST_EXPONENT = -4, 6
"""Doubles of these places are written without an exponent, as C's `%g` does."""


def to_int(value: Any) -> int:
    """Return the value as an int; a double is cut toward zero."""
    kind = type(value)
    if kind in (int, bool):
        return int(value)
    if kind is Uint and value <= INT_MAX:
        return int(value)
    if kind in (float, Decimal) and math.isfinite(value) and INT_MIN < value < INT_MAX:
        return int(value)
    if kind is str and _INTEGER.fullmatch(value) and INT_MIN <= int(value) <= INT_MAX:
        return int(value)
    if kind in (datetime, FineTimestamp):
        return time_nanoseconds(value) // NANOSECONDS
    raise CelFailure(_unfit(value, "int"))


def to_uint(value: Any) -> Uint:
    """Return the value as an unsigned int; a double is cut toward zero."""
    kind = type(value)
    if kind is Uint or (kind is int and value >= 0):
        return Uint(value)
    if kind in (float, Decimal) and math.isfinite(value) and 0 <= value < UINT_MAX:
        return Uint(int(value))
    if kind is str and _UNSIGNED.fullmatch(value) and int(value) <= UINT_MAX:
        return Uint(int(value))
    raise CelFailure(_unfit(value, "uint"))


def to_double(value: Any) -> float:
    """Return the value as a double."""
    if type(value) in (int, Uint, float, Decimal):
        return float(value)
    if type(value) is str and _DOUBLE.fullmatch(value):
        return float(value)
    raise CelFailure(_unfit(value, "double"))


def to_string(value: Any) -> str:
    """Return the value as text: numbers in their shortest form, times as RFC 3339."""
    text = _TEXTS.get(type(value))
    if text is None:
        raise CelFailure(f"{a_kind(value)} has no text")
    return text(value)


def to_bytes(value: Any) -> bytes:
    """Return the value as bytes; of text, its UTF-8."""
    if type(value) is bytes:
        return value
    if type(value) is str:
        return value.encode()
    raise CelFailure(_unfit(value, "bytes"))


def to_bool(value: Any) -> bool:
    """Return the value as a bool."""
    if type(value) is bool:
        return value
    if type(value) is str and value in _TRUE + _FALSE:
        return value in _TRUE
    raise CelFailure(_unfit(value, "bool"))


def to_timestamp(value: Any) -> datetime:
    """Return the time of RFC 3339 text, or of seconds since the epoch."""
    kind = type(value)
    if kind in (datetime, FineTimestamp):
        return value  # type: ignore[no-any-return] # one of the two
    if kind is int:
        return timestamp_of(value * NANOSECONDS)
    if kind is str:
        return parsed_timestamp(value)
    raise CelFailure(_unfit(value, "timestamp"))


def to_duration(value: Any) -> timedelta:
    """Return the duration of text such as `1h30m` or `1.5s`."""
    if type(value) in (timedelta, FineDuration):
        return value  # type: ignore[no-any-return] # one of the two
    if type(value) is str:
        return parsed_duration(value)
    raise CelFailure(_unfit(value, "duration"))


def as_it_is(value: Any) -> Any:
    """Return `dyn(value)`: the value, its type known only when it is there."""
    return value


def double_text(value: float) -> str:
    """Return the shortest text that is this double, with an exponent from a million on."""
    if not math.isfinite(value):
        return str(value)
    if not value:
        return "-0" if math.copysign(1, value) < 0 else "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    place = len(digits) + int(exponent) - 1
    if _LEAST_PLACE <= place < _FIRST_EXPONENT:
        return repr(value).removesuffix(".0")
    first, *more = map(str, digits)
    point = f".{''.join(more)}" if more else ""
    return f"{'-' if sign else ''}{first}{point}e{'-' if place < 0 else '+'}{abs(place):02d}"


def _unfit(value: Any, kind: str) -> str:
    if type(value) in (int, Uint, float, Decimal) and kind in ("int", "uint"):
        return f"this {kind_of(value)} is no {kind}: out of range"
    return f"this {kind_of(value)} is no {kind}"


def _utf8(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise CelFailure("these bytes are no text") from None


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    Uint: lambda value: str(int(value)),
    Decimal: str,
    float: double_text,
    bytes: _utf8,
    datetime: timestamp_text,
    FineTimestamp: timestamp_text,
    timedelta: duration_text,
    FineDuration: duration_text,
}
