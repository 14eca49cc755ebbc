"""The shape that an Avro schema promises, with the tags of its fields."""

from __future__ import annotations

from dataclasses import replace
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

    Tags come from `confluent:tags` and `tags` on fields. A union of several types is `any`, and
    so is a type inside itself.
    """
    return _shape(expanded(schema))  # a name means the same wherever it stands


def tags_of(field: dict[str, Any]) -> frozenset[str]:
    """Return a field's classification tags."""
    found: set[str] = set()
    for key in ("confluent:tags", "tags"):
        written = field.get(key, ())
        found |= {written} if isinstance(written, str) else {str(one) for one in written}
    return frozenset(found)


def _shape(schema: Any) -> Shape:
    if isinstance(schema, list):
        branches = [one for one in schema if one != "null"]
        nullable = len(branches) < len(schema)
        if len(branches) != 1:
            return replace(ANY, nullable=nullable)
        return replace(_shape(branches[0]), nullable=nullable)
    if isinstance(schema, str):  # a name that is left is that of a type around it
        kind = _KINDS.get(schema)
        return Shape(kind, nullable=kind == "null") if kind else ANY
    written = schema.get("type")
    if isinstance(written, dict | list):
        return _shape(written)
    if written in ("record", "error"):
        fields = {
            field["name"]: _shape(field["type"]).with_tags(tags_of(field))
            for field in schema["fields"]
        }
        return Shape("object", fields=fields)
    if written == "array":
        return Shape("list", items=_shape(schema["items"]))
    if written == "map":
        return Shape("map", items=_shape(schema["values"]))
    logical = _LOGICAL.get(str(schema.get("logicalType", "")))
    return Shape(logical) if logical else _shape(str(written))
