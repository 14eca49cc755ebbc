"""Scan: every detector at once - a quick pass over whole chunks, an exact search in one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Self

from pipelines.detector import Detector, Finding, NamedField
from pipelines.detectors import DETECTORS, FIELDS
from pipelines.detectors.phone import with_regions
from pipelines.placeholder import is_placeholder
from pipelines.privacy.context import Context, words_of
from pipelines.privacy.disguise import DISGUISED, LEAST_BASE64, base64_texts, plain_form
from pipelines.privacy.field_names import FieldNames
from pipelines.privacy.linear import compiled, pattern_set, spans_of
from pipelines.privacy.matcher import Matcher
from pipelines.privacy.neighbours import Neighbours
from pipelines.privacy.overlapping import merged
from pipelines.privacy.quick import Quick
from pipelines.privacy.texts import named_texts
from pipelines.privacy.things import is_of_thing, is_version

_Told = tuple[int, Callable[..., Iterator[Finding]]]

_DISGUISED = spans_of(compiled(DISGUISED))
_LONGEST_VALUE = 4096  # characters of a value that its field's name alone decides on


class Scan:
    """The detectors, compiled. Linear in the text, whatever the text.

    A *view* is a record as JSON text in UTF-8, with its key and headers behind it. `suspicious`
    is a superset: a record in which `find` finds something anywhere is always named.
    """

    def __init__(
        self,
        detectors: Sequence[Detector] = DETECTORS,
        fields: Sequence[NamedField] | None = None,
    ) -> None:
        """Compile the detectors.

        Args:
            detectors: What finds things by their shape.
            fields: What finds things by their field's name; None: the catalogue's for the
                catalogue's detectors, none for others.

        Raises:
            ConfigError: A pattern is not one that runs in linear time.
        """
        if fields is None:
            fields = FIELDS if detectors is DETECTORS else ()
        self.detectors = tuple(detectors)
        self.fields = tuple(fields)
        self.entities = {one.entity for one in detectors} | {one.entity for one in fields}
        self._quick = Quick(detectors, fields)
        self._names = FieldNames(fields)
        self.neighbours = Neighbours(self._names)
        # equal patterns run once, and a detector whose words are nowhere does not run at all
        by_pattern: dict[str, list[Matcher]] = {}
        for detector in detectors:
            by_pattern.setdefault(detector.pattern, []).append(Matcher(detector))
        words = dict.fromkeys(one.words for same in by_pattern.values() for one in same)
        words.pop("", None)
        numbers = {pattern: number for number, pattern in enumerate(words)}
        self._shapes = pattern_set(by_pattern)
        self._matchers = [
            ([one.findings for one in same if not one.words], _by_words(same, numbers))
            for same in by_pattern.values()
        ]
        self._words = pattern_set(words) if words else None
        self._words_of_name = lru_cache(maxsize=4096)(self._spoken)

    def with_detectors(self, own: Sequence[Detector], regions: Sequence[str] = ()) -> Self:
        """Return a scan that finds what these detectors find, too.

        Args:
            own: The detectors.
            regions: Countries whose telephone numbers are understood without a country code, in
                place of the usual ones; none: those.
        """
        if not own and not regions:
            return self
        known = with_regions(self.detectors, regions) if regions else self.detectors
        return type(self)((*known, *own), self.fields)

    def suspicious(self, views: Sequence[bytes]) -> list[int]:
        """Return the indexes of views that may hold a finding, ascending.

        One pass over all of them joined; linear.
        """
        return self._quick.suspicious(views)

    def suspicious_lines(self, text: bytes) -> list[int]:
        """Return the indexes of lines, a view each, that may hold a finding, ascending."""
        return self._quick.suspicious_lines(text)

    def is_silent(self, name: str) -> bool:
        """Return True if a name or path has no part in what `find` finds: as well give it none."""
        return not self._names.kinds(name) and not self._words_of_name(words_of(name).encode())

    def find(self, text: str, name: str = "") -> list[Finding]:
        """Return what stands in one text: ordered, not overlapping, offsets in characters.

        Encodings and odd characters hide nothing: what stands in `ada%40example.com`, in a
        stretch of base64 or between invisible characters is found where its encoding stands.

        Args:
            text: The text.
            name: The field's name or path: words of it are context, and it may say what the
                whole text is.
        """
        found = self._named(text, name) if name else []
        raw = text.encode("utf-8", "replace")
        plain = self._found(raw, name)
        found += plain if len(raw) == len(text) else _in_characters(plain, raw)
        if _may_be_disguised(text) and _DISGUISED(raw, 0) is not None:
            found += self._hidden(text, name)
        if found and name and is_of_thing(name):
            found = [one for one in found if not _is_called_so(one, text)]
        if found and name and is_version(name):
            found = [one for one in found if not _is_numbered_so(one, text)]
        return merged(found, text)

    def find_in(self, value: object) -> list[tuple[str, Finding]]:
        """Return what stands anywhere in a JSON value, each with the path of its string.

        Numbers are searched as their text. Of JSON inside a string the path goes on inside it,
        and offsets are those in the inner string. A finding in an object's key has the path of
        that field.
        """
        return [
            (path, finding)
            for path, name, text in named_texts(value, self.neighbours.told)
            for finding in self.find(text, name)
        ]

    def _found(self, raw: bytes, name: str) -> list[Finding]:
        """Return what the patterns find in UTF-8; offsets in bytes."""
        hits = self._shapes.Match(raw)
        if not hits:
            return []
        context = Context(raw, name)
        spoken: set[int] | None = None
        found: list[Finding] = []
        for hit in sorted(hits):  # of two in the same place the one listed first is found
            always, told = self._matchers[hit]
            for findings in always:
                found += findings(raw, context, tuple(found))
            if told and spoken is None:
                spoken = {*self._spoken(raw), *self._words_of_name(context.name)}
            if told and spoken:
                # in the order of the catalogue: what is found first covers what is not longer
                for _, findings in sorted(chain(*(told[one] for one in spoken if one in told))):
                    found += findings(raw, context, tuple(found))
        return found

    def _spoken(self, raw: bytes) -> tuple[int, ...]:
        """Return which detectors' context words stand in a text."""
        return () if self._words is None or not raw else tuple(self._words.Match(raw) or ())

    def _named(self, text: str, name: str) -> list[Finding]:
        """Return the whole text as one finding where the field's name says what it is."""
        kinds = self._names.kinds(name)
        if not kinds or len(text) > _LONGEST_VALUE or is_placeholder(text):
            return []
        value = text.strip()
        if not value or name.rstrip('"]').endswith(text):  # the name
            return []
        start = text.index(value)
        return [
            Finding(start, start + len(value), kind.entity, kind.score)
            for kind in kinds
            if kind.accept(value)
        ][:1]

    def _hidden(self, text: str, name: str) -> list[Finding]:
        """Return what stands in a text in disguise, at the characters of the disguise."""
        found: list[Finding] = []
        form = plain_form(text)
        if form is not None:
            raw = form.text.encode("utf-8", "replace")
            found = [
                Finding(form.starts[one.start], form.ends[one.end - 1], one.entity, one.score)
                for one in _in_characters(self._found(raw, name), raw)
            ]
        for start, end, content in base64_texts(text):
            inside = self._found(content.encode("utf-8", "replace"), name)
            if inside:
                best = max(inside, key=lambda one: one.score)
                found.append(Finding(start, end, best.entity, best.score))
        return found


