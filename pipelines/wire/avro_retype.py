"""The Avro type of a field after a treatment: the same wherever that is possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines.shape import Shape
from pipelines.wire.avro_edit import Field
from pipelines.wire.avro_fit import merged, type_of
from pipelines.wire.avro_types import Types, branches, kind_of, nullable, opened, with_null

_TAGS = ("confluent:tags", "tags")
_SAME: dict[str, frozenset[tuple[str, str | None]]] = {
    "bool": frozenset({("boolean", None)}),
    "int": frozenset({("int", None), ("long", None)}),
    "double": frozenset({("float", None), ("double", None)}),
    "string": frozenset({("string", None)}),
    "bytes": frozenset({("bytes", None), ("fixed", None)}),
    "timestamp": frozenset({("long", "timestamp-millis"), ("long", "timestamp-micros")}),
    "date": frozenset({("int", "date")}),
    "decimal": frozenset({("bytes", "decimal"), ("fixed", "decimal")}),
}


def retyped(flat: Any, shape: Shape | None, name: str, path: str, types: Types) -> Any:
    """Return the type of treated values.

    Args:
        flat: The type before.
        shape: Their shape; None: as before, and null.
        name: Full name for a record made for it.
        path: Where it stands, for errors.
        types: The named types.

    Raises:
        ConfigError: No type holds them.
    """
    if shape is None:
        return flat if nullable(flat) else with_null(flat)
    ones = branches(flat)
    if len(ones) != 1:
        if shape.kind == "any":
            # of whichever type a value is, what stands in its place is text or null
            return merged(flat, ["null", "string"], path, types)
        new = type_of(shape, name, path, types)
    elif shape.kind == "any":
        return flat
    else:
        new = _one(ones[0], shape, name, path, types)
        if new == ones[0] and (nullable(flat) or not shape.nullable):
            return flat
    return with_null(new) if nullable(flat) or shape.nullable else new


def declassified(field: Field) -> Field:
    """Return a treated field without the tags that say it is personal data (`PII`, `PII.…`)."""
    left: Field = {}
    for key, value in field.items():
        if key not in _TAGS:
            left[key] = value
            continue
        tags = [value] if isinstance(value, str) else list(value)
        kept = [tag for tag in tags if str(tag).split(".")[0] != "PII"]
        if kept:
            left[key] = kept
    return left


def _one(flat: Any, shape: Shape, name: str, path: str, types: Types) -> Any:
    found = opened(flat, types)
    kind = kind_of(found)
    logical = found.get("logicalType") if isinstance(found, dict) else None
    if (kind, logical) in _SAME.get(shape.kind, ()):
        return flat
    if kind == "array" and shape.kind == "list" and shape.items is not None:
        items = retyped(found["items"], shape.items, name, f"{path}[*]", types)
        return {**found, "items": items}
    if kind == "map" and shape.kind == "map" and shape.items is not None:
        values = retyped(found["values"], shape.items, name, f"{path}.*", types)
        return {**found, "values": values}
    if kind == "record" and shape.kind == "object":
        return {
            **found,
            "fields": [_field(one, shape, found, path, types) for one in found["fields"]],
        }
    return type_of(replace(shape, nullable=False), name, path, types)


def _field(field: Field, shape: Shape, record: Any, path: str, types: Types) -> Field:
    inner = shape.fields.get(field["name"])
    if inner is None:
        return declassified(field)
    name, place = f"{record['name']}_{field['name']}", f"{path}.{field['name']}"
    new = retyped(field["type"], inner, name, place, types)
    found = declassified({**field, "type": new})
    if new != field["type"] and "default" in found:
        del found["default"]
    return found
