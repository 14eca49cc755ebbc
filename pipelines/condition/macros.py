"""CEL's macros over lists and maps, map literals, and a record's headers.

Source: the CEL language definition, "Macros".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.exact import equal, flag, kind_of
from pipelines.record import Record


def elements(target: Any) -> Iterable[Any]:
    """Return what a macro runs over: a list's elements, a map's keys."""
    if type(target) in (list, dict):
        return list(target)
    raise CelFailure(f"a {kind_of(target)} has no elements")


def exists(target: Any, holds: Callable[[Any], Any]) -> bool:
    """Return `target.exists(x, holds)`: one that holds absorbs all failures."""
    return _some(target, holds, decisive=True)


def holds_for_all(target: Any, holds: Callable[[Any], Any]) -> bool:
    """Return `target.all(x, holds)`: one that does not hold absorbs all failures."""
    return _some(target, holds, decisive=False)


def _some(target: Any, holds: Callable[[Any], Any], *, decisive: bool) -> bool:
    failure: CelFailure | None = None
    for element in elements(target):
        try:
            if flag(holds(element)) is decisive:
                return decisive
        except CelFailure as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return not decisive


def exists_one(target: Any, holds: Callable[[Any], Any]) -> bool:
    """Return `target.exists_one(x, holds)`; failures are not absorbed."""
    return sum(flag(holds(element)) for element in elements(target)) == 1


def filtered(target: Any, holds: Callable[[Any], Any]) -> list[Any]:
    """Return `target.filter(x, holds)`."""
    return [element for element in elements(target) if flag(holds(element))]


def mapped(target: Any, change: Callable[[Any], Any]) -> list[Any]:
    """Return `target.map(x, change)`."""
    return [change(element) for element in elements(target)]


def map_of(*entries: tuple[Any, Any]) -> dict[Any, Any]:
    """Return a map.

    Raises:
        CelFailure: A key is given twice or is of a type that no key has.
    """
    found: dict[Any, Any] = {}
    for key, value in entries:
        if type(key) not in (str, int, bool):
            raise CelFailure(f"a {kind_of(key)} is no key of a map")
        if any(equal(key, other) for other in found):
            raise CelFailure("a key is given twice")
        found[key] = value
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


def header_map(record: Record) -> dict[str, str]:
    """Return the headers' texts by name; the last of a name counts."""
    return {name: header(record, name) for name, _ in record.headers}
