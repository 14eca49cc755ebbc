"""What two versions of a pipeline make of the same records, counted: `clearwater try --diff`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.canonical_text import canonical_text
from pipelines.declaration.cases import Given
from pipelines.engine.trial import TrialResult
from pipelines.field_path import MISSING

_EXAMPLES = 3
_LEAST_INSIDE = 4  # characters of a text whose turning up in another is no accident
_POSITION = re.compile(r"\[\d+\]")

_Parts = Mapping[str, object]

Show = Callable[[object], str]
"""Returns a value as it may be shown."""


@dataclass(slots=True)
class Change:
    """One kind of change.

    Attributes:
        records: In how many records.
        lines: The first of them.
        before: What the old version has there, as it may be shown; of the first record.
        after: What the new version has.
    """

    records: int = 0
    lines: list[int] = field(default_factory=list)
    before: str = ""
    after: str = ""

    def count(self, line: int) -> None:
        """Count a record; a record counts once."""
        if line not in self.lines[-1:]:
            self.records += 1
            if len(self.lines) < _EXAMPLES:
                self.lines.append(line)


@dataclass(slots=True)
class Comparison:
    """What differs over all records.

    Attributes:
        records: How many were compared.
        changed: How many become something else.
        fates: Changes of fate, by old and new fate with what decided.
        topics: Topics that are new for a record, or left out now, by topic and which of both.
        fields: Changes of what leaves, by topic and path.
        leaving: Values of the input that leave now and did not before, by topic and path.
    """

    records: int = 0
    changed: int = 0
    fates: dict[tuple[str, str], Change] = field(default_factory=dict)
    topics: dict[tuple[str, str], Change] = field(default_factory=dict)
    fields: dict[tuple[str, str], Change] = field(default_factory=dict)
    leaving: dict[tuple[str, str], Change] = field(default_factory=dict)


class Comparing:
    """Compares record by record."""

    def __init__(self, show: Show, shape: Callable[[str], str]) -> None:
        """Start with nothing compared.

        Args:
            show: Returns a clean value as it may be shown.
            shape: Returns the shape of a value that leaves as it came.
        """
        self.found = Comparison()
        self._show = show
        self._shape = shape

    def add(
        self, line: int, given: Given, old: Sequence[TrialResult], new: Sequence[TrialResult]
    ) -> None:
        """Compare what became of one record."""
        found = self.found
        found.records += 1
        before, after = _told(old), _told(new)
        differs = before != after
        if differs:
            _change(found.fates, (before, after)).count(line)
        was, now = _by_topic(old), _by_topic(new)
        raw = set(self._leaving(line, given, was, now))
        for topic in dict.fromkeys([*was, *now]):
            if topic not in was or topic not in now:
                which = "no longer" if topic in was else "newly"
                _change(found.topics, (topic, which)).count(line)
                differs = True
                continue
            for path, one, other in _differing(was[topic], now[topic]):
                differs = True
                change = _change(found.fields, (topic, path))
                change.count(line)
                change.before = change.before or self._show(one)
                is_raw = (topic, path) in raw
                change.after = change.after or (
                    self._shape(canonical_text(other)) if is_raw else self._show(other)
                )
        found.changed += differs

    def _leaving(
        self, line: int, given: Given, was: Mapping[str, _Parts], now: Mapping[str, _Parts]
    ) -> Iterator[tuple[str, str]]:
        """Count and yield topic and path of each value that leaves as it came, and did not."""
        known = {text for _, text in scalars(dict(was), "")}
        raw = [text for _, text in scalars([given.value, given.key, given.headers], "")]
        whole = set(raw)
        everything = "\0".join(raw)
        for topic, parts in now.items():
            for path, text in scalars(parts, ""):
                is_raw = text in whole or (len(text) >= _LEAST_INSIDE and text in everything)
                if is_raw and text not in known:
                    change = _change(self.found.leaving, (topic, path))
                    change.count(line)
                    change.after = change.after or self._shape(text)
                    yield topic, path


def scalars(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every text and number in a value."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from scalars(one, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from scalars(one, f"{path}[*]")
    elif isinstance(value, str):
        if value:
            yield path, value
    elif value is not None and not isinstance(value, bool):
        yield path, canonical_text(value)


def _differing(
    old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[tuple[str, object, object]]:
    """Yield path, old and new of every innermost value that differs; positions are `[*]`."""
    for part, value in old.items():
        for path, one, other in differing(value, new[part], part):
            yield _POSITION.sub("[*]", path), one, other


def _change(kind: dict[tuple[str, str], Change], key: tuple[str, str]) -> Change:
    return kind.setdefault(key, Change())


def _told(results: Sequence[TrialResult]) -> str:
    """Return what became of a record, a delay before it included."""
    told = []
    for one in results:
        reason = f": {one.reason}" if one.reason else ""
        told.append(f"{one.fate} by {one.step}{reason}")
    return ", then ".join(dict.fromkeys(told))


def _by_topic(results: Sequence[TrialResult]) -> dict[str, _Parts]:
    """Return key, value and headers of what leaves, by topic; a dead letter leaves nothing."""
    counted: Counter[str] = Counter()
    found: dict[str, _Parts] = {}
    for one in results:
        if one.topic is None or one.fate != "published":
            continue
        counted[one.topic] += 1
        number = counted[one.topic]
        topic = one.topic if number == 1 else f"{one.topic} ({number})"
        found[topic] = {"key": one.key, "value": one.value, "headers": dict(one.headers)}
    return found


def differing(old: object, new: object, path: str) -> Iterator[tuple[str, object, object]]:
    """Yield path, old and new of every innermost value that differs; absent ones included."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from differing(old.get(name, MISSING), new.get(name, MISSING), f"{path}.{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differing(one, other, f"{path}[{index}]")
    elif type(old) is not type(new) or old != new:
        yield path, old, new
