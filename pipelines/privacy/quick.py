"""Quick: a few passes over whole chunks that say which records may hold a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self

from pipelines.detector import Detector, NamedField
from pipelines.privacy.disguise import DISGUISED
from pipelines.privacy.linear import Spans, any_of, compiled, spans_of
from pipelines.privacy.spoken import Spoken

Likely = Callable[[bytes], bool]
_MANY = 0.3  # of the views found: the rest is worth a text of its own
_ESCAPES = re.compile(rb'\\[nrtbf"/]')  # no repetition: linear, and faster here


class Quick:
    """A superset of what an exact search finds, at the cost of a few automata's passes.

    One automaton for everything would do with one pass, and on most texts be slower than all of
    these by a hundred times: what a pattern for names, one for keys and a list of words may each
    still become, multiplies. Each family of patterns has its own.

    A *view* is a record as JSON text in UTF-8, with its key and headers behind it.
    """

    def __init__(self, detectors: Sequence[Detector], fields: Sequence[NamedField]) -> None:
        """Compile the passes.

        Raises:
            ConfigError: A pattern is not one that runs in linear time.
        """
        families: dict[str, list[str]] = {"keys": [DISGUISED]}
        doubtful: dict[Likely, list[str]] = {}
        for one in detectors:
            if not one.context:
                shape = one.quick or one.pattern
                families.setdefault(one.family, []).append(shape)
                if one.likely is not None:
                    doubtful.setdefault(one.likely, []).append(shape)
        self._searches: list[tuple[Spans, _Holds | None]] = [
            (_search(dict.fromkeys(shapes)), _Doubt.of(shapes, doubtful))
            for shapes in families.values()
        ]
        spoken = Spoken(detectors, fields)
        if spoken.patterns:
            self._searches.append((_search(spoken.patterns), spoken))

    def suspicious(self, views: Sequence[bytes]) -> list[int]:
        """Return the indexes of views that may hold a finding, ascending; linear."""
        text = b"\n".join(views)
        if text.count(b"\n") >= len(views):
            text = b"\n".join(view.replace(b"\n", b" ") for view in views)
        return self.suspicious_lines(text)

    def suspicious_lines(self, text: bytes) -> list[int]:
        """Return the indexes of lines that may hold a finding, ascending; linear.

        Args:
            text: Views, a line each, as most of them never have to be told apart.
        """
        lines = text.count(b"\n") + 1
        joined = _Joined(text, range(lines))
        found: set[int] = set()
        if b"\\" in text:
            found = {line.number for line in joined.lines_with(b"\\") if _is_deep(line.text)}
            joined = _Joined(_neutral(text), joined.indexes)
        for search, doubt in self._searches:
            if len(found) == lines:
                break
            if len(found) > lines * _MANY:
                joined = joined.without(found)
            self._mark(search, doubt, joined, found)
        return sorted(found)

    def _mark(self, search: Spans, doubt: _Holds | None, joined: _Joined, found: set[int]) -> None:
        """Add the views in which a search finds something."""
        text, indexes = joined.text, joined.indexes
        position, end = 0, len(text)
        line = _Line(0, 0, -1, b"")
        while position < end and (spans := search(text, position)) is not None:
            start, stop = spans[0]
            # the boundaries that belong to a match may be the joints between views
            inside = min(start + 1, stop - 1)
            if inside > line.stop:
                line = line.at(text, inside)
            if doubt is None or doubt.holds(line.text):
                found.add(indexes[line.number])
            position = max(line.stop, position + 1)


class _Holds(Protocol):
    """What tells whether a view in which a search stops holds anything; None: all do."""

    def holds(self, view: bytes) -> bool:
        """Return True where it may."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What tells whether a view holds anything, for patterns that match more than they find.

    Attributes:
        likely: Cheap looks, of which one must hold.
        others: The search for patterns that match nothing in vain; None where there are none.
    """

    likely: tuple[Likely, ...]
    others: Any

    @classmethod
    def of(cls, shapes: Sequence[str], doubtful: Mapping[Likely, Sequence[str]]) -> Self | None:
        """Return the doubt of an automaton of these patterns; None where there is none."""
        known = {shape for some in doubtful.values() for shape in some}
        others = [shape for shape in dict.fromkeys(shapes) if shape not in known]
        likely = tuple(one for one, some in doubtful.items() if {*some} & {*shapes})
        if not likely:
            return None
        return cls(likely, compiled(any_of(others)).search if others else None)

    def holds(self, view: bytes) -> bool:
        """Return True where the view may hold something."""
        if any(look(view) for look in self.likely):
            return True
        return self.others is not None and self.others(view) is not None


class _Line(NamedTuple):
    """One of the lines of a text.

    Attributes:
        number: How many stand before it.
        start: Where it begins.
        stop: Where it ends: at a line feed, or at the end of all.
        text: The line, with its line feed.
    """

    number: int
    start: int
    stop: int
    text: bytes

    def at(self, text: bytes, position: int) -> _Line:
        """Return the line of a position at or behind this line's start."""
        start = text.rfind(b"\n", 0, position) + 1
        stop = text.find(b"\n", position)
        stop = len(text) if stop < 0 else stop
        number = self.number + text.count(b"\n", self.start, start)
        return _Line(number, start, stop, text[start : stop + 1])


@dataclass(frozen=True, slots=True)
class _Joined:
    """Views as one text.

    Attributes:
        text: They, a line each.
        indexes: Which of all views each is.
    """

    text: bytes
    indexes: Sequence[int]

    def lines_with(self, part: bytes) -> Iterator[_Line]:
        """Yield the lines that hold something."""
        line = _Line(0, 0, -1, b"")
        position = self.text.find(part)
        while position >= 0:
            line = line.at(self.text, position)
            yield line
            position = self.text.find(part, line.stop)

    def without(self, found: set[int]) -> _Joined:
        """Return the others."""
        left = [
            (index, view)
            for index, view in zip(self.indexes, self.text.split(b"\n"), strict=True)
            if index not in found
        ]
        return _Joined(b"\n".join(view for _, view in left), [index for index, _ in left])


def _search(patterns: Iterable[str]) -> Spans:
    return spans_of(compiled(any_of(patterns)))


def _is_deep(view: bytes) -> bool:
    """Return True where an escape may hide what stands behind it: JSON inside JSON, controls."""
    return b"\\\\" in view or b"\\u" in view


def _neutral(view: bytes) -> bytes:
    """Return a view of the same length in which no escape is glued to what stands beside it."""
    return _ESCAPES.sub(b"  ", view)
