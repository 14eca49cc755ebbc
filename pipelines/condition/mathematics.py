"""The math extension: extremes, rounding, signs, tests and bits.

Source: the math extension of cel-go, version 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.exact import less
from pipelines.condition.values import UINT_MAX, Uint, a_kind, int64, kind_of, uint64

_BITS = 64
_WHOLE_FROM = 2.0**53
"""Doubles from here on have no fraction."""


def greatest(*values: Any) -> Any:
    """Return the greatest of numbers, or of a list of them; of equal ones the first."""
    best, *others = _numbers(values)
    for one in others:
        best = one if less(best, one) else best
    return best


def least(*values: Any) -> Any:
    """Return the least of numbers, or of a list of them; of equal ones the first."""
    best, *others = _numbers(values)
    for one in others:
        best = one if less(one, best) else best
    return best


def _numbers(values: tuple[Any, ...]) -> list[Any]:
    listed = values[0] if len(values) == 1 and type(values[0]) is list else list(values)
    if not listed:
        raise CelFailure("an empty list has no greatest and no least")
    for one in listed:
        if kind_of(one) not in ("int", "uint", "double"):
            raise CelFailure(f"{a_kind(one)} is no number")
    return list(listed)


def absolute(value: Any) -> Any:
    """Return `math.abs(value)`."""
    kind = kind_of(value)
    if kind == "uint":
        return value
    if kind == "int":
        return int64(abs(value))
    return abs(_double(value))


def sign(value: Any) -> Any:
    """Return `math.sign(value)`: -1, 0 or 1, of the value's type."""
    kind = kind_of(value)
    if kind == "uint":
        return Uint(value > 0)
    if kind == "int":
        return (value > 0) - (value < 0)
    number = _double(value)
    return number if number == 0 or math.isnan(number) else math.copysign(1.0, number)


def rounding(how: Callable[[float], int]) -> Callable[[Any], float]:
    """Return a function that rounds a double to a whole double."""

    def run(value: Any) -> float:
        number = _double(value)
        if not math.isfinite(number) or abs(number) >= _WHOLE_FROM:
            return number
        return math.copysign(float(how(number)), number)

    return run


def half_away(number: float) -> int:
    """Return the nearest integer, of two the one farther from zero."""
    whole = math.floor(abs(number))
    whole += abs(number) - whole >= 0.5  # noqa: PLR2004 - half
    return -whole if number < 0 else whole


def testing(test: Callable[[float], bool]) -> Callable[[Any], bool]:
    """Return a function that tests a double."""

    def run(value: Any) -> bool:
        return test(_double(value))

    return run


def square_root(value: Any) -> float:
    """Return `math.sqrt(value)`, NaN below zero."""
    if kind_of(value) not in ("int", "uint", "double"):
        raise CelFailure(f"{a_kind(value)} is no number")
    return math.sqrt(value) if value >= 0 else math.nan


def of_bits(combine: Callable[[int, int], int]) -> Callable[[Any, Any], Any]:
    """Return a function of the bits of two ints or of two uints."""

    def run(left: Any, right: Any) -> Any:
        kinds = (kind_of(left), kind_of(right))
        if kinds == ("int", "int"):
            return combine(left, right)
        if kinds == ("uint", "uint"):
            return Uint(combine(left, right))
        raise CelFailure(f"{a_kind(left)} and {a_kind(right)} have no bits in common")

    return run


def bits_inverted(value: Any) -> Any:
    """Return `math.bitNot(value)`."""
    if kind_of(value) == "uint":
        return uint64(UINT_MAX - value)
    return ~_whole(value)


def shifted_left(value: Any, places: Any) -> Any:
    """Return `math.bitShiftLeft(value, places)`; what leaves the 64 bits is lost."""
    shifted = int(value) << _places(places) if _whole_or_unsigned(value) else 0
    return _of_kind(value, shifted & UINT_MAX)


def shifted_right(value: Any, places: Any) -> Any:
    """Return `math.bitShiftRight(value, places)`; zeros come in, whatever the sign."""
    shifted = (int(value) & UINT_MAX) >> _places(places) if _whole_or_unsigned(value) else 0
    return _of_kind(value, shifted)


def _of_kind(value: Any, bits: int) -> Any:
    if type(value) is Uint:
        return Uint(bits)
    return bits - (1 << _BITS) if bits >> (_BITS - 1) else bits


def _places(value: Any) -> int:
    if _whole(value) < 0:
        raise CelFailure("a shift by a negative number of places")
    return min(int(value), _BITS)


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    raise CelFailure(f"{a_kind(value)} is no int")


def _whole_or_unsigned(value: Any) -> bool:
    return type(value) is Uint or _whole(value) == value


def _double(value: Any) -> float:
    if type(value) is float:
        return value
    raise CelFailure(f"{a_kind(value)} is no double")
