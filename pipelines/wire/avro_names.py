"""Named types of an Avro schema, written out at every use."""

from __future__ import annotations

import copy
from typing import Any

_NAMED = ("record", "enum", "fixed", "error")
_PRIMITIVE = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")


def expanded(schema: Any) -> Any:
    """Return the schema with each use of a named type written out, but inside itself.

    Every named type carries its full name, so that it means the same wherever it stands.
    """
    return _expanded(schema, {}, "", frozenset())


def _expanded(schema: Any, named: dict[str, Any], space: str, inside: frozenset[str]) -> Any:
    if isinstance(schema, list):
        return [_expanded(one, named, space, inside) for one in schema]
    if isinstance(schema, str):
        if schema in _PRIMITIVE:
            return schema
        full = schema if "." in schema or not space else f"{space}.{schema}"
        full = full if full in named or full in inside else schema
        return full if full in inside or full not in named else copy.deepcopy(named[full])
    found = dict(schema)
    kind = found.get("type")
    if kind in _NAMED:
        name = str(found["name"])
        own = found.get("namespace", space) if "." not in name else name.rpartition(".")[0]
        full = name if "." in name or not own else f"{own}.{name}"
        found["name"] = full
        found.pop("namespace", None)
        if "fields" in found:
            within = inside | {full}
            found["fields"] = [
                {**field, "type": _expanded(field["type"], named, own, within)}
                for field in found["fields"]
            ]
        named[full] = found
        return found
    for key in ("type", "items", "values"):
        if key in found and not (key == "type" and isinstance(found[key], str)):
            found[key] = _expanded(found[key], named, space, inside)
    if isinstance(kind, str) and kind not in (*_PRIMITIVE, "array", "map"):
        return _expanded(kind, named, space, inside)
    return found
