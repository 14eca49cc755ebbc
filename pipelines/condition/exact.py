"""CEL's logic, equality, order and access, exactly: what they do to every type, when they fail.

Source: the CEL language definition, "List of Standard Definitions". A failure is raised as
CelFailure and absorbed by `&&`, `||`, `all` and `exists` as that document says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.limits import charge
from pipelines.condition.times import nanoseconds
from pipelines.condition.values import (
    ABSENT,
    NONE,
    FineDuration,
    FineTimestamp,
    FlagKey,
    Optional,
    Uint,
    a_kind,
    kind_of,
    stored_key,
)

Thunk = Callable[[], Any]

NUMBERS = frozenset({int, Uint, float, Decimal})
"""The types that compare with each other by value; a flag is no number."""
_TIMES = frozenset({datetime, FineTimestamp})
_SPANS = frozenset({timedelta, FineDuration})
_ORDERED = frozenset({bool, str, bytes, datetime, timedelta, date})


def flag(value: object) -> bool:
    """Return a bool as it is.

    Raises:
        CelFailure: It is none.
    """
    if value is True or value is False:
        return value
    raise CelFailure(f"{a_kind(value)} is no bool")


def select(target: Any, field: str) -> Any:
    """Return `target.field`; of an optional value, an optional value."""
    if type(target) is dict:
        if field in target:
            return target[field]
        raise CelFailure(f"no such field `{field}`")
    if type(target) is Optional:
        return select_optional(target, field)
    raise CelFailure(f"{a_kind(target)} has no field `{field}`")


def select_optional(target: Any, field: str) -> Optional:
    """Return `target.?field`: an optional value."""
    if type(target) is Optional:
        if target.value is ABSENT:
            return NONE
        target = target.value
    if type(target) is dict:
        return Optional(target[field]) if field in target else NONE
    raise CelFailure(f"{a_kind(target)} has no field `{field}`")


def has(target: Any, field: str) -> bool:
    """Return `has(target.field)`."""
    if type(target) is dict:
        return field in target
    if type(target) is Optional:
        return target.value is not ABSENT and has(target.value, field)
    raise CelFailure(f"{a_kind(target)} has no fields")


def index(target: Any, position: Any) -> Any:
    """Return `target[position]`; of an optional value, an optional value."""
    if type(target) is list:
        return target[_place(target, position)]
    if type(target) is dict:
        key = _key(target, position)
        if key is ABSENT:
            raise CelFailure("no such key")
        return target[key]
    if type(target) is Optional:
        return index_optional(target, position)
    raise CelFailure(f"{a_kind(target)} has no elements")


def index_optional(target: Any, position: Any) -> Optional:
    """Return `target[?position]`: an optional value."""
    if type(target) is Optional:
        if target.value is ABSENT:
            return NONE
        target = target.value
    if type(target) is list:
        try:
            return Optional(target[_place(target, position)])
        except IndexError:
            return NONE
    if type(target) is dict:
        key = _key(target, position)
        return NONE if key is ABSENT else Optional(target[key])
    raise CelFailure(f"{a_kind(target)} has no elements")


class _Outside(CelFailure, IndexError):
    """The position is outside of the list."""


def _place(target: list[Any], position: Any) -> int:
    """Return the position as an index of the list."""
    if type(position) is float and position.is_integer():
        position = int(position)
    if type(position) not in (int, Uint):
        raise CelFailure(f"a list has no position of type {kind_of(position)}")
    if 0 <= position < len(target):
        return int(position)
    raise _Outside("the position is outside of the list")


def _key(target: dict[Any, Any], position: Any) -> Any:
    """Return the key of the map that equals `position`, or ABSENT."""
    kind = type(position)
    if kind is str or kind in NUMBERS:
        return position if position in target else ABSENT
    if kind is bool or kind is FlagKey:
        stored = stored_key(position)
        return stored if stored in target else ABSENT
    return ABSENT


def equal(left: Any, right: Any) -> bool:
    """Return `left == right`: values of different types are different, numbers compare by value."""
    kind = type(left)
    other = type(right)
    if kind in NUMBERS:
        if kind is other or other not in NUMBERS:
            return kind is other and bool(left == right)
        left, right = _alike(left, right)
        return bool(left == right)
    if kind is list or kind is dict:
        if other is not kind or len(left) != len(right):
            return False
        charge(len(left))
        return all(map(equal, left, right)) if kind is list else _equal_maps(left, right)
    if kind is Optional:
        return other is Optional and _equal_optionals(left, right)
    if (kind in _TIMES and other in _TIMES) or (kind in _SPANS and other in _SPANS):
        return bool(left == right) and nanoseconds(left) == nanoseconds(right)
    return kind is other and bool(left == right)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two numbers so that they compare: beside a double, an integer is the nearest one."""
    if type(left) is float and type(right) is not Decimal:
        return left, float(right)
    if type(right) is float and type(left) is not Decimal:
        return float(left), right
    return left, right


def _equal_maps(left: dict[Any, Any], right: dict[Any, Any]) -> bool:
    for name, value in left.items():
        key = _key(right, name)
        if key is ABSENT or not equal(value, right[key]):
            return False
    return True


def _equal_optionals(left: Optional, right: Optional) -> bool:
    if left.value is ABSENT or right.value is ABSENT:
        return left.value is right.value
    return equal(left.value, right.value)


def unequal(left: Any, right: Any) -> bool:
    """Return `left != right`."""
    return not equal(left, right)


def less(left: Any, right: Any) -> bool:
    """Return `left < right`."""
    kind = type(left)
    other = type(right)
    if kind in NUMBERS and other in NUMBERS:
        left, right = _alike(left, right)
        return bool(left < right)
    if kind is other and kind in _ORDERED:
        return bool(left < right)
    if (kind in _TIMES and other in _TIMES) or (kind in _SPANS and other in _SPANS):
        return (left, nanoseconds(left)) < (right, nanoseconds(right))
    raise CelFailure(f"{a_kind(left)} and {a_kind(right)} have no order")


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
    if type(container) is list:
        charge(len(container))
        return any(equal(item, one) for one in container)
    if type(container) is dict:
        return _key(container, item) is not ABSENT
    raise CelFailure(f"nothing is in {a_kind(container)}")


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
