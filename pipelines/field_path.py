"""FieldPath: where a field stands in a value - `a.b`, `a[0]`, `a[*].b`, `map.*`, `a["x.y"]`."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic_core import core_schema

if TYPE_CHECKING:
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
Change = Callable[[object], object]

_SEGMENT = re.compile(
    r"""(?P<star>\*)|(?P<name>[^.\[\]"*\s]+)"""
    r"""|\[(?P<index>[0-9]+)\]|\[(?P<each>\*)\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]"""
)
_BARE_NAME = re.compile(r'[^.\[\]"*\s]+')


class FieldPath:
    """A parsed path. Equal and hashed by its segments.

    Its operations are functions made once for the path at hand, so that a step may keep
    `path.get` and call it per record.

    Attributes:
        segments: Names (str), positions (int) and `EACH` for `[*]` and `.*`.
        text: The path as written.
        get: `get(value)`: the field, or `MISSING`. A path with `EACH` gives the first there is.
        set: `set(value, new)`: set the field in place, making missing parent objects. False where
            it cannot be: a parent is no object or list, or a position is out of range. A path
            with `EACH` sets every place there is, each to a copy of its own.
        update: `update(value, change)`: replace each field there is by `change(field)`, in place;
            `REMOVED` takes it out. Gives how many fields were met; absent ones are left absent.
        remove: `remove(value)`: take the fields out, in place; parents stay. Gives how many.
    """

    __slots__ = ("get", "remove", "segments", "set", "text", "update")

    get: Callable[[object], object]
    set: Callable[[object, object], bool]
    update: Callable[[object, Change], int]
    remove: Callable[[object], int]

    def __init__(self, text: str) -> None:
        """Parse `text`.

        Raises:
            ValueError: The text is not a path.
        """
        self.text = text
        self.segments: tuple[Segment, ...] = tuple(_parsed(text))
        _bind(self)

    @classmethod
    def of(cls, *segments: Segment) -> FieldPath:
        """Return the path of these segments; of none at all: the value itself."""
        path = cls.__new__(cls)
        path.text, path.segments = _text(segments), segments
        _bind(path)
        return path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldPath) and other.segments == self.segments

    def __hash__(self) -> int:
        return hash(self.segments)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"FieldPath({self.text!r})"

    def __reduce__(self) -> tuple[Callable[..., FieldPath], tuple[Segment, ...]]:
        return FieldPath.of, self.segments

    def get_all(self, value: object) -> list[object]:
        """Return every field the path meets."""
        return list(_get(value, self.segments))

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
        text = 'A field path: a.b, a[0], a[*].b, map.*, a["key.with.dots"]'
        return {"type": "string", "minLength": 1, "description": text}


def quoted(name: str) -> str:
    """Return the name as a path has it after its parent: `name`, or `["na.me"]`."""
    if _BARE_NAME.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def _validated(written: object) -> FieldPath:
    if isinstance(written, FieldPath):
        return written
    if not isinstance(written, str):
        message = "a field path is text: a.b, a[0], a[*].b, map.*"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports ValueError only
    return FieldPath(written)


def _parsed(text: str) -> Iterator[Segment]:
    position = 0
    while True:
        dotted = 0 < position < len(text) and text[position] == "."
        at = position + dotted
        match = _SEGMENT.match(text, at)
        if match is None:
            break
        bare = match["star"] or match["name"]
        if position and bool(bare) is not dotted:
            break  # names follow a dot, brackets do not
        position = match.end()
        if bare or match["each"]:
            yield EACH if bare in (None, "*") else str(bare)
        elif match["index"]:
            yield int(match["index"])
        else:
            yield re.sub(r"\\(.)", r"\1", match["quoted"])
        if position == len(text):
            return
    message = (
        f"not a field path at character {at + 1}: "
        'write a.b, a[0], a[*].b, map.* or a["key.with.dots"]'
    )
    raise ValueError(message)


