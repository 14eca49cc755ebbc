"""Scrubbing: a sample record with made-up values that takes the same way as before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.declaration.cases import Given
from pipelines.field_path import FieldPath
from pipelines.privacy.overlap import covers
from pipelines.profile.fakes import Fakes, units

Way = frozenset[object]
"""What a record does: the branches it takes, and its fate."""

_SALTS = range(3)
_Place = tuple[str | int, ...]


@dataclass(slots=True)
class Scrubbed:
    """A record that may be written to a file.

    Attributes:
        given: The record.
        replaced: Each personal value of the sample, with what stands for it.
        kept: Paths of values that are, in part, what they were: the way depends on them.
    """

    given: Given
    replaced: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


class Scrubber:
    """Puts fakes in the place of all values but those that decide what becomes of a record."""

    def __init__(
        self, fakes: Fakes, treated: tuple[FieldPath, ...], way_of: Callable[[Given], Way]
    ) -> None:
        """Take what scrubbing needs.

        Args:
            fakes: Makes the values.
            treated: Fields that a rule treats: personal, whatever stands in them.
            way_of: Runs a record and says what it does.
        """
        self._fakes = fakes
        self._treated = list(treated)
        self._way_of = way_of

    def scrubbed(self, given: Given, way: Way) -> Scrubbed | None:
        """Return the record scrubbed, or None if it takes another way without what is personal."""
        plain: dict[str, Any] = {
            "value": given.value, "key": given.key, "headers": dict(given.headers)
        }  # fmt: skip
        done = Scrubbed(given)
        free = [place for place in list(_leaves(plain)) if not self._personal(plain, place, done)]
        if self._way_of(_given(given, plain)) != way:
            return None
        real = given.timestamp
        if real:
            given = given.model_copy(update={"timestamp": 0})
            if self._way_of(_given(given, plain)) != way:
                given = given.model_copy(update={"timestamp": real})
        self._everything(given, plain, free, way, done)
        done.given = _given(given, plain)
        return done

    def _personal(self, plain: Any, place: _Place, done: Scrubbed) -> bool:
        """Replace what is personal in a value; False if that is nothing."""
        value = _at(plain, place)
        name = _name(place)
        if place[0] == "value" and any(
            covers(rule, FieldPath.of(*place[1:])) for rule in self._treated
        ):
            text, replaced = self._fakes.personal(str(value), name)
            if not replaced:
                text = str(self._fake(value, 0))
                replaced = [(str(value), text)]
        elif isinstance(value, bool | float):
            return False
        else:
            text, replaced = self._fakes.personal(str(value), name)
        if not replaced:
            return False
        done.replaced += replaced
        _put(plain, place, _as_before(text, value))
        # text around what was found is not personal, but nobody's business either
        return len(replaced[0][0]) >= len(str(value)) or not isinstance(value, str)

    def _everything(
        self, given: Given, plain: Any, free: list[_Place], way: Way, done: Scrubbed
    ) -> None:
        """Replace all values that are left, or as many of them as the way allows."""
        known = {fake for _, fake in done.replaced}
        before = {place: _at(plain, place) for place in free}
        for place, value in before.items():
            _put(plain, place, self._fake(value, 0, known))
        if self._way_of(_given(given, plain)) == way:
            return
        for place, value in before.items():
            _put(plain, place, value)
        for place, value in before.items():
            if not self._replaced(given, plain, place, value, way, known):
                done.kept.append(_name(place))

    def _replaced(
        self, given: Given, plain: Any, place: _Place, value: object, way: Way, known: set[str]
    ) -> bool:
        """Replace one value, or those of its words that may be; False if something stays."""
        for salt in _SALTS:
            _put(plain, place, self._fake(value, salt, known))
            if self._way_of(_given(given, plain)) == way:
                return True
        _put(plain, place, value)
        if not isinstance(value, str):
            return False
        text, whole = value, True
        for start, end in reversed(list(_words(value, known))):
            changed = text[:start] + self._fakes.text(text[start:end]) + text[end:]
            _put(plain, place, changed)
            if self._way_of(_given(given, plain)) == way:
                text = changed
            else:
                whole = False
        _put(plain, place, text)
        return whole

    def _fake(self, value: object, salt: int, known: Collection[str] = ()) -> object:
        """Return a fake of a value; what is one already stays."""
        if isinstance(value, str):
            text, place = "", 0
            for start, end in _spans(value, known):
                text += self._fakes.text(value[place:start], salt) + value[start:end]
                place = end
            return text + self._fakes.text(value[place:], salt)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._fakes.number(value, salt)
        return value


def _spans(text: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Return where known texts stand in a text, none over another."""
    found: list[tuple[int, int]] = []
    for one in sorted(known, key=len, reverse=True):
        start = text.find(one) if one else -1
        while start >= 0:
            end = start + len(one)
            if all(end <= other or start >= until for other, until in found):
                found.append((start, end))
            start = text.find(one, end)
    return sorted(found)


def _words(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where the words stand of which no known text is made up."""
    taken = _spans(text, known)
    for start, end in units(text):
        if all(end <= other or start >= until for other, until in taken):
            yield start, end


def _given(given: Given, plain: Any) -> Given:
    return given.model_copy(update=_copied(plain))


def _copied(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {name: _copied(one) for name, one in plain.items()}
    return [_copied(one) for one in plain] if isinstance(plain, list) else plain


def _leaves(plain: Any, place: _Place = ()) -> Iterator[_Place]:
    if isinstance(plain, dict):
        for name, one in plain.items():
            yield from _leaves(one, (*place, name))
    elif isinstance(plain, list):
        for index, one in enumerate(plain):
            yield from _leaves(one, (*place, index))
    elif plain is not None and plain != "":
        yield place


def _at(plain: Any, place: _Place) -> Any:
    for part in place:
        plain = plain[part]
    return plain


def _put(plain: Any, place: _Place, value: object) -> None:
    _at(plain, place[:-1])[place[-1]] = value


def _as_before(text: str, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text if isinstance(value, str) else value
    try:
        return type(value)(text)
    except ValueError:
        return value


def _name(place: _Place) -> str:
    """Return the path that detectors know a value by."""
    if place[0] != "value":
        return "key" if place[0] == "key" else str(place[-1])
    return str(FieldPath.of(*place[1:])) if len(place) > 1 else ""
