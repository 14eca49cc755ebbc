"""Context: the words around a candidate and in its field's name, which say what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipelines.privacy.linear import Spans
from pipelines.privacy.name_words import name_words, segments_of

JOINING = frozenset({"id", "number", "no", "nr", "code"})
_BEFORE, _AFTER = 60, 30  # bytes
_GLUED = re.compile(r"\d(?=[a-z])")  # no digit begins a word, in names as in texts


class Context:
    """What is known around the candidates of one text."""

    def __init__(self, raw: bytes, name: str) -> None:
        """Take the text's UTF-8 bytes and its field's name."""
        self._raw = raw
        self.name = words_of(name).encode() if name else b""

    def has(self, words: Spans, start: int, end: int) -> bool:
        """Return True if one of the words stands in the name, or near the bytes start to end."""
        if self.name and words(self.name, 0) is not None:
            return True
        window = self._raw[max(0, start - _BEFORE) : start] + b" " + self._raw[end : end + _AFTER]
        return words(window, 0) is not None


@lru_cache(maxsize=4096)
def words_of(name: str) -> str:
    """Return the words of a field's path: `billing.phoneNumber` gives `billing / phone number`.

    Words of two names make one term only where the second says no more than that it is a number:
    `tax.id` gives `tax id`.
    """
    found = ""
    for segment in segments_of(name):
        words = name_words(_GLUED.sub("0x", segment))
        joins = all(word in JOINING for word in words) and not found.endswith("id")
        found += (" " if joins else " / ") + " ".join(words)
    return found.strip(" /")


def first_words(words: Iterable[str]) -> set[str]:
    """Return the words that a name may have alone, with the rest in the name below it."""
    apart = [word.split(" ") for word in words]
    return {one[0] for one in apart if len(one) > 1 and one[0] != "id" and {*one[1:]} <= JOINING}


def words_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches where one of the words stands.

    In any case, in the plural, in snake and camel case: `phone`, `Phones`, `phone_1`,
    `homePhone`, `homePHONE`, `phoneNumber`; not in `telephones` or `phoneme`. Words in other
    letters than A to Z match wherever they stand.
    """
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    latin = [word for word in longest_first if word.isascii()]
    others = [_joined(word) for word in _in_any_case(longest_first)]
    found = []
    if latin:
        plain = "|".join(_joined(word) for word in latin)
        titled = "|".join(f"{word[0].upper()}(?i:{_joined(word)[1:]})" for word in latin)
        end = r"s?(?:\b|_|[A-Z0-9])"
        found.append(rf"(?:\b|_)(?i:{plain}){end}|[a-z](?:{titled}){end}")
    if others:
        found.append(f"(?i:{'|'.join(others)})")
    return "|".join(found)


def said_pattern(words: Iterable[str]) -> str:
    """Return a pattern as `words_pattern` does, that knows a word from the start of another.

    A word in capitals ends before one, as in camel case it need not: `BIC` is not in `BICUBIC`.
    """
    latin = sorted((word for word in words if word.isascii()), key=lambda one: (-len(one), one))
    others = sorted(_joined(word) for word in _in_any_case(words))
    found = []
    if latin:
        plain = ((f"(?i:{_joined(word[:-1])})", word[-1]) for word in latin)
        titled = (
            (f"{word[0].upper()}(?i:{_joined(word[1:-1])})", word[-1])
            for word in latin
            if len(word) > 1
        )
        found.append(rf"(?:\b|_)(?:{_ended(plain)})|[a-z](?:{_ended(titled)})")
    if others:
        found.append(f"(?i:{'|'.join(others)})")
    return "|".join(found)


def _in_any_case(words: Iterable[str]) -> list[str]:
    """Return the words of other letters, which no pattern over bytes folds, in each case."""
    others = [word for word in words if not word.isascii()]
    return [*dict.fromkeys(form for one in others for form in (one, one.upper(), one.title()))]


def _ended(begun: Iterable[tuple[str, str]]) -> str:
    """Return a pattern of words, each given without its last letter and with that."""
    by_last: dict[str, list[str]] = {}
    for beginning, last in begun:
        by_last.setdefault(last, []).append(beginning)
    small, capital = r"s?(?:\b|_|[A-Z0-9])", r"[Ss]?(?:\b|_|[0-9])"
    return "|".join(
        f"(?:{'|'.join(beginnings)})"
        + (
            f"(?:{last}{small}|{last.upper()}{capital})"
            if last.isalpha()
            else f"{re.escape(last)}{small}"
        )
        for last, beginnings in by_last.items()
    )


def _joined(word: str) -> str:
    return r"[ _\-]?".join(re.escape(part) for part in word.split(" "))
