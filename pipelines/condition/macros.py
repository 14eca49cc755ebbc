"""CEL's macros over lists and maps, list and map literals, and a record's headers.

Sources: the CEL language definition, "Macros"; the two-variable comprehensions extension. What
holds or changes takes an element (of a map: a key), or a pair: index and element, key and value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.exact import flag
from pipelines.condition.limits import charge
from pipelines.condition.optionals import spread
from pipelines.condition.values import (
    ABSENT,
    Optional,
    Uint,
    a_kind,
    known_key,
    stored_key,
)
from pipelines.record import Record

Holds = Callable[[Any], Any]


def elements(target: Any) -> list[Any]:
    """Return what a macro of one variable runs over: a list's elements, a map's keys."""
    if type(target) is list:
        charge(len(target))
        return target
    if type(target) is dict:
        charge(len(target))
        return [known_key(key) for key in target]
    raise CelFailure(f"{a_kind(target)} has no elements")


def pairs(target: Any) -> list[tuple[Any, Any]]:
    """Return what a macro of two variables runs over: indexes and elements, keys and values."""
    if type(target) is list:
        charge(len(target))
        return list(enumerate(target))
    if type(target) is dict:
        charge(len(target))
        return [(known_key(key), value) for key, value in target.items()]
    raise CelFailure(f"{a_kind(target)} has no elements")


def exists(over: Iterable[Any], holds: Holds) -> bool:
    """Return `target.exists(x, holds)`: one that holds absorbs all failures."""
    return _some(over, holds, decisive=True)


def holds_for_all(over: Iterable[Any], holds: Holds) -> bool:
    """Return `target.all(x, holds)`: one that does not hold absorbs all failures."""
    return _some(over, holds, decisive=False)


def _some(over: Iterable[Any], holds: Holds, *, decisive: bool) -> bool:
    failure: CelFailure | None = None
    for one in over:
        try:
            if flag(holds(one)) is decisive:
                return decisive
        except CelFailure as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return not decisive


def exists_one(over: Iterable[Any], holds: Holds) -> bool:
    """Return `target.exists_one(x, holds)`; failures are not absorbed."""
    return sum(flag(holds(one)) for one in over) == 1


def filtered(over: Iterable[Any], holds: Holds) -> list[Any]:
    """Return `target.filter(x, holds)`."""
    return [one for one in over if flag(holds(one))]


def mapped(over: Iterable[Any], change: Holds) -> list[Any]:
    """Return `target.map(x, change)`."""
    return [change(one) for one in over]


def mapped_values(over: Iterable[Any], change: Holds) -> dict[Any, Any]:
    """Return `target.transformMap(k, v, change)`: the same keys, other values."""
    return {stored_key(one[0]): change(one) for one in over}


def mapped_entries(over: Iterable[Any], change: Holds) -> dict[Any, Any]:
    """Return `target.transformMapEntry(k, v, change)`: the entries of the maps it gives."""
    found: list[tuple[Any, Any]] = []
    for one in over:
        entry = change(one)
        if type(entry) is not dict:
            raise CelFailure(f"{a_kind(entry)} is no map of new entries")
        found += pairs(entry)
    return map_of(*found)


class Lazy:
    """The value of `cel.bind`: made when it is first asked for, and once."""

    __slots__ = ("_failure", "_make", "_value")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._value: Any = ABSENT
        self._failure: CelFailure | None = None

    def __call__(self) -> Any:
        """Return the value, or fail as it failed before."""
        if self._failure is not None:
            raise self._failure
        if self._value is ABSENT:
            try:
                self._value = self._make()
            except CelFailure as error:
                self._failure = error
                raise
        return self._value


def bound(make: Callable[[], Any], body: Callable[[Lazy], Any]) -> Any:
    """Return `cel.bind(x, value, body)`."""
    return body(Lazy(make))


class Spread:
    """An optional value in a list or map literal: `?value`."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def list_of(*items: Any) -> list[Any]:
    """Return a list in which some items may be left out."""
    found: list[Any] = []
    for item in items:
        if type(item) is Spread:
            spread(found, item.value)
        else:
            found.append(item)
    return found


def map_of(*entries: tuple[Any, Any]) -> dict[Any, Any]:
    """Return a map.

    Raises:
        CelFailure: A key is given twice or is of a type that no key has.
    """
    found: dict[Any, Any] = {}
    for key, value in entries:
        if type(key) not in (str, int, bool, Uint):
            raise CelFailure(f"{a_kind(key)} is no key of a map")
        entry = value
        if type(value) is Spread:
            if type(value.value) is not Optional:
                raise CelFailure(f"{a_kind(value.value)} is no optional value")
            entry = value.value.value
            if entry is ABSENT:
                continue
        stored = stored_key(key)
        if stored in found:
            raise CelFailure("a key is given twice")
        found[stored] = entry
    return found


def header(record: Record, name: Any) -> str:
    """Return the text of the last header of that name, "" without one."""
    for other, raw in reversed(record.headers):
        if other == name:
            try:
                return (raw or b"").decode()
            except UnicodeDecodeError:
                # not its name: whoever wrote the record chose that, too
                raise CelFailure("a header is no text") from None
    return ""


def header_of(headers: Any, name: Any) -> str:
    """Return the text of a header from a map of them, "" without one."""
    if type(headers) is not dict or type(name) is not str:
        raise CelFailure("`header` takes a string, of headers by name")
    text = headers.get(name, "")
    if type(text) is not str:
        raise CelFailure("a header is no text")
    return text


def header_map(record: Record) -> dict[str, str]:
    """Return the headers' texts by name; the last of a name counts."""
    return {name: header(record, name) for name, _ in record.headers}
