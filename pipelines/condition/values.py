"""CEL's values that Python has no type of its own for, and the names of all types.

A string is a str, bytes are bytes, a list is a list, a map a dict, an int an int, a double a
float, a timestamp an aware datetime and a duration a timedelta. What Python's own types cannot
hold - unsigned numbers, single nanoseconds, types, optional values - is held by the classes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from pipelines.condition.error import CelFailure, with_article

INT_MIN, INT_MAX, UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1


class Uint(int):
    """An unsigned integer of 64 bits; to everything but CEL it is an int."""

    __slots__ = ()


class FineTimestamp(datetime):
    """A time with nanoseconds below its microsecond; to everything but CEL it is a datetime."""

    nanoseconds: int = 0


class FineDuration(timedelta):
    """A duration with nanoseconds above its microsecond; to all but CEL it is a timedelta."""

    nanoseconds: int = 0


@dataclass(frozen=True, slots=True)
class CelType:
    """A type as a value: what `type(x)` gives."""

    name: str


class Optional:
    """A value that may be absent: what `optional.of(x)` and `message.?field` give."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class _Absent:
    """What an Optional without a value holds."""

    __slots__ = ()


ABSENT: Final = _Absent()
NONE: Final = Optional(ABSENT)


class FlagKey:
    """A bool as the key of a map: True is 1 to Python, to CEL they are two keys."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:  # noqa: FBT001 - it is what is wrapped
        self.value = value


_FLAG_KEYS = {False: FlagKey(value=False), True: FlagKey(value=True)}


def stored_key(key: Any) -> Any:
    """Return a key as the dict of a map holds it."""
    return _FLAG_KEYS[key] if type(key) is bool else key


def known_key(key: Any) -> Any:
    """Return the key that a dict holds as `key`."""
    return key.value if type(key) is FlagKey else key


KINDS: dict[type, str] = {
    bool: "bool", int: "int", Uint: "uint", float: "double", str: "string", bytes: "bytes",
    list: "list", dict: "map", type(None): "null", Decimal: "decimal", date: "date",
    datetime: "timestamp", FineTimestamp: "timestamp", timedelta: "duration",
    FineDuration: "duration", CelType: "type", Optional: "optional",
}  # fmt: skip
"""The kind of a value by its Python type, as messages spell it."""

_TYPE_NAMES = {
    "null": "null_type", "timestamp": "google.protobuf.Timestamp",
    "duration": "google.protobuf.Duration", "optional": "optional_type",
}  # fmt: skip
_NAMED = (
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
    "optional_type", "google.protobuf.Timestamp", "google.protobuf.Duration",
)  # fmt: skip
TYPES: dict[str, CelType] = {name: CelType(name) for name in _NAMED}
"""The types that an expression may name."""


def kind_of(value: object) -> str:
    """Return the kind of a value as messages spell it: `int`, `null`, `timestamp`, …."""
    return KINDS.get(type(value), type(value).__name__)


def a_kind(value: object) -> str:
    """Return the kind of a value as it is spoken of: `an int`."""
    return with_article(kind_of(value))


def type_of(value: object) -> CelType:
    """Return `type(value)`."""
    kind = kind_of(value)
    name = _TYPE_NAMES.get(kind, kind)
    return TYPES.get(name) or CelType(name)


def int64(number: int) -> int:
    """Return the integer.

    Raises:
        CelFailure: It does not fit into 64 bits.
    """
    if INT_MIN <= number <= INT_MAX:
        return number
    raise CelFailure("integer overflow")


def uint64(number: int) -> Uint:
    """Return the number as an unsigned integer.

    Raises:
        CelFailure: It is negative or does not fit into 64 bits.
    """
    if 0 <= number <= UINT_MAX:
        return Uint(number)
    raise CelFailure("unsigned integer overflow")
