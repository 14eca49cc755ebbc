"""FieldProfile: what was seen in one field, without keeping any of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.detector import Finding

_MOST_DISTINCT = 1_000
_WHOLE = 0.8  # part of a text that a finding covers for the text to be nothing else
_LONGEST_EXAMPLE = 40


@dataclass(slots=True)
class Found:
    """One entity in one field.

    Attributes:
        values: Values that hold it.
        whole: Values that are nothing else.
        scores: Sum of the best score of each of these values.
        example: One of them, every letter as `x` and every digit as `0`.
    """

    values: int = 0
    whole: int = 0
    scores: float = 0.0
    example: str = ""

    @property
    def score(self) -> float:
        """How sure the detectors are, on average, 0 to 1."""
        return self.scores / self.values if self.values else 0.0


@dataclass(slots=True)
class FieldProfile:
    """What was seen at one path.

    Attributes:
        values: How many values, null included.
        kinds: How many of each type, by JSON's names.
        found: What detectors found, by entity.
    """

    values: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    found: dict[str, Found] = field(default_factory=dict)
    _hashes: set[int] = field(default_factory=set, repr=False)

    def add(self, kind: str, text: str = "", findings: Iterable[Finding] = ()) -> None:
        """Count one value.

        Args:
            kind: Its type.
            text: Its text, where it is a scalar.
            findings: What stands in the text.
        """
        self.values += 1
        self.kinds[kind] += 1
        if text and len(self._hashes) < _MOST_DISTINCT:
            self._hashes.add(hash(text))
        for finding in _best(findings):
            found = self.found.setdefault(finding.entity, Found())
            found.values += 1
            found.scores += finding.score
            found.whole += (finding.end - finding.start) >= _WHOLE * len(text.strip())
            found.example = found.example or same_shape(text[finding.start : finding.end])

    def add_inside(self, found: Sequence[tuple[str, Finding]]) -> None:
        """Count what stands inside of the value counted last, such as JSON in a string.

        Args:
            found: The texts inside, and what was found in them.
        """
        texts = {id(finding): text for text, finding in found}
        for finding in _best(finding for _, finding in found):
            entry = self.found.setdefault(finding.entity, Found())
            entry.values += 1
            entry.scores += finding.score
            text = texts[id(finding)]
            entry.example = entry.example or same_shape(text[finding.start : finding.end])

    def merge(self, other: FieldProfile) -> None:
        """Count what another one counted, too."""
        self.values += other.values
        self.kinds.update(other.kinds)
        self._hashes |= set(list(other._hashes)[: _MOST_DISTINCT - len(self._hashes)])
        for entity, theirs in other.found.items():
            found = self.found.setdefault(entity, Found())
            found.values += theirs.values
            found.whole += theirs.whole
            found.scores += theirs.scores
            found.example = found.example or theirs.example

    @property
    def filled(self) -> int:
        """Values that are not null."""
        return self.values - self.kinds["null"]

    @property
    def distinct(self) -> str:
        """How many different values there are, counted up to a thousand."""
        count = len(self._hashes)
        return f"{_MOST_DISTINCT}+" if count >= _MOST_DISTINCT else str(count)

    def share(self, entity: str) -> float:
        """Return the part of the values that hold an entity, 0 to 1."""
        return self.found[entity].values / self.filled if self.filled else 0.0

    def is_all(self, entity: str) -> bool:
        """Return True where the field is there to hold this entity, and nothing beside it."""
        found = self.found[entity]
        return found.whole >= _WHOLE * self.filled and found.whole >= _WHOLE * found.values


def _best(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Return the surest finding of each entity."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.entity)
        if known is None or finding.score > known.score:
            best[finding.entity] = finding
    return best.values()


def same_shape(text: str) -> str:
    """Return a text's shape: letters as `x`, digits as `0`, the rest as it is, cut."""
    shape = "".join(
        "0" if one.isdecimal() else "x" if one.isalnum() else one if one.isascii() else "·"
        for one in text[:_LONGEST_EXAMPLE]
    )
    return shape + ("…" if len(text) > _LONGEST_EXAMPLE else "")
