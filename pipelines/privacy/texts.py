"""Every text in a value: strings, keys of objects, numbers, and JSON inside strings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from pipelines.canonical_text import canonical_text
from pipelines.shape import joined

_LEAST_WHOLE, _LEAST_OTHER = 100, 1_000_000
MAX_DEPTH = 64
_STARTS = ("{", "[", '"')
NO_TEXT = (int, float, Decimal, date, time, timedelta, UUID)
"""Scalars that no detector knows, but for long numbers."""


def texts_of(value: object) -> Iterator[tuple[str, str]]:
    """Yield path and text of everything in `value` that can be searched."""
    return ((path, text) for path, _, text in named_texts(value, lambda _: {}))


def named_texts(
    value: object,
    told: Callable[[dict[Any, Any]], Mapping[Any, str]],
    path: str = "",
    name: str = "",
    depth: int = 0,
) -> Iterator[tuple[str, str, str]]:
    """Yield path, name and text of everything in `value` that can be searched.

    The name is the path, unless `told` has other names for fields of an object.
    """
    if isinstance(value, str):
        inner = inner_json(value)
        if inner is None or depth > MAX_DEPTH:
            yield path, name, value
        else:
            yield from named_texts(inner, told, path, name, depth + 1)
    elif isinstance(value, dict):
        others = told(value)
        for key, child in value.items():
            below, known = joined(path, str(key)), joined(name, str(key))
            # a name may hold JSON, too
            yield from named_texts(str(key), told, below, known, depth + 1)
            other = others.get(key)
            known = known if other is None else f"{name}.{other}" if name else other
            yield from named_texts(child, told, below, known, depth + 1)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from named_texts(child, told, f"{path}[{index}]", f"{name}[{index}]", depth + 1)
    elif text := number_text(value):
        yield path, name, text


def number_text(value: object) -> str:
    """Return the text of a number that could be somebody's, "" for all others.

    Whole numbers from a hundred on, which a field's name may tell to be a security code; others
    from a million on: no number that identifies somebody is smaller.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    least = _LEAST_WHOLE if isinstance(value, int) else _LEAST_OTHER
    is_large = value >= least or value <= -least
    return canonical_text(value) if is_large else ""


def starts_as_json(text: str) -> bool:
    """Return False for what is no JSON object, list or string: most texts are none."""
    start = text[:1]
    if start not in _STARTS:
        if not start.isspace():
            return False
        start = text.lstrip()[:1]
    return start in _STARTS and len(text) >= 2  # noqa: PLR2004 - the shortest is {}


def inner_json(text: str) -> dict[str, Any] | list[Any] | str | None:
    """Return the object, list or string that a string holds as JSON text, or None.

    Of a key given twice both values are there, as a list: which one a reader takes is his choice.
    """
    if not starts_as_json(text):
        return None
    try:
        # not orjson: it refuses what others read, such as half a surrogate pair
        inner = json.loads(text, object_pairs_hook=_every_pair)
    except (ValueError, RecursionError):
        return None
    return inner if isinstance(inner, dict | list | str) else None


def json_text(value: object) -> str:
    """Return JSON text that goes back into a string."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:  # long integers, half surrogate pairs
        return json.dumps(value, separators=(",", ":"))


def _every_pair(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        values: dict[str, list[Any]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        found = {name: given[0] if len(given) == 1 else given for name, given in values.items()}
    return found