def _by_words(matchers: Sequence[Matcher], numbers: Mapping[str, int]) -> dict[int, list[_Told]]:
    """Return the matchers that need context, by the number of their words, each with its place."""
    found: dict[int, list[_Told]] = {}
    for place, one in enumerate(matchers):
        if one.words:
            found.setdefault(numbers[one.words], []).append((place, one.findings))
    return found


def _is_called_so(finding: Finding, text: str) -> bool:
    """Return True if a person was found in what a thing is called: in a name, not a sentence."""
    if finding.entity != "PERSON":
        return False
    whole = text[finding.start : finding.end] == text.strip()
    return whole or not any(word[0].islower() for word in text.split())


def _is_numbered_so(finding: Finding, text: str) -> bool:
    """Return True if a whole text is an address by its form: versions of four numbers are."""
    return finding.entity == "IP_ADDRESS" and text[finding.start : finding.end] == text.strip()


def _may_be_disguised(text: str) -> bool:
    """Return False for short plain text: most is, and a search costs more than this look."""
    if len(text) >= LEAST_BASE64 or not text.isascii():
        return True
    return "%" in text or "&" in text or "\\" in text


def _in_characters(found: list[Finding], raw: bytes) -> list[Finding]:
    def characters(end: int) -> int:
        return len(raw[:end].decode("utf-8", "ignore"))

    return [
        Finding(characters(one.start), characters(one.end), one.entity, one.score) for one in found
    ]
