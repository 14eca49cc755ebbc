"""Spoken: whether a text holds what its words speak of, at the cost of a few looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.detector import Detector, NamedField
from pipelines.privacy.context import first_words, words_pattern
from pipelines.privacy.linear import any_of, compiled, spans_of
from pipelines.privacy.quick_names import quick_names

_REMEMBERED = 1024  # words, as they are written


class Spoken:
    """Words beside which some detectors find things, and names of fields that tell by themselves.

    Attributes:
        patterns: What to look for; where one of them matches, `holds` tells.
    """

    def __init__(self, detectors: Sequence[Detector], fields: Sequence[NamedField]) -> None:
        """Compile the words.

        Raises:
            ConfigError: A pattern is not one that runs in linear time.
        """
        words = {word for one in detectors for word in one.context}
        words |= first_words(words)  # `{"tax": {"id": 1}}`
        told: dict[str, set[str]] = {}
        for one in detectors:
            if one.context:
                told.setdefault(one.quick or one.pattern, set()).add(_words(one))
        names, spoken = quick_names(fields) if fields else "", words_pattern(words) if words else ""
        self.patterns = [one for one in (names, spoken) if one]
        self._names = compiled(names).search if names else None
        self._words = spans_of(compiled(spoken)) if spoken else None
        self._told = {shape: compiled(any_of(found)).search for shape, found in told.items()}
        self._told_by: dict[bytes, tuple[str, ...]] = {}
        self._searches: dict[tuple[str, ...], Any] = {}

    def holds(self, view: bytes) -> bool:
        """Return True where a name tells, or a word speaks of something that is there.

        Linear: what many words speak of is looked for once.
        """
        if self._names is not None and self._names(view) is not None:
            return True
        position = 0
        in_vain: set[tuple[str, ...]] = {()}
        while self._words is not None and (spans := self._words(view, position)) is not None:
            start, end = spans[0]
            shapes = self._shapes(view[start:end])
            if shapes not in in_vain:
                if self._search(shapes)(view) is not None:
                    return True
                in_vain.add(shapes)
            position = start + 1  # one word may stand in another
        return False

    def _shapes(self, word: bytes) -> tuple[str, ...]:
        """Return the patterns of what a word speaks of."""
        if word not in self._told_by:
            if len(self._told_by) >= _REMEMBERED:
                self._told_by.clear()
            self._told_by[word] = tuple(
                shape for shape, says in self._told.items() if says(word) is not None
            )
        return self._told_by[word]

    def _search(self, shapes: tuple[str, ...]) -> Any:
        if shapes not in self._searches:
            self._searches[shapes] = compiled(any_of(shapes)).search
        return self._searches[shapes]


def _words(detector: Detector) -> str:
    return words_pattern({*detector.context, *first_words(detector.context)})
