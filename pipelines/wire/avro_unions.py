"""Unions in which a value does not tell its branch: encoding would pick another, unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from pipelines.shape import joined
from pipelines.wire.avro_types import INNER, Types, branches, flattened, kind_of, nullable, opened

_ALIKE = {
    "int": "number", "long": "number", "float": "number", "double": "number",
    "enum": "text", "string": "text", "bytes": "bytes", "fixed": "bytes",
    "record": "object", "error": "object", "map": "object",
}  # fmt: skip


def confusable(schema: Any) -> tuple[str, str, str] | None:
    """Return where values of one object type pass for another, and the two; None: nowhere.

    Decoded objects carry no name of their type. Of a union's records the encoder takes the first
    that fits and shares most fields with the value: so one whose fields are all fields of an
    earlier one is taken for that, where the earlier one can do without the rest.
    """
    flat, types = flattened(schema)
    return next(_found("", flat, types, set()), None)


def _found(path: str, flat: Any, types: Types, seen: set[str]) -> Iterator[tuple[str, str, str]]:
    opens = [opened(one, types) for one in branches(flat)]
    objects = [one for one in opens if kind_of(one) in ("record", "error", "map")]
    for earlier, later in combinations(objects, 2):
        if _passes_for(later, earlier, types):
            yield path, _name(later), _name(earlier)
    for one in opens:
        kind = kind_of(one)
        if kind in INNER:
            below = f"{path}[*]" if kind == "array" else f"{path}.*"
            yield from _found(below, one[INNER[kind]], types, seen)
        elif kind in ("record", "error") and one["name"] not in seen:
            seen.add(one["name"])
            for field in one["fields"]:
                yield from _found(joined(path, field["name"]), field["type"], types, seen)


def _passes_for(one: Any, other: Any, types: Types) -> bool:
    if "map" in (kind_of(one), kind_of(other)):
        return True
    mine = {field["name"]: field["type"] for field in one["fields"]}
    theirs = {field["name"]: field for field in other["fields"]}
    return (
        mine.keys() <= theirs.keys()
        and all(
            "default" in field or nullable(field["type"])
            for name, field in theirs.items()
            if name not in mine
        )
        and all(
            _kinds(flat, types) & _kinds(theirs[name]["type"], types) for name, flat in mine.items()
        )
    )


def _kinds(flat: Any, types: Types) -> set[str]:
    kinds = {kind_of(opened(one, types)) for one in branches(flat)}
    found = {_ALIKE.get(kind, kind) for kind in kinds}
    return found | {"null"} if nullable(flat) else found


def _name(definition: Any) -> str:
    return str(definition.get("name", "a map"))
