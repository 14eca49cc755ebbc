"""The shape of rows, found from the rows themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce

from pipelines.shape import ANY, Kind, Shape

_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KINDS: dict[type, Kind] = {
    bool: "bool", int: "int", float: "double", str: "string", bytes: "bytes",
}  # fmt: skip


def shape_of_rows(rows: Iterable[object]) -> Shape:
    """Return a shape that every row fits.

    Objects with keys that can be no field names of a schema (`pt-BR`) are maps.
    """
    return reduce(merged, map(shape_of, rows), None) or ANY


def shape_of(value: object) -> Shape:
    """Return the shape of one value."""
    if value is None:
        return Shape("null", nullable=True)
    if isinstance(value, Mapping):
        fields = {name: shape_of(child) for name, child in value.items()}
        if all(_FIELD_NAME.fullmatch(name) for name in fields):
            return Shape("object", fields=fields)
        return Shape("map", items=reduce(merged, fields.values(), None))
    if isinstance(value, list):
        return Shape("list", items=reduce(merged, map(shape_of, value), None))
    return Shape(_KINDS.get(type(value), "any"))


def merged(one: Shape | None, other: Shape) -> Shape:
    """Return a shape that values of both fit; `any` where they have nothing in common."""
    if one is None or one == other:
        return other
    if "null" in (one.kind, other.kind):
        return replace(one if other.kind == "null" else other, nullable=True)
    return replace(_merged(one, other), nullable=one.nullable or other.nullable)


def _merged(one: Shape, other: Shape) -> Shape:
    kinds = {one.kind, other.kind}
    if kinds == {"int", "double"}:
        return Shape("double")
    if kinds == {"object", "map"}:
        one, other = _as_map(one), _as_map(other)
    if one.kind != other.kind:
        return ANY
    if one.kind == "object":
        return Shape("object", fields=_fields(one.fields, other.fields))
    if one.items is None or other.items is None:
        return Shape(one.kind, items=one.items or other.items)
    return Shape(one.kind, items=merged(one.items, other.items))


def optional(shape: Shape) -> Shape:
    """Return the shape with every field at any depth nullable: of rows that were only sampled."""
    fields = {name: replace(optional(child), nullable=True) for name, child in shape.fields.items()}
    items = shape.items and replace(optional(shape.items), nullable=True)
    return replace(shape, fields=fields, items=items)


def still_holds(promised: Shape, found: Shape) -> bool:
    """Return True if every value of shape `found` also fits `promised`, new fields aside."""
    if promised.kind == "any" or (found.kind == "null" and promised.nullable):
        return True
    if found.nullable and not promised.nullable:
        return False
    if promised.kind == "map" and found.kind == "object":
        found = _as_map(found)
    if found.kind != promised.kind:
        return promised.kind == "double" and found.kind == "int"
    if promised.items is not None and found.items is not None:
        return still_holds(promised.items, found.items)
    return all(
        still_holds(shape, found.fields[name]) if name in found.fields else shape.nullable
        for name, shape in promised.fields.items()
    )


def _as_map(shape: Shape) -> Shape:
    if shape.kind == "map":
        return shape
    return Shape("map", shape.nullable, reduce(merged, shape.fields.values(), None))


def _fields(one: Mapping[str, Shape], other: Mapping[str, Shape]) -> dict[str, Shape]:
    fields = {}
    for name in {**one, **other}:
        if name in one and name in other:
            fields[name] = merged(one[name], other[name])
        else:
            fields[name] = replace(one.get(name) or other[name], nullable=True)
    return fields
