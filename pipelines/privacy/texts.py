"""Every text in a value: strings, keys of objects, numbers, and JSON inside strings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson

from pipelines.canonical_text import canonical_text
from pipelines.shape import joined

_LEAST_NUMBER = 1_000_000
MAX_DEPTH = 64


def texts_of(value: object, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield path and text of everything in `value` that can be searched."""
    if isinstance(value, str):
        inner = inner_json(value)
        if inner is None or depth > MAX_DEPTH:
            yield path, value
        else:
            yield from texts_of(inner, path, depth + 1)
    elif isinstance(value, dict):
        for key, child in value.items():
            below = joined(path, str(key))
            yield below, str(key)
            yield from texts_of(child, below, depth + 1)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from texts_of(child, f"{path}[{index}]", depth + 1)
    elif text := number_text(value):
        yield path, text


def number_text(value: object) -> str:
    """Return the text of a number that could be somebody's, "" for all others.

    Whole numbers from a million on: no number that identifies somebody is smaller.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    is_large = value >= _LEAST_NUMBER or value <= -_LEAST_NUMBER
    return canonical_text(value) if is_large else ""


def inner_json(text: str) -> Any | None:
    """Return the object or list that a string holds as JSON text, or None."""
    start = text[:1] if text[:1] in "{[" else text.lstrip()[:1]
    if start not in ("{", "[") or len(text) < 2:  # noqa: PLR2004 - the shortest is {}
        return None
    try:
        inner = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError, RecursionError):
        return None
    return inner if isinstance(inner, dict | list) else None
