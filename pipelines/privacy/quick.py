"""Quick: one pass over whole chunks that says which records may hold a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from pipelines.detector import Detector, NamedField
from pipelines.privacy.context import first_words, words_pattern
from pipelines.privacy.disguise import DISGUISED
from pipelines.privacy.field_names import quick_names
from pipelines.privacy.linear import compiled

_REMEMBERED = 1024  # words, as they are written
_ESCAPES = re.compile(rb'\\[nrtbf"/]')  # no repetition: linear, and faster here


class Quick:
    """A superset of what an exact search finds, at the cost of one automaton's pass.

    A *view* is a record as JSON text in UTF-8, with its key and headers behind it.
    """

    def __init__(self, detectors: Sequence[Detector], fields: Sequence[NamedField]) -> None:
        """Compile the pass.

        Raises:
            ConfigError: A pattern is not one that runs in linear time.
        """
        words = {word for one in detectors for word in one.context}
        words |= first_words(words)  # `{"tax": {"id": 1}}`
        alone = [one.quick or one.pattern for one in detectors if not one.context]
        told: dict[str, set[str]] = {}
        for one in detectors:
            if one.context:
                told.setdefault(one.quick or one.pattern, set()).add(_words(one))
        # no groups: a search that has to tell them apart is ten times slower
        shapes = [*dict.fromkeys(alone), DISGUISED]
        if fields:
            shapes.append(quick_names(fields))
        if words:
            shapes.append(words_pattern(words))
        self._search = compiled(_any_of(shapes)).search
        self._words = compiled(words_pattern(words)).fullmatch if words else None
        self._told = {shape: compiled(_any_of(found)).search for shape, found in told.items()}
        self._told_by: dict[bytes, Any] = {}

    def suspicious(self, views: Sequence[bytes]) -> list[int]:
        """Return the indexes of views that may hold a finding, ascending.

        One pass over all of them joined; linear.
        """
        joined = b"\n".join(views)
        starts = list(accumulate(map(len, views), lambda sum_, size: sum_ + size + 1, initial=0))
        found: set[int] = set()
        if b"\\" in joined:
            found = {index for index in _escaped(joined, starts) if _is_deep(views[index])}
            joined = _neutral(joined)
        search = self._search
        position, end = 0, len(joined)
        while position < end and (match := search(joined, position)) is not None:
            start, stop = match.span()
            # the boundaries that belong to a match may be the joints between views
            index = bisect_right(starts, min(start + 1, stop - 1)) - 1
            if self._words is not None and self._words(joined, start, stop) is not None:
                told = self._spoken_of(joined[start:stop])
                if told is None or told(joined[starts[index] : starts[index + 1]]) is None:
                    # a word, and nothing in the whole view that it could speak of
                    position = max(start + 1, position + 1)
                    continue
            found.add(index)
            position = max(starts[index + 1] - 1, position + 1)
        return sorted(found)

    def _spoken_of(self, word: bytes) -> Any:
        """Return the search for what a word may speak of, None if it is nothing."""
        if word not in self._told_by:
            shapes = [shape for shape, says in self._told.items() if says(word) is not None]
            if len(self._told_by) >= _REMEMBERED:
                self._told_by.clear()
            self._told_by[word] = compiled(_any_of(shapes)).search if shapes else None
        return self._told_by[word]


def _words(detector: Detector) -> str:
    return words_pattern({*detector.context, *first_words(detector.context)})


def _any_of(shapes: Iterable[str]) -> str:
    return "|".join(f"(?:{shape.replace('(?P<found>', '(?:')})" for shape in shapes)


def _escaped(joined: bytes, starts: Sequence[int]) -> Iterator[int]:
    """Yield the indexes of views that hold an escape."""
    position = joined.find(b"\\")
    while position >= 0:
        index = bisect_right(starts, position) - 1
        yield index
        position = joined.find(b"\\", starts[index + 1])


def _is_deep(view: bytes) -> bool:
    """Return True where an escape may hide what stands behind it: JSON inside JSON, controls."""
    return b"\\\\" in view or b"\\u" in view


def _neutral(view: bytes) -> bytes:
    """Return a view of the same length in which no escape is glued to what stands beside it."""
    return _ESCAPES.sub(b"  ", view)
