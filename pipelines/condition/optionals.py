"""Optional values: made, asked and unwrapped.

Source: the CEL specification, proposal 246, "Optional Values".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.values import ABSENT, NONE, FineDuration, Optional, a_kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def none() -> Optional:
    """Return `optional.none()`."""
    return NONE


def of_non_zero(value: Any) -> Optional:
    """Return `optional.ofNonZeroValue(value)`: none for what is zero or empty of its type."""
    return NONE if _is_zero(value) else Optional(value)


def has_value(optional: Any) -> bool:
    """Return `optional.hasValue()`."""
    return _optional(optional).value is not ABSENT


def value_of(optional: Any) -> Any:
    """Return `optional.value()`.

    Raises:
        CelFailure: It has none.
    """
    found = _optional(optional).value
    if found is ABSENT:
        raise CelFailure("the optional value is absent")
    return found


def or_other(optional: Any, other: Callable[[], Any]) -> Optional:
    """Return `optional.or(other)`; `other` is not evaluated without need."""
    known = _optional(optional)
    return _optional(other()) if known.value is ABSENT else known


def or_value(optional: Any, other: Callable[[], Any]) -> Any:
    """Return `optional.orValue(other)`; `other` is not evaluated without need."""
    found = _optional(optional).value
    return other() if found is ABSENT else found


def changed(optional: Any, change: Callable[[Any], Any]) -> Optional:
    """Return `optional.optMap(x, change)`."""
    found = _optional(optional).value
    return NONE if found is ABSENT else Optional(change(found))


def changed_flat(optional: Any, change: Callable[[Any], Any]) -> Optional:
    """Return `optional.optFlatMap(x, change)`, where the change gives an optional value."""
    found = _optional(optional).value
    return NONE if found is ABSENT else _optional(change(found))


def unwrapped(values: Any) -> list[Any]:
    """Return `optional.unwrap(list)`: the values of those that have one."""
    if type(values) is not list:
        raise CelFailure(f"{a_kind(values)} has no elements")
    return [one.value for one in map(_optional, values) if one.value is not ABSENT]


def spread(values: list[Any], optional: Any) -> None:
    """Add to a list what an optional value holds, if any."""
    found = _optional(optional).value
    if found is not ABSENT:
        values.append(found)


def _optional(value: Any) -> Optional:
    if type(value) is Optional:
        return value
    raise CelFailure(f"{a_kind(value)} is no optional value")


def _is_zero(value: Any) -> bool:
    if type(value) in (timedelta, FineDuration):
        return value == timedelta() and not getattr(value, "nanoseconds", 0)
    if type(value) is datetime:
        return value == _EPOCH
    if type(value) is Optional:
        return value.value is ABSENT
    return not value
