"""Patterns that run in linear time: google-re2 over UTF-8 bytes read as Latin-1.

In a pattern, a letter beyond ASCII stands for its UTF-8 bytes: fine in a word, not in a class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import re2

from pipelines.errors import ConfigError

Span = tuple[int, int]
"""Start and end in bytes; below 0 where a group has no part in a match."""

Spans = Callable[[bytes, int], Sequence[Span] | None]
"""Given a text and where to begin, the spans of the next match and its groups; None without one."""

_UNANCHORED = getattr(getattr(re2, "_Anchor", None), "UNANCHORED", None)
_MAX_MEMORY = 64 << 20  # of an automaton's cache: a small one thrashes and slows 100 times


def compiled(pattern: str) -> Any:
    """Return a pattern over bytes.

    Raises:
        ConfigError: It is not one that runs in linear time.
    """
    try:
        return re2.compile(pattern.encode(), _options())
    except re2.error as error:
        why = b": ".join(one for one in error.args if isinstance(one, bytes)).decode() or error
        raise ConfigError(f"not a pattern of google-re2: {why}") from None


def spans_of(pattern: Any) -> Spans:
    """Return a search for a compiled pattern's next match: its span and those of its groups.

    Google's own `search` wraps each match in a generator and an object, which costs several times
    what finding it does; this asks the library below, where the release at hand has that.
    """
    inner = getattr(pattern, "_regexp", None)
    if inner is None or _UNANCHORED is None:
        return lambda text, position: _spans(pattern.search(text, position), pattern.groups)
    match = inner.Match

    def spans(text: bytes, position: int) -> Sequence[Span] | None:
        found: Sequence[Span] = match(_UNANCHORED, text, position, len(text))
        return None if found[0][0] < 0 else found

    return spans


def _spans(match: Any, groups: int) -> Sequence[Span] | None:
    return None if match is None else [match.span(one) for one in range(groups + 1)]


def any_of(patterns: Iterable[str]) -> str:
    """Return a pattern that matches where one of these does, without their groups.

    A search that has to tell groups apart is ten times slower.
    """
    return "|".join(f"(?:{pattern.replace('(?P<found>', '(?:')})" for pattern in patterns)


def pattern_set(patterns: Iterable[str]) -> Any:
    """Return a set whose `Match(bytes)` gives the positions of the patterns that match anywhere."""
    found = re2.Set.SearchSet(_options())
    for pattern in patterns:
        found.Add(pattern.encode())
    found.Compile()
    return found


def _options() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # type: ignore[attr-defined] # the stubs lack it
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    return options
