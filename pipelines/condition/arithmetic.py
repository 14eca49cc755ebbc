"""CEL's arithmetic: 64-bit integers that fail instead of wrapping round, IEEE 754 doubles, times.

Source: the CEL language definition, "Numeric Values", "Overflow" and "Timestamps and Durations".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pipelines.condition.error import CelFailure, with_article
from pipelines.condition.limits import charge
from pipelines.condition.times import (
    duration_of,
    elapsed,
    span_nanoseconds,
    time_nanoseconds,
    timestamp_of,
)
from pipelines.condition.values import Uint, a_kind, int64, kind_of, uint64

Operation = Callable[[Any, Any], Any]


def minus(value: Any) -> Any:
    """Return `-value`."""
    kind = kind_of(value)
    if kind == "int":
        return int64(-value)
    if kind == "double":
        return -value
    if kind == "duration":
        return duration_of(-span_nanoseconds(value))
    raise CelFailure(f"{with_article(kind)} has no negative")


def add(left: Any, right: Any) -> Any:
    """Return `left + right`."""
    return _apply(_SUMS, "sum", left, right)


def subtract(left: Any, right: Any) -> Any:
    """Return `left - right`."""
    return _apply(_DIFFERENCES, "difference", left, right)


def multiply(left: Any, right: Any) -> Any:
    """Return `left * right`."""
    return _apply(_PRODUCTS, "product", left, right)


def divide(left: Any, right: Any) -> Any:
    """Return `left / right`: integers toward zero, doubles as IEEE 754 says."""
    return _apply(_QUOTIENTS, "quotient", left, right)


def modulo(left: Any, right: Any) -> Any:
    """Return `left % right`, with the sign of `left`."""
    return _apply(_REMAINDERS, "remainder", left, right)


def _apply(operations: dict[tuple[str, str], Operation], name: str, left: Any, right: Any) -> Any:
    kinds = (kind_of(left), kind_of(right))
    operation = operations.get(kinds)
    if operation is None:
        raise CelFailure(f"{a_kind(left)} and {a_kind(right)} have no {name}")
    return operation(left, right)


def _joined(left: Any, right: Any) -> Any:
    charge(len(left) + len(right))
    return left + right


def _quotient(left: int, right: int) -> int:
    if right == 0:
        raise CelFailure("division by zero")
    quotient = abs(left) // abs(right)
    return int64(quotient if (left < 0) == (right < 0) else -quotient)


def _unsigned_quotient(left: int, right: int) -> Uint:
    if right == 0:
        raise CelFailure("division by zero")
    return Uint(left // right)


def _ieee_quotient(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise CelFailure("division by zero")
    if right == -1:
        int64(-left)  # the quotient overflows, and so does this
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def _unsigned_remainder(left: int, right: int) -> Uint:
    if right == 0:
        raise CelFailure("division by zero")
    return Uint(left % right)


_SUMS: dict[tuple[str, str], Operation] = {
    ("int", "int"): lambda left, right: int64(left + right),
    ("uint", "uint"): lambda left, right: uint64(left + right),
    ("double", "double"): lambda left, right: left + right,
    ("string", "string"): _joined,
    ("bytes", "bytes"): _joined,
    ("list", "list"): _joined,
    ("timestamp", "duration"): lambda left, right: timestamp_of(
        time_nanoseconds(left) + span_nanoseconds(right)
    ),
    ("duration", "timestamp"): lambda left, right: timestamp_of(
        span_nanoseconds(left) + time_nanoseconds(right)
    ),
    ("duration", "duration"): lambda left, right: duration_of(
        span_nanoseconds(left) + span_nanoseconds(right)
    ),
}
_DIFFERENCES: dict[tuple[str, str], Operation] = {
    ("int", "int"): lambda left, right: int64(left - right),
    ("uint", "uint"): lambda left, right: uint64(left - right),
    ("double", "double"): lambda left, right: left - right,
    ("timestamp", "timestamp"): elapsed,
    ("timestamp", "duration"): lambda left, right: timestamp_of(
        time_nanoseconds(left) - span_nanoseconds(right)
    ),
    ("duration", "duration"): lambda left, right: duration_of(
        span_nanoseconds(left) - span_nanoseconds(right)
    ),
}
_PRODUCTS: dict[tuple[str, str], Operation] = {
    ("int", "int"): lambda left, right: int64(left * right),
    ("uint", "uint"): lambda left, right: uint64(left * right),
    ("double", "double"): lambda left, right: left * right,
}
_QUOTIENTS: dict[tuple[str, str], Operation] = {
    ("int", "int"): _quotient,
    ("uint", "uint"): _unsigned_quotient,
    ("double", "double"): _ieee_quotient,
}
_REMAINDERS: dict[tuple[str, str], Operation] = {
    ("int", "int"): _remainder,
    ("uint", "uint"): _unsigned_remainder,
}
