"""Patterns that run in linear time: google-re2 over UTF-8 bytes read as Latin-1.

In a pattern, a letter beyond ASCII stands for its UTF-8 bytes: fine in a word, not in a class.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import re2

from pipelines.errors import ConfigError

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
