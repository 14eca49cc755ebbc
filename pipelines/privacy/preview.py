"""The preview of a dead letter: a value's shape, none of its characters."""

from __future__ import annotations

import orjson

from pipelines.canonical_text import canonical_text

MAX_CHARACTERS = 500


def preview(value: object) -> str:
    """Return the value as JSON text with every character masked but JSON's own.

    Strings, keys, numbers and flags become stars of the same length, cut at 500 characters.
    """
    try:
        text = orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()
    except (orjson.JSONEncodeError, RecursionError):
        return f"<{type(value).__name__}>"
    return _masked(text)[:MAX_CHARACTERS]


def _masked(text: str) -> str:
    shown: list[str] = []
    inside = escaped = False
    for character in text[:MAX_CHARACTERS]:
        if inside:
            ends = character == '"' and not escaped
            escaped = character == "\\" and not escaped
            shown.append('"' if ends else "*")
            inside = not ends
        else:
            shown.append(character if character in '{}[]",:' else "*")
            inside = character == '"'
    return "".join(shown)


def _plain(value: object) -> str:
    return canonical_text(value)
