"""Texts of pairs: logfmt, and `key=value` in its many hands.

Source of logfmt: github.com/go-logfmt/logfmt (there is no standard).
"""

from __future__ import annotations

import re

import orjson

from pipelines.field_path import MISSING
from pipelines.shape import NULLABLE_STRING, STRING
from pipelines.steps.parse.format import Format

_LOGFMT_PAIR = re.compile(
    r'[ \t\r\n]*+([^ \t\r\n="]++)'
    r'(?:(=)(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)"|((?!")[^ \t\r\n]*+)))?(?![^ \t\r\n])'
)
_KEY = re.compile(r"(?<![^\s,;&|])([\w.@/-]++)[ \t]*+=[ \t]*+")
_QUOTED = re.compile(
    r""""([^"\\]*+(?:\\.[^"\\]*+)*+)"(?![^\s,;&|])|'([^'\\]*+(?:\\.[^'\\]*+)*+)'(?![^\s,;&|])"""
)
_BETWEEN = " \t\r\n,;&|"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_logfmt(text: str, timestamp: int) -> object:
    """Return the pairs of a logfmt line; a key alone is null, the last of equal keys counts.

    A text without a single `=` is prose, not logfmt.
    """
    del timestamp
    fields: dict[str, str | None] = {}
    match_pair, position, end = _LOGFMT_PAIR.match, 0, len(text.rstrip(" \t\r\n"))
    paired = False
    while position < end:
        match = match_pair(text, position)
        if match is None:
            return MISSING
        key, equals, quoted, bare = match.groups()
        fields[key] = bare if quoted is None else _unquoted(quoted)
        paired = paired or equals is not None
        position = match.end()
    return fields if paired else MISSING


def read_key_value(text: str, timestamp: int) -> object:
    """Return the pairs of a text; the last of equal keys counts.

    A value ends where the next key begins, without the blanks, commas, semicolons, `&` and `|`
    between; one in double or single quotes ends with them. What stands before the first key is
    passed over.
    """
    del timestamp
    fields: dict[str, str] = {}
    key = _KEY.search(text)
    while key is not None:
        start = key.end()
        if text[start : start + 1] in {'"', "'"}:
            quoted = _QUOTED.match(text, start)
            if quoted is None:
                return MISSING
            fields[key[1]] = _unquoted(quoted[1] if quoted[2] is None else quoted[2])
            key = _KEY.search(text, quoted.end())
        else:
            following = _KEY.search(text, start)
            stop = len(text) if following is None else following.start()
            fields[key[1]] = text[start:stop].strip(_BETWEEN)
            key = following
    return fields or MISSING


def _unquoted(text: str) -> str:
    """Return the text of a quoted value: escapes as in JSON, else what follows the backslash."""
    if "\\" not in text:
        return text
    try:
        return str(orjson.loads(f'"{text}"'))
    except orjson.JSONDecodeError:
        return _ESCAPED.sub(r"\1", text)


LOGFMT = Format(read_logfmt, None, NULLABLE_STRING)
"""`key=value key="quoted value" flag`."""

KEY_VALUE = Format(read_key_value, None, STRING)
"""`key=value, key = 'quoted value'; key=more words`."""
