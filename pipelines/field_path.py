"""FieldPath: where a field stands in a value - `a.b`, `a[0]`, `a[*].b`, `map.*`, `a["x.y"]`."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue


class Marker(Enum):
    """What stands where no value can: an absent field, a field to take out, every element."""

    MISSING = "missing"
    REMOVED = "removed"
    EACH = "*"


MISSING: Final = Marker.MISSING
REMOVED: Final = Marker.REMOVED
EACH: Final = Marker.EACH

Segment = str | int | Literal[Marker.EACH]

_SEGMENT = re.compile(
    r"""(?:^|\.)(?P<star>\*)|(?:^|\.)(?P<name>[^.\[\]"*\s]+)"""
    r"""|\[(?P<index>\d+)\]|\[(?P<each>\*)\]|\["(?P<quoted>(?:[^"\\]|\\.)+)"\]"""
)


class FieldPath:
    """A parsed path. Equal and hashed by its segments.

    Attributes:
        segments: Names (str), positions (int) and `EACH` for `[*]` and `.*`.
    """

    __slots__ = ("segments", "text")

    def __init__(self, text: str) -> None:
        """Parse `text`.

        Raises:
            ValueError: The text is not a path.
        """
        self.text = text
        self.segments: tuple[Segment, ...] = tuple(_parsed(text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldPath) and other.segments == self.segments

    def __hash__(self) -> int:
        return hash(self.segments)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"FieldPath({self.text!r})"

    def get(self, value: object) -> object:
        """Return the field, or `MISSING`. A path with `EACH` gives the first field there is."""
        found = _get(value, self.segments)
        return next(found, MISSING)

    def get_all(self, value: object) -> list[object]:
        """Return every field the path meets."""
        return list(_get(value, self.segments))

    def set(self, value: object, new: object) -> bool:
        """Set the field in place, making missing parent objects; False where it cannot be.

        It cannot where a parent is no object or list, or a position is out of range.
        """
        return _set(value, self.segments, new)

    def update(self, value: object, change: Callable[[object], object]) -> int:
        """Replace each field there is by `change(field)`, in place; `REMOVED` takes it out.

        Returns:
            How many fields were met. Absent fields are left absent.
        """
        return _update(value, self.segments, change)

    def remove(self, value: object) -> int:
        """Take the fields out, in place; parents stay. Return how many there were."""
        return _update(value, self.segments, lambda _: REMOVED)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "minLength": 1,
            "description": 'A field path: a.b, a[0], a[*].b, map.*, a["key.with.dots"]',
        }


def _validated(written: object) -> FieldPath:
    if isinstance(written, FieldPath):
        return written
    if not isinstance(written, str):
        message = "a field path is text: a.b, a[0], a[*].b, map.*"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports ValueError only
    return FieldPath(written)


def _parsed(text: str) -> Iterator[Segment]:
    position = 0
    while position < len(text):
        match = _SEGMENT.match(text, position)
        if match is None:
            break
        position = match.end()
        if match["star"] or match["each"]:
            yield EACH
        elif match["index"]:
            yield int(match["index"])
        elif match["quoted"]:
            yield re.sub(r"\\(.)", r"\1", match["quoted"])
        else:
            yield match["name"]
    if position < len(text) or not text:
        message = (
            f"not a field path at character {position + 1}: "
            'write a.b, a[0], a[*].b, map.* or a["key.with.dots"]'
        )
        raise ValueError(message)


def _get(value: object, segments: tuple[Segment, ...]) -> Iterator[object]:
    if not segments:
        yield value
        return
    head, rest = segments[0], segments[1:]
    if head is EACH:
        children = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            for child in children:  # type: ignore[attr-defined]
                yield from _get(child, rest)
    elif (isinstance(head, str) and isinstance(value, dict) and head in value) or (
        isinstance(head, int) and isinstance(value, list) and head < len(value)
    ):
        yield from _get(value[head], rest)  # type: ignore[index]


def _set(value: object, segments: tuple[Segment, ...], new: object) -> bool:
    head, rest = segments[0], segments[1:]
    if head is EACH:
        places: list[Any] = _places(value)
        done = [_set(value, (place, *rest), new) for place in places]
        return all(done)
    if isinstance(head, str) and isinstance(value, dict):
        if not rest:
            value[head] = new
            return True
        if value.get(head) is None:
            value[head] = {}
        return _set(value[head], rest, new)
    if isinstance(head, int) and isinstance(value, list) and head < len(value):
        if not rest:
            value[head] = new
            return True
        return _set(value[head], rest, new)
    return False


def _places(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def _update(
    value: object, segments: tuple[Segment, ...], change: Callable[[object], object]
) -> int:
    head, rest = segments[0], segments[1:]
    if head is EACH:
        places = _places(value)
    elif isinstance(head, str):
        places = [head] if isinstance(value, dict) and head in value else []
    else:
        places = [head] if isinstance(value, list) and head < len(value) else []
    container: Any = value
    met = 0
    for place in reversed(places):  # from the end, so that positions stay true
        if rest:
            met += _update(container[place], rest, change)
            continue
        met += 1
        new = change(container[place])
        if new is REMOVED:
            del container[place]
        else:
            container[place] = new
    return met
