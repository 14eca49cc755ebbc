"""Avro schemas as a type and a table of named types: made so for editing, written out again.

In the flat form each use of a named type is its full name, and its definition stands in the
table. An edit puts a changed definition in place of one use; all other uses stay as they were,
those of a type inside itself included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

NAMED = ("record", "error", "enum", "fixed")
PRIMITIVE = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
INNER = {"array": "items", "map": "values"}
"""Where an array and a map keep the type of what is in them."""

Types = dict[str, dict[str, Any]]
"""Definitions of named types by full name."""


def flattened(schema: Any, known: Types | None = None) -> tuple[Any, Types]:
    """Return the schema's type in flat form, and its named types.

    Args:
        schema: A schema, as parsed JSON.
        known: Types it may name that are defined elsewhere; its own are added to them.
    """
    types: Types = {} if known is None else known
    return _flat(schema, "", types), types


def nested(flat: Any, types: Mapping[str, dict[str, Any]]) -> Any:
    """Return a flat type as a schema that defines each named type where it is first used.

    Where uses of one name have come to differ, the first keeps the name, and each other is
    called after it and the field it stands in.
    """
    return _Writer(types).written(flat, "", "")


def branches(flat: Any) -> list[Any]:
    """Return the types that a value may have, without null."""
    found = flat if isinstance(flat, list) else [flat]
    return [one for one in found if one != "null"]


def nullable(flat: Any) -> bool:
    """Return True if null is a value of the type."""
    return flat == "null" or (isinstance(flat, list) and "null" in flat)


def with_null(flat: Any) -> Any:
    """Return the type with null as its first branch, so that the default can be null."""
    return "null" if flat == "null" else ["null", *branches(flat)]


def opened(flat: Any, types: Mapping[str, dict[str, Any]]) -> Any:
    """Return the definition behind a name, other types as they are."""
    return types.get(flat, flat) if isinstance(flat, str) else flat


def kind_of(flat: Any) -> str:
    """Return the Avro type of an opened type; of a union `union`."""
    if isinstance(flat, list):
        return "union"
    return str(flat["type"] if isinstance(flat, dict) else flat)


def _flat(schema: Any, space: str, types: Types) -> Any:
    if isinstance(schema, list):
        return [_flat(one, space, types) for one in schema]
    if isinstance(schema, str):
        full = f"{space}.{schema}" if space and "." not in schema else schema
        return full if schema not in PRIMITIVE and full in types else schema.removeprefix(".")
    kind = schema.get("type")
    if kind in NAMED:
        return _defined(schema, space, types)
    if kind in INNER:
        inner = INNER[kind]
        return {**schema, inner: _flat(schema[inner], space, types)}
    return dict(schema) if kind in PRIMITIVE else _flat(kind, space, types)


def _defined(schema: dict[str, Any], space: str, types: Types) -> str:
    written = str(schema["name"])
    before, _, short = written.rpartition(".")
    own = before or ("" if "." in written else str(schema.get("namespace") or space))
    if not before and schema.get("namespace") == "":
        own = ""
    full = f"{own}.{short}" if own else short
    found = {key: value for key, value in schema.items() if key != "namespace"}
    found["name"] = full
    types[full] = found  # before its fields: it may stand inside itself
    if "fields" in found:
        found["fields"] = [
            {**field, "type": _flat(field["type"], own, types)} for field in found["fields"]
        ]
    return full


class _Writer:
    """Writes flat types out, each name once."""

    def __init__(self, types: Mapping[str, dict[str, Any]]) -> None:
        self._types = types
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()

    def written(self, flat: Any, space: str, field: str) -> Any:
        """Return the type as a schema, within a namespace and for a field."""
        if isinstance(flat, list):
            return [self.written(one, space, field) for one in flat]
        if isinstance(flat, str):
            known = self._types.get(flat)
            return flat if known is None else self._use(known, space, field)
        kind = flat["type"]
        if kind in NAMED:
            return self._use(flat, space, field)
        if kind in INNER:
            inner = INNER[kind]
            return {**flat, inner: self.written(flat[inner], space, field)}
        return flat

    def _use(self, definition: dict[str, Any], space: str, field: str) -> Any:
        key = json.dumps(definition, sort_keys=True, default=str)
        full = str(definition["name"])
        if key in self._names:
            name = self._names[key]
            return name.rpartition(".")[2] if name.rpartition(".")[0] == space else name
        name = self._free(full, field)
        self._names[key] = name
        self._taken.add(name)
        own, _, short = name.rpartition(".")
        found = {"type": definition["type"], "name": short}
        if own != space:
            found["namespace"] = own
        dropped = {"type", "name", "aliases"} if name != full else {"type", "name"}
        found |= {part: value for part, value in definition.items() if part not in dropped}
        if "fields" in found:
            names = {one["name"] for one in definition["fields"]}
            found["fields"] = [
                _without_clashing_aliases(one, names)
                | {"type": self.written(one["type"], own, one["name"])}
                for one in definition["fields"]
            ]
        return found

    def _free(self, full: str, field: str) -> str:
        """Return the name itself, or the first free one after it and the field."""
        if full not in self._taken:
            return full
        stem = name = f"{full}_{field}" if field else f"{full}_2"
        number = 1
        while name in self._taken or name in self._types:
            number += 1
            name = f"{stem}_{number}"
        return name


def _without_clashing_aliases(field: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return the field without aliases that are names of its neighbours."""
    if "aliases" not in field:
        return field
    aliases = [one for one in field["aliases"] if one not in names]
    rest = {key: value for key, value in field.items() if key != "aliases"}
    return {**rest, "aliases": aliases} if aliases else rest