def _text(segments: tuple[Segment, ...]) -> str:
    text = ""
    for segment in segments:
        part = quoted(segment) if isinstance(segment, str) else "[*]"
        if isinstance(segment, int):
            part = f"[{segment}]"
        text += f".{part}" if text and not part.startswith("[") else part
    return text


def _bind(path: FieldPath) -> None:
    """Give the path its operations: short ones where it consists of names only."""
    segments = path.segments
    names = tuple(segment for segment in segments if isinstance(segment, str))
    if segments and len(names) == len(segments):
        path.get = _getter(names)
        path.set = _setter(names[:-1], names[-1])
        path.update = _updater(names[:-1], names[-1])
        path.remove = _remover(names[:-1], names[-1])
        return
    path.get = lambda value: next(_get(value, segments), MISSING)
    path.set = lambda value, new: bool(segments) and _set(value, segments, new)
    path.update = lambda value, change: _update(value, segments, change) if segments else 0
    path.remove = lambda value: path.update(value, lambda _: REMOVED)


def _getter(names: tuple[str, ...]) -> Callable[[object], object]:
    if len(names) == 1:
        (name,) = names
        return lambda value: value.get(name, MISSING) if isinstance(value, dict) else MISSING

    def get(value: object) -> object:
        for name in names:
            if not isinstance(value, dict):
                return MISSING
            value = value.get(name, MISSING)
        return value

    return get


def _setter(parents: tuple[str, ...], last: str) -> Callable[[object, object], bool]:
    def set_(value: object, new: object) -> bool:
        for name in parents:
            if not isinstance(value, dict):
                return False
            child = value.get(name)
            if child is None:
                child = value[name] = {}
            value = child
        if not isinstance(value, dict):
            return False
        value[last] = new
        return True

    return set_


def _updater(parents: tuple[str, ...], last: str) -> Callable[[object, Change], int]:
    find = _getter(parents)

    def update(value: object, change: Change) -> int:
        holder = find(value)
        if not isinstance(holder, dict) or last not in holder:
            return 0
        new = change(holder[last])
        if new is REMOVED:
            del holder[last]
        else:
            holder[last] = new
        return 1

    return update


def _remover(parents: tuple[str, ...], last: str) -> Callable[[object], int]:
    find = _getter(parents)

    def remove(value: object) -> int:
        holder = find(value) if parents else value
        return int(isinstance(holder, dict) and holder.pop(last, MISSING) is not MISSING)

    return remove


def _places(value: object, head: Segment) -> list[Any]:
    """Return the keys or positions in `value` that a segment means."""
    if isinstance(value, dict):
        if head is EACH:
            return list(value)
        return [head] if isinstance(head, str) and head in value else []
    if isinstance(value, list):
        if head is EACH:
            return list(range(len(value)))
        return [head] if isinstance(head, int) and head < len(value) else []
    return []


def _get(value: Any, segments: tuple[Segment, ...]) -> Iterator[object]:
    if not segments:
        yield value
        return
    for place in _places(value, segments[0]):
        yield from _get(value[place], segments[1:])


def _set(value: Any, segments: tuple[Segment, ...], new: object) -> bool:
    head, rest = segments[0], segments[1:]
    if head is EACH:
        places = _places(value, EACH)
        done = [_set(value, (place, *rest), copy.deepcopy(new)) for place in places]
        return all(done)  # of a list: every place is set, whatever became of the one before
    if isinstance(head, str) and isinstance(value, dict):
        if rest and value.get(head) is None:
            if not isinstance(rest[0], str):
                return rest[0] is EACH  # no list, no elements: nothing to set
            value[head] = {}
    elif not _places(value, head):
        return False
    if rest:
        return _set(value[head], rest, new)
    value[head] = new
    return True


def _update(value: Any, segments: tuple[Segment, ...], change: Change) -> int:
    head, rest = segments[0], segments[1:]
    met = 0
    for place in reversed(_places(value, head)):  # from the end, so that positions stay true
        if rest:
            met += _update(value[place], rest, change)
            continue
        met += 1
        new = change(value[place])
        if new is REMOVED:
            del value[place]
        else:
            value[place] = new
    return met
