"""Scan: every detector at once - a quick pass over whole chunks, an exact search in one text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from pipelines.detector import Detector, Finding
from pipelines.detectors import DETECTORS
from pipelines.privacy.context import Context, words_pattern
from pipelines.privacy.linear import compiled, pattern_set
from pipelines.privacy.matcher import Matcher
from pipelines.privacy.texts import texts_of

_ESCAPES = compiled(r'\\[nrtbf"/]')
_NUMBER = compiled(r"\d[\d ().\-/]{4,}\d")
_MAX_FINDINGS = 2_000  # of one text: one of nothing but findings counts as a single one


class Scan:
    """The detectors, compiled. Linear in the text, whatever the text.

    A *view* is a record as JSON text in UTF-8, with its key and headers behind it. `suspicious`
    is a superset: a record in which `find` finds something anywhere is always named.
    """

    def __init__(self, detectors: Sequence[Detector] = DETECTORS) -> None:
        """Compile the detectors.

        Raises:
            ConfigError: A pattern is not one that runs in linear time.
        """
        self.detectors = tuple(detectors)
        self._matchers = [Matcher(detector) for detector in detectors]
        self._set = pattern_set(detector.pattern for detector in detectors)
        words = {word for one in detectors for word in one.context}
        # names in names make one context, `{"tax": {"id": 1}}`: the first of its words stands alone
        words |= {word.split(" ")[0] for word in words}
        shapes = [one.quick or one.pattern for one in detectors if not one.context]
        alternatives = [f"(?:{shape.replace('(?P<found>', '(?:')})" for shape in shapes]
        # no groups: a search that has to tell them apart is ten times slower
        self._words = compiled(words_pattern(words)) if words else None
        if words:
            alternatives.append(f"(?:{words_pattern(words)})")
        self._quick = compiled("|".join(alternatives))

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
        search = self._quick.search
        position, end = 0, len(joined)
        while position < end and (match := search(joined, position)) is not None:
            start, stop = match.span()
            # the boundaries that belong to a match may be the joints between views
            index = bisect_right(starts, min(start + 1, stop - 1)) - 1
            view = joined[starts[index] : starts[index + 1]]
            if not self._is_candidate(joined[start:stop], view):
                position = max(stop - 1, position + 1)
                continue
            found.add(index)
            position = max(starts[index + 1] - 1, position + 1)
        return sorted(found)

    def _is_candidate(self, matched: bytes, view: bytes) -> bool:
        """Return False for a context word in a view without any number it could speak of."""
        is_word = self._words is not None and self._words.fullmatch(matched) is not None
        return not is_word or _NUMBER.search(view) is not None

    def find(self, text: str, name: str = "") -> list[Finding]:
        """Return what stands in one text: ordered, not overlapping, offsets in characters.

        Args:
            text: The text.
            name: The field's name or path: words of it are context.
        """
        raw = text.encode("utf-8", "replace")
        hits = self._set.Match(raw)
        if not hits:
            return []
        context = Context(raw, name)
        found = [one for hit in hits for one in self._matchers[hit].findings(raw, context)]
        merged = _merged(found)
        return merged if len(raw) == len(text) else _in_characters(merged, raw)

    def find_in(self, value: object) -> list[tuple[str, Finding]]:
        """Return what stands anywhere in a JSON value, each with the path of its string.

        Numbers are searched as their text. Of JSON inside a string the path goes on inside it,
        and offsets are those in the inner string. A finding in an object's key has the path of
        that field.
        """
        return [
            (path, finding) for path, text in texts_of(value) for finding in self.find(text, path)
        ]


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
    return bytes(_ESCAPES.sub(b"  ", view))


def _merged(found: list[Finding]) -> list[Finding]:
    """Return the longest of overlapping findings, the surer of equally long ones."""
    if len(found) < 2:  # noqa: PLR2004 - nothing can overlap
        return found
    if len(found) > _MAX_FINDINGS:
        best = max(found, key=lambda one: one.score)
        end = max(one.end for one in found)
        return [Finding(0, end, best.entity, best.score)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.start - one.end, -one.score)):
        if all(finding.end <= one.start or one.end <= finding.start for one in kept):
            kept.append(finding)
    return sorted(kept, key=lambda one: one.start)


def _in_characters(found: list[Finding], raw: bytes) -> list[Finding]:
    def characters(end: int) -> int:
        return len(raw[:end].decode("utf-8", "ignore"))

    return [
        Finding(characters(one.start), characters(one.end), one.entity, one.score) for one in found
    ]
