"""Differences: where what came out is not what a test expects, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipelines.declaration.case_types import holds
from pipelines.declaration.document import Place, place_text
from pipelines.field_path import MISSING

Match = Literal["exact", "subset", "schema"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected. Tests hold invented values only, so it may quote them.

    Attributes:
        place: Where in the case: keys and positions, such as `expect`, 0, `value`, `a`.
        message: What differs, as the end of a sentence.
        expected: What should be there; `MISSING`: nothing, or there is no one thing.
        actual: What is there.
    """

    place: Place
    message: str
    expected: object = field(default=MISSING, repr=False)
    actual: object = field(default=MISSING, repr=False)

    def __str__(self) -> str:
        """Return place and message in one line."""
        return f"{place_text(self.place)}: {self.message}"


def differences(
    expected: object, actual: object, place: Place, match: Match
) -> Iterator[Difference]:
    """Yield where two plain values differ.

    Args:
        expected: What the case says; with `schema` the names of types.
        actual: What came out.
        place: Where `expected` stands in the case.
        match: `subset` lets further fields stand in `actual`.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        yield from _objects(expected, actual, place, match)
    elif isinstance(expected, list | tuple) and isinstance(actual, list):
        yield from _lists(expected, actual, place, match)
    elif match == "schema":
        if not isinstance(expected, str) or not holds(expected, actual):
            message = f"{actual!r} is no {expected if isinstance(expected, str) else 'such thing'}"
            yield Difference(place, message, expected, actual)
    elif isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        yield Difference(place, f"{actual!r}, not {expected!r}", expected, actual)


def _objects(
    expected: Mapping[str, object], actual: Mapping[str, object], place: Place, match: Match
) -> Iterator[Difference]:
    for name, value in expected.items():
        if name in actual:
            yield from differences(value, actual[name], (*place, name), match)
        elif match != "schema" or not _may_be_absent(value):
            yield Difference((*place, name), "is missing", value)
    for name in actual if match != "subset" else ():
        if name not in expected:
            yield Difference((*place, name), "is there", MISSING, actual[name])


def _may_be_absent(expected: object) -> bool:
    return isinstance(expected, str) and holds(expected, None)


def _lists(
    expected: list[object] | tuple[object, ...], actual: list[object], place: Place, match: Match
) -> Iterator[Difference]:
    if match == "schema":
        for one in actual:
            yield from differences(expected[0], one, (*place, 0), match)
        return
    if len(expected) != len(actual):
        message = f"{len(actual)} elements, not {len(expected)}"
        yield Difference(place, message, list(expected), actual)
    for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
        yield from differences(one, other, (*place, index), match)
