"""CEL's functions and conversions, with the types they take and give."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.exact import INT_MAX, INT_MIN, kind_of
from pipelines.condition.linear import text_pattern
from pipelines.errors import ConfigError
from pipelines.shape import Kind

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_DOUBLE = re.compile(
    r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity|nan)", re.IGNORECASE
)
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_TRUE, _FALSE = ("1", "t", "true", "TRUE", "True"), ("0", "f", "false", "FALSE", "False")


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        run: What it does.
        takes: Kinds that each argument may have, the target first.
        gives: Kind of its result.
        method: It is called on its first argument, `text.contains("x")`.
        both: It may be called either way.
    """

    run: Callable[..., Any]
    takes: tuple[tuple[Kind, ...], ...]
    gives: Kind
    method: bool = False
    both: bool = False


def size(value: Any) -> int:
    """Return the number of code points, bytes, elements or entries."""
    if type(value) in (str, bytes, list, dict):
        return len(value)
    raise CelFailure(f"a {kind_of(value)} has no size")


def to_int(value: Any) -> int:
    """Return the value as an int; a double is cut toward zero."""
    if type(value) in (int, bool):
        return int(value)
    if type(value) in (float, Decimal) and math.isfinite(value) and INT_MIN < value < INT_MAX:
        return int(value)
    if type(value) is str and _INTEGER.fullmatch(value) and INT_MIN <= int(value) <= INT_MAX:
        return int(value)
    if type(value) is datetime:
        return math.floor(value.timestamp())
    raise CelFailure(f"this {kind_of(value)} is no int")


def to_double(value: Any) -> float:
    """Return the value as a double."""
    if type(value) in (int, float, Decimal):
        return float(value)
    if type(value) is str and _DOUBLE.fullmatch(value):
        return float(value)
    raise CelFailure(f"this {kind_of(value)} is no double")


def to_string(value: Any) -> str:
    """Return the value as text: numbers in their shortest form, times as RFC 3339."""
    text = _TEXTS.get(type(value))
    if text is None:
        raise CelFailure(f"a {kind_of(value)} has no text")
    return text(value)


def to_bool(value: Any) -> bool:
    """Return the value as a bool."""
    if type(value) is bool:
        return value
    if type(value) is str and value in _TRUE + _FALSE:
        return value in _TRUE
    raise CelFailure(f"this {kind_of(value)} is no bool")


def to_timestamp(value: Any) -> datetime:
    """Return the time of RFC 3339 text, or of seconds since the epoch."""
    try:
        if type(value) is datetime:
            return value
        if type(value) is int:
            return datetime.fromtimestamp(value, UTC)
        if type(value) is str and len(value) > 19 and value[10] in "Tt":  # noqa: PLR2004 - date, T, time
            found = datetime.fromisoformat(value.upper())
            if found.tzinfo is not None:
                return found
    except (ValueError, OverflowError, OSError):
        pass
    raise CelFailure(f"this {kind_of(value)} is no timestamp")


def to_duration(value: Any) -> timedelta:
    """Return the duration of text such as `1h30m` or `1.5s`."""
    if type(value) is timedelta:
        return value
    if type(value) is str:
        sign = -1 if value.startswith("-") else 1
        text = value.lstrip("+-") if value[:1] in ("+", "-") else value
        parts = list(_DURATION.finditer(text))
        if text == "0":
            return timedelta()
        if parts and "".join(part[0] for part in parts) == text:
            seconds = sum(float(part[1]) * _UNITS[part[2]] for part in parts)
            try:
                return sign * timedelta(seconds=seconds)
            except OverflowError:
                pass
    raise CelFailure(f"this {kind_of(value)} is no duration")


def starts_with(text: Any, start: Any) -> bool:
    """Return `text.startsWith(start)`."""
    return _text(text).startswith(_text(start))


def ends_with(text: Any, end: Any) -> bool:
    """Return `text.endsWith(end)`."""
    return _text(text).endswith(_text(end))


def contains(text: Any, part: Any) -> bool:
    """Return `text.contains(part)`."""
    return _text(part) in _text(text)


def matches(text: Any, pattern: Any) -> bool:
    """Return `text.matches(pattern)`: the pattern stands somewhere in the text; linear time."""
    try:
        found = _pattern(_text(pattern)).search(_text(text))
    except ConfigError:
        raise CelFailure("not a pattern") from None
    return found is not None


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> Any:
    return text_pattern(pattern)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise CelFailure(f"a {kind_of(value)} is no string")


def _double_text(value: float) -> str:
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 - digits
        return str(int(value)) if value or math.copysign(1, value) > 0 else "-0"
    return {"inf": "+infinity", "-inf": "-infinity"}.get(repr(value), repr(value))


def _utf8(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise CelFailure("these bytes are no text") from None


def _rfc3339(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return re.sub(r"(\.\d*?)0+Z$", r"\1Z", text).replace(".Z", "Z")


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    Decimal: str,
    float: _double_text,
    bytes: _utf8,
    datetime: _rfc3339,
    timedelta: lambda value: f"{_double_text(value.total_seconds())}s",
}
_TEXT: tuple[tuple[Kind, ...], ...] = (("string",), ("string",))
FUNCTIONS: dict[str, Function] = {
    "size": Function(size, (("string", "bytes", "list", "map", "object"),), "int", both=True),
    "startsWith": Function(starts_with, _TEXT, "bool", method=True),
    "endsWith": Function(ends_with, _TEXT, "bool", method=True),
    "contains": Function(contains, _TEXT, "bool", method=True),
    "matches": Function(matches, _TEXT, "bool", both=True),
    "int": Function(to_int, (("int", "double", "string", "bool", "timestamp", "decimal"),), "int"),
    "double": Function(to_double, (("int", "double", "string", "decimal"),), "double"),
    "string": Function(
        to_string,
        (("string", "bool", "int", "double", "bytes", "timestamp", "duration", "decimal"),),
        "string",
    ),
    "bool": Function(to_bool, (("bool", "string"),), "bool"),
    "timestamp": Function(to_timestamp, (("timestamp", "int", "string"),), "timestamp"),
    "duration": Function(to_duration, (("duration", "string"),), "duration"),
}
"""Every function but `has`, `header` and the macros."""
