"""The shape that an Avro schema promises, with the tags of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import Any

from pipelines.shape import ANY, Kind, Shape
from pipelines.wire.avro_names import expanded

_KINDS: dict[str, Kind] = {
    "null": "null", "boolean": "bool", "int": "int", "long": "int", "float": "double",
    "double": "double", "string": "string", "bytes": "bytes", "fixed": "bytes", "enum": "string",
}  # fmt: skip
_LOGICAL: dict[str, Kind] = {
    "timestamp-millis": "timestamp", "timestamp-micros": "timestamp",
    "local-timestamp-millis": "timestamp", "local-timestamp-micros": "timestamp",
    "date": "date", "decimal": "decimal", "time-millis": "any", "time-micros": "any",
}  # fmt: skip


def shape_of(schema: Any) -> Shape:
    """Return the shape of values of an Avro schema.

    Tags come from `confluent:tags` and `tags` on fields. A union of records is an object with the
    fields of all. A union of other types is `any`, and so is a type inside itself: such a field
    gets the tags of all that is in it, so that no tagged value is overlooked.
    """
    return _shape(expanded(schema), {})  # a name means the same wherever it stands


def tags_of(field: dict[str, Any]) -> frozenset[str]:
    """Return a field's classification tags."""
    found: set[str] = set()
    for key in ("confluent:tags", "tags"):
        written = field.get(key, ())
        found |= {written} if isinstance(written, str) else {str(one) for one in written}
    return frozenset(found)


def _shape(schema: Any, around: dict[str, Any]) -> Shape:
    """Return the shape of a type; `around` are the named types that it stands in."""
    if isinstance(schema, list):
        branches = [one for one in schema if one != "null"]
        shapes = [_shape(one, around) for one in branches]
        whole = reduce(_either, shapes) if shapes else ANY
        return replace(whole, nullable=len(branches) < len(schema))
    if isinstance(schema, str):
        kind = _KINDS.get(schema)
        if kind:
            return Shape(kind, nullable=kind == "null")
        return replace(ANY, tags=frozenset(_tags_inside(around.get(schema))))
    written = schema.get("type")
    if isinstance(written, dict | list):
        return _shape(written, around)
    if written in ("record", "error"):
        inside = {**around, schema["name"]: schema}
        fields = {
            field["name"]: _shape(field["type"], inside).with_tags(tags_of(field))
            for field in schema["fields"]
        }
        return Shape("object", fields=fields)
    if written == "array":
        return Shape("list", items=_shape(schema["items"], around))
    if written == "map":
        return Shape("map", items=_shape(schema["values"], around))
    if written == "enum":
        return Shape("string", symbols=tuple(schema["symbols"]))
    logical = _LOGICAL.get(str(schema.get("logicalType", "")))
    return Shape(logical) if logical else _shape(str(written), around)


def _either(one: Shape, other: Shape) -> Shape:
    """Return the shape of values that have one of two."""
    if one.kind == other.kind == "object":
        fields = {
            name: _either(field, other.fields[name])
            if name in one.fields and name in other.fields
            else replace(field, nullable=True)
            for name, field in {**other.fields, **one.fields}.items()
        }
        return Shape("object", fields=fields)
    tags = one.tags | other.tags
    if replace(one, nullable=False, tags=tags) == replace(other, nullable=False, tags=tags):
        return replace(one, nullable=one.nullable or other.nullable, tags=tags)
    inside = (shape.tags for whole in (one, other) for _, shape in whole.leaves())
    return replace(ANY, nullable=one.nullable or other.nullable, tags=tags.union(*inside))


def _tags_inside(schema: Any) -> Iterator[str]:
    """Yield the tags of all fields in a type, however deep."""
    if isinstance(schema, list):
        for one in schema:
            yield from _tags_inside(one)
    elif isinstance(schema, dict):
        yield from tags_of(schema)
        for key in ("type", "fields", "items", "values"):
            yield from _tags_inside(schema.get(key))
