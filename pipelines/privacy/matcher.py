"""Matcher: one detector's pattern, run over the bytes of one text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.detector import Detector, Finding
from pipelines.privacy.context import Context, said_pattern
from pipelines.privacy.linear import compiled, spans_of

_LOOK_INSIDE = 128  # bytes of a refused candidate that may hide a real one; bounds the work


class Matcher:
    """Finds what one detector accepts.

    Attributes:
        words: Pattern of its context words, "" if it needs none.
    """

    def __init__(self, detector: Detector) -> None:
        """Compile the detector's pattern.

        Raises:
            ConfigError: The pattern is not one that runs in linear time.
        """
        self._detector = detector
        pattern = compiled(detector.pattern)
        self._spans = spans_of(pattern)
        self._part = detector.part
        self._group = pattern.groupindex.get(b"found", 0)
        self.words = said_pattern(detector.context) if detector.context else ""
        self._words = spans_of(compiled(self.words)) if self.words else None

    def findings(
        self, raw: bytes, context: Context, known: Sequence[Finding] = ()
    ) -> Iterator[Finding]:
        """Yield what the detector accepts in a text; offsets in bytes.

        Args:
            raw: The text.
            context: Its words.
            known: What was found before: nothing inside of it is looked at, since of findings
                that overlap the longest counts.
        """
        position = 0
        while (spans := self._spans(raw, position)) is not None:
            start, end = spans[self._group]
            if start < 0:  # the alternative that matched has no such group
                start, end = spans[0]
            covering = next((one for one in known if one.start <= start and end <= one.end), None)
            if covering is not None:
                position = covering.end
                continue
            score = self._score(raw, start, end, context)
            if score and self._part is not None:
                part = self._part_of(raw, start, end)
                if part is None:
                    score = 0.0
                elif part[0] == part[1]:  # nothing, and no other candidate inside
                    position = max(end, start + 1)
                    continue
                else:
                    start, end = part
            if score:
                yield Finding(start, end, self._detector.entity, score)
                position = max(end, start + 1)
            else:
                position = start + 1 if end - start <= _LOOK_INSIDE else end

    def _part_of(self, raw: bytes, start: int, end: int) -> tuple[int, int] | None:
        text = raw[start:end].decode("utf-8", "replace")
        part = None if self._part is None else self._part(text)
        if part is None:
            return None
        return start + len(text[: part[0]].encode()), start + len(text[: part[1]].encode())

    def _score(self, raw: bytes, start: int, end: int, context: Context) -> float:
        detector = self._detector
        # context first: it costs less than most checks
        if self._words is not None and not context.has(self._words, start, end):
            return 0.0
        if detector.accept is None:
            return detector.score
        return min(detector.score, detector.accept(raw[start:end].decode("utf-8", "replace")))


def everything(matcher: Matcher, text: str) -> list[Finding]:
    """Return what one matcher finds in a text without a name; offsets in bytes."""
    raw = text.encode("utf-8", "replace")
    return list(matcher.findings(raw, Context(raw, "")))
