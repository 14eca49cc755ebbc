"""Context: the words around a candidate and in its field's name, which say what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pipelines.privacy.field_names import name_words

_BEFORE, _AFTER = 60, 30  # bytes


class Context:
    """What is known around the candidates of one text."""

    def __init__(self, raw: bytes, name: str) -> None:
        """Take the text's UTF-8 bytes and its field's name."""
        self._raw = raw
        self.name = words_of(name).encode() if name else b""

    def has(self, words: Any, start: int, end: int) -> bool:
        """Return True if one of the words stands in the name, or near the bytes start to end."""
        if self.name and words.search(self.name):
            return True
        window = self._raw[max(0, start - _BEFORE) : start] + b" " + self._raw[end : end + _AFTER]
        return words.search(window) is not None


def words_of(name: str) -> str:
    """Return the words of a field's name: `billing.phoneNumber` gives `billing phone number`."""
    return " ".join(name_words(name))


def words_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches where one of the words stands.

    In any case, in the plural, in snake and camel case: `phone`, `Phones`, `phone_1`,
    `homePhone`, `homePHONE`, `phoneNumber`; not in `telephones` or `phoneme`. Words in other
    letters than A to Z match wherever they stand.
    """
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    latin = [word for word in longest_first if word.isascii()]
    others = [_bytes(word) for word in longest_first if not word.isascii()]
    found = []
    if latin:
        plain = "|".join(_joined(word) for word in latin)
        titled = "|".join(f"{word[0].upper()}(?i:{_joined(word)[1:]})" for word in latin)
        end = r"s?(?:\b|_|[A-Z0-9])"
        found.append(rf"(?:\b|_|[0-9])(?i:{plain}){end}|[a-z](?:{titled}){end}")
    if others:
        found.append(f"(?i:{'|'.join(others)})")
    return "|".join(found)


def _joined(word: str) -> str:
    return r"[ _\-]?".join(re.escape(part) for part in word.split(" "))


def _bytes(word: str) -> str:
    """Return a word as the Latin-1 reading of its UTF-8 bytes."""
    return _joined(word).encode().decode("latin-1")
