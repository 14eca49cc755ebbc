"""Functions over text: the standard ones and those of the strings extension, by code point.

Sources: the CEL language definition, "String"; the strings extension of cel-go, version 4.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.limits import charge
from pipelines.condition.linear import text_pattern
from pipelines.condition.values import a_kind
from pipelines.errors import ConfigError

_SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)  # the code points with the Unicode property White_Space
_SEARCHED = 16
"""Characters that can be searched for one unit of cost."""
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_QUOTED = str.maketrans({
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
})  # fmt: skip


def starts_with(text: Any, start: Any) -> bool:
    """Return `text.startsWith(start)`."""
    charge(len(_text(start)) // _SEARCHED)
    return _text(text).startswith(start)


def ends_with(text: Any, end: Any) -> bool:
    """Return `text.endsWith(end)`."""
    charge(len(_text(end)) // _SEARCHED)
    return _text(text).endswith(end)


def contains(text: Any, part: Any) -> bool:
    """Return `text.contains(part)`."""
    charge(len(_text(text)) // _SEARCHED)
    return _text(part) in text


def matches(text: Any, pattern: Any) -> bool:
    """Return `text.matches(pattern)`: the pattern stands somewhere in the text; linear time."""
    charge(len(_text(text)) // _SEARCHED)
    try:
        found = _pattern(_text(pattern)).search(text)
    except ConfigError:
        raise CelFailure("not a pattern") from None
    return found is not None


def char_at(text: Any, position: Any) -> str:
    """Return `text.charAt(position)`: "" right behind the end."""
    place = _place(position, len(_text(text)))
    return str(text[place : place + 1])


def index_of(text: Any, part: Any, start: Any = 0) -> int:
    """Return `text.indexOf(part, start)`: the first place from `start` on, else -1."""
    first = _place(start, len(_text(text)))
    return text.find(_text(part), first)  # type: ignore[no-any-return] # checked to be text


def last_index_of(text: Any, part: Any, start: Any = None) -> int:
    """Return `text.lastIndexOf(part, start)`: the last place up to `start`, else -1."""
    last = len(_text(text)) if start is None else _place(start, len(_text(text)))
    return text.rfind(_text(part), 0, last + len(part))  # type: ignore[no-any-return] # text


def join(values: Any, separator: Any = "") -> str:
    """Return `list.join(separator)`."""
    if type(values) is not list:
        raise CelFailure(f"{a_kind(values)} is no list")
    texts = [_text(one) for one in values]
    charge(sum(map(len, texts)) + len(_text(separator)) * len(texts))
    return str(separator).join(texts)


def lower_ascii(text: Any) -> str:
    """Return `text.lowerAscii()`: letters outside of ASCII stay as they are."""
    return _counted(text).translate(_LOWER)


def upper_ascii(text: Any) -> str:
    """Return `text.upperAscii()`: letters outside of ASCII stay as they are."""
    return _counted(text).translate(_UPPER)


def replace(text: Any, old: Any, new: Any, limit: Any = -1) -> str:
    """Return `text.replace(old, new, limit)`; a negative limit replaces all."""
    most = _whole(limit)
    times = _text(text).count(_text(old))
    charge(len(text) + len(_text(new)) * (times if most < 0 else min(times, most)))
    return str(text).replace(old, new, max(most, -1))


def split(text: Any, separator: Any, limit: Any = -1) -> list[str]:
    """Return `text.split(separator, limit)`: at most so many pieces; negative: all."""
    most = _whole(limit)
    charge(len(_text(text)) + len(_text(separator)))
    if most == 0:
        return []
    if separator or not text:
        return str(text).split(separator or None, most - 1 if most > 0 else -1) or [""]
    if 0 < most <= len(text):
        return [*text[: most - 1], text[most - 1 :]]
    return list(text)


def substring(text: Any, start: Any, end: Any = None) -> str:
    """Return `text.substring(start, end)`."""
    size = len(_text(text))
    charge(size)
    first = _place(start, size)
    last = size if end is None else _place(end, size)
    if first > last:
        raise CelFailure("the substring ends before it starts")
    return str(text[first:last])


def trim(text: Any) -> str:
    """Return `text.trim()`: without Unicode's white space at both ends."""
    return _counted(text).strip(_SPACES)


def reverse(text: Any) -> str:
    """Return `text.reverse()`."""
    return _counted(text)[::-1]


def quote(text: Any) -> str:
    """Return `strings.quote(text)`: as a literal in double quotes."""
    return f'"{_counted(text).translate(_QUOTED)}"'


def search(pattern: Any, text: Any) -> bool:
    """Return `text.matches(…)` for a pattern that is compiled already."""
    charge(len(_text(text)) // _SEARCHED)
    return pattern.search(text) is not None


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> Any:
    return text_pattern(pattern)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise CelFailure(f"{a_kind(value)} is no string")


def _counted(value: Any) -> str:
    """Return text of which as much again is made."""
    text = _text(value)
    charge(len(text))
    return text


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    raise CelFailure(f"{a_kind(value)} is no int")


def _place(value: Any, size: int) -> int:
    place = _whole(value)
    if 0 <= place <= size:
        return place
    raise CelFailure("the position is outside of the string")
