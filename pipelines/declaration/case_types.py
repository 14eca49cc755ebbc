"""The type names that a test may expect in place of values: `match: schema`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

TYPES: dict[str, Callable[[object], bool]] = {
    "any": lambda _: True,
    "null": lambda value: value is None,
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    # JSON has one kind of number: 40.0 may be written as 40
    "double": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "timestamp": lambda value: isinstance(value, str) and is_timestamp(value),
    "object": lambda value: isinstance(value, Mapping),
    "list": lambda value: isinstance(value, list),
}
"""Every type name, and which plain values are of it."""


def holds(name: str, value: object) -> bool:
    """Return True if a value is of one of the types that `name` gives, such as `int | null`."""
    return any(TYPES[one](value) for one in alternatives(name))


def alternatives(name: str) -> list[str]:
    """Return the types that a text names: `int | null` names two."""
    return [one.strip() for one in name.split("|")]


def wrong_types(expected: object, path: str = "value") -> Iterator[str]:
    """Yield what in an expected value is no type, with its path."""
    if isinstance(expected, Mapping):
        for name, one in expected.items():
            yield from wrong_types(one, f"{path}.{name}")
    elif isinstance(expected, list | tuple):
        if len(expected) != 1:
            yield f"`{path}`: a list names the type of its elements once, as `[string]`"
        for one in expected:
            yield from wrong_types(one, f"{path}[*]")
    elif not isinstance(expected, str) or not set(alternatives(expected)) <= set(TYPES):
        yield f"`{path}` is no type: write one of {', '.join(TYPES)}, or several: `string | null`"


def is_timestamp(text: str) -> bool:
    """Return True if a text is a point in time with its zone, as RFC 3339 writes it."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
