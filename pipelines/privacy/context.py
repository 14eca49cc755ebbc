"""Context: the words around a candidate and in its field's name, which say what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_BEFORE, _AFTER = 60, 30  # bytes
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z]+")


class Context:
    """What is known around the candidates of one text."""

    def __init__(self, raw: bytes, name: str) -> None:
        """Take the text's UTF-8 bytes and its field's name."""
        self._raw = raw
        self._name = words_of(name).encode() if name else b""

    def has(self, words: Any, start: int, end: int) -> bool:
        """Return True if one of the words stands in the name, or near the bytes start to end."""
        if self._name and words.search(self._name):
            return True
        window = self._raw[max(0, start - _BEFORE) : start] + b" " + self._raw[end : end + _AFTER]
        return words.search(window) is not None


@lru_cache(maxsize=4096)
def words_of(name: str) -> str:
    """Return the words of a field's name: `billing.phoneNumber` gives `billing phone number`."""
    return " ".join(part for part in _BETWEEN_WORDS.split(name) if part).lower()


def words_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches where one of the words stands.

    In any case, in the plural, in snake and camel case: `phone`, `Phones`, `phone_1`,
    `homePhone`, `homePHONE`, `phoneNumber`; not in `telephones` or `phoneme`.
    """
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    plain = "|".join(_joined(word) for word in longest_first)
    titled = "|".join(f"{word[0].upper()}(?i:{_joined(word)[1:]})" for word in longest_first)
    end = r"s?(?:\b|_|[A-Z0-9])"
    return rf"(?:\b|_|[0-9])(?i:{plain}){end}|[a-z](?:{titled}){end}"


def _joined(word: str) -> str:
    return r"[ _\-]?".join(re.escape(part) for part in word.split(" "))
