"""From CEL's own values to those that records hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.times import time_nanoseconds
from pipelines.condition.tree import (
    Call,
    Index,
    Literal,
    Macro,
    MapOf,
    Name,
    Node,
    Select,
    children,
)
from pipelines.condition.values import (
    TYPES,
    CelType,
    FineDuration,
    FineTimestamp,
    Optional,
    Uint,
    a_kind,
    known_key,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAKERS = frozenset({"uint", "timestamp", "duration", "type"})


def makes_more_than_plain(root: Node) -> bool:
    """Return True if an expression may give a value that no record holds."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        match node:
            case Literal(value=Uint()) | Select(optional=True) | Index(optional=True):
                return True
            case Call(function=function) if function in _MAKERS or "." in function:
                return True
            case Name(name=name) if name in TYPES or name == "google":
                return True
            case MapOf(entries=entries) if not all(_is_text(key) for key, _ in entries):
                return True
            case Macro(macro=macro) if macro.startswith(("opt", "transformMap")):
                return True
        waiting += children(node)
    return False


def _is_text(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str)


def plain(value: Any) -> Any:
    """Return the value as records hold it: unsigned numbers as ints, times to the microsecond.

    Raises:
        CelFailure: It is a type or an optional value, which no record holds.
    """
    match value:
        case Uint():
            return int(value)
        case list():
            return [plain(one) for one in value]
        case dict():
            return {plain(known_key(key)): plain(one) for key, one in value.items()}
        case FineTimestamp():
            return _EPOCH + timedelta(microseconds=time_nanoseconds(value) // 1000)
        case FineDuration():
            return timedelta(value.days, value.seconds, value.microseconds)
        case CelType() | Optional():
            raise CelFailure(f"{a_kind(value)} is no value of a record")
        case _:
            return value
