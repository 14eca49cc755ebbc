"""CEL's operators and functions, exactly: what they do to every type, and when they fail.

Source: the CEL language definition, "List of Standard Definitions". A failure is raised as
CelFailure and absorbed by `&&`, `||`, `all` and `exists` as that document says.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pipelines.condition.error import CelFailure

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
Thunk = Callable[[], Any]

_KINDS: dict[type, str] = {
    bool: "bool", int: "int", float: "double", str: "string", bytes: "bytes", list: "list",
    dict: "map", datetime: "timestamp", timedelta: "duration", type(None): "null",
    Decimal: "double", date: "date",
}  # fmt: skip


def kind_of(value: object) -> str:
    """Return the CEL name of a value's type."""
    return _KINDS.get(type(value), type(value).__name__)


def is_number(value: object) -> bool:
    """Return True for int and double; a flag is no number."""
    return type(value) in (int, float, Decimal)


def flag(value: object) -> bool:
    """Return a bool as it is.

    Raises:
        CelFailure: It is none.
    """
    if value is True or value is False:
        return value
    raise CelFailure(f"a {kind_of(value)} is no bool")


def select(target: Any, field: str) -> Any:
    """Return `target.field`."""
    if type(target) is dict:
        if field in target:
            return target[field]
        raise CelFailure(f"no such field `{field}`")
    raise CelFailure(f"a {kind_of(target)} has no field `{field}`")


def has(target: Any, field: str) -> bool:
    """Return `has(target.field)`."""
    if type(target) is dict:
        return field in target
    raise CelFailure(f"a {kind_of(target)} has no fields")


def index(target: Any, position: Any) -> Any:
    """Return `target[position]`."""
    if type(target) is list:
        if type(position) is float and position.is_integer():
            position = int(position)
        if type(position) is not int:
            raise CelFailure(f"a list has no position of type {kind_of(position)}")
        if 0 <= position < len(target):
            return target[position]
        raise CelFailure("the position is outside of the list")
    if type(target) is dict:
        for key, value in target.items():
            if equal(key, position):
                return value
        raise CelFailure("no such key")
    raise CelFailure(f"a {kind_of(target)} has no elements")


def equal(left: Any, right: Any) -> bool:
    """Return `left == right`: values of different types are different, numbers compare by value."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if type(left) is not type(right):
        return False
    if type(left) is list:
        return len(left) == len(right) and all(map(equal, left, right))
    if type(left) is dict:
        return len(left) == len(right) and all(
            key in right and equal(value, right[key]) for key, value in left.items()
        )
    return bool(left == right)


def unequal(left: Any, right: Any) -> bool:
    """Return `left != right`."""
    return not equal(left, right)


def less(left: Any, right: Any) -> bool:
    """Return `left < right`."""
    comparable = type(left) is type(right) and type(left) in (
        bool, str, bytes, datetime, timedelta, date,
    )  # fmt: skip
    if comparable or (is_number(left) and is_number(right)):
        return bool(left < right)
    raise CelFailure(f"a {kind_of(left)} and a {kind_of(right)} have no order")


def greater(left: Any, right: Any) -> bool:
    """Return `left > right`."""
    return less(right, left)


def at_most(left: Any, right: Any) -> bool:
    """Return `left <= right`; false if either is no number."""
    return less(left, right) or equal(left, right)


def at_least(left: Any, right: Any) -> bool:
    """Return `left >= right`."""
    return at_most(right, left)


def contained(item: Any, container: Any) -> bool:
    """Return `item in container`."""
    if type(container) in (list, dict):
        return any(equal(item, one) for one in container)
    raise CelFailure(f"nothing is in a {kind_of(container)}")


def both(left: Thunk, right: Thunk) -> bool:
    """Return `left && right`: false absorbs the other side's failure, in either order."""
    return _absorbing(left, right, decisive=False)


def either(left: Thunk, right: Thunk) -> bool:
    """Return `left || right`: true absorbs the other side's failure, in either order."""
    return _absorbing(left, right, decisive=True)


def _absorbing(left: Thunk, right: Thunk, *, decisive: bool) -> bool:
    failure: CelFailure | None = None
    for side in (left, right):
        try:
            if flag(side()) is decisive:
                return decisive
        except CelFailure as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return not decisive


def negated(value: Any) -> bool:
    """Return `!value`."""
    return not flag(value)


def int64(number: int) -> int:
    """Return the integer.

    Raises:
        CelFailure: It does not fit into 64 bits.
    """
    if INT_MIN <= number <= INT_MAX:
        return number
    raise CelFailure("integer overflow")


def minus(value: Any) -> Any:
    """Return `-value`."""
    if type(value) is int:
        return int64(-value)
    if type(value) in (float, timedelta):
        return -value
    raise CelFailure(f"a {kind_of(value)} has no negative")


def add(left: Any, right: Any) -> Any:
    """Return `left + right`."""
    pair = (type(left), type(right))
    if pair == (int, int):
        return int64(left + right)
    if pair in (
        (float, float), (str, str), (bytes, bytes), (list, list),
        (datetime, timedelta), (timedelta, datetime), (timedelta, timedelta),
    ):  # fmt: skip
        return _in_range(lambda: left + right)
    raise CelFailure(f"a {kind_of(left)} and a {kind_of(right)} have no sum")


def subtract(left: Any, right: Any) -> Any:
    """Return `left - right`."""
    pair = (type(left), type(right))
    if pair == (int, int):
        return int64(left - right)
    if pair in (
        (float, float), (datetime, timedelta), (datetime, datetime), (timedelta, timedelta),
    ):  # fmt: skip
        return _in_range(lambda: left - right)
    raise CelFailure(f"a {kind_of(left)} and a {kind_of(right)} have no difference")


def multiply(left: Any, right: Any) -> Any:
    """Return `left * right`."""
    if type(left) is type(right) is int:
        return int64(left * right)
    if type(left) is type(right) is float:
        return left * right
    raise CelFailure(f"a {kind_of(left)} and a {kind_of(right)} have no product")


def divide(left: Any, right: Any) -> Any:
    """Return `left / right`: integers toward zero, doubles as IEEE 754 says."""
    if type(left) is type(right) is int:
        if right == 0:
            raise CelFailure("division by zero")
        quotient = abs(left) // abs(right)
        return int64(quotient if (left < 0) == (right < 0) else -quotient)
    if type(left) is type(right) is float:
        if right:
            return left / right
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    raise CelFailure(f"a {kind_of(left)} and a {kind_of(right)} have no quotient")


def modulo(left: Any, right: Any) -> int:
    """Return `left % right`, with the sign of `left`."""
    if type(left) is type(right) is int:
        if right == 0:
            raise CelFailure("division by zero")
        return int(left - right * divide(left, right)) if right not in (1, -1) else 0
    raise CelFailure(f"a {kind_of(left)} and a {kind_of(right)} have no remainder")


def _in_range(compute: Thunk) -> Any:
    try:
        return compute()
    except OverflowError:
        raise CelFailure("outside of the range of times") from None
