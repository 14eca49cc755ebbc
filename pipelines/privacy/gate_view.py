"""The view of a record: all of it that leaves as one JSON text, for the quick pass."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import orjson

from pipelines.canonical_text import canonical_text

_JSON = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS
_AS_TEXT = (str, int, float, Decimal, timedelta)

UNSEARCHABLE = b"\xff"
"""The view of what has none, such as opaque bytes: the exact walk has to decide."""


def view_of_value(value: object) -> bytes:
    """Return a value as JSON text, bytes as the text that they are.

    Raises:
        TypeError: It has no such form.
        RecursionError: It is nested too deeply.
    """
    return orjson.dumps(value, default=_searchable, option=_JSON)


def view_beside(key: object, headers: Iterable[tuple[str, bytes]]) -> bytes:
    """Return key and headers as one JSON string.

    Raises:
        TypeError: The key has no such form.
        RecursionError: It is nested too deeply.
    """
    if key is None:
        parts = []
    elif isinstance(key, str):
        parts = [key.encode("utf-8", "replace")]
    else:
        parts = [view_of_value(key)]
    for name, value in headers:
        # as a field's name stands before its value, so that it is read as one
        parts.append(name.encode("utf-8", "replace") + b" :  " + value)
    return orjson.dumps(b" ".join(parts).decode("utf-8", "replace"))


def _searchable(value: object) -> str:
    """Return what orjson has no form for as text that can be searched."""
    if isinstance(value, bytes):
        return value.decode()  # a UnicodeDecodeError becomes orjson's TypeError
    if isinstance(value, _AS_TEXT):
        return canonical_text(value)
    raise TypeError(type(value).__name__)
