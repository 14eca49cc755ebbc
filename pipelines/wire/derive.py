"""The derived schema: an input schema after everything a pipeline does to its fields."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.errors import ConfigError, Problem
from pipelines.field_path import EACH, FieldPath, Segment
from pipelines.shape import Shape
from pipelines.wire.avro_names import expanded, folded

_TYPES = {
    "bool": "boolean", "int": "long", "double": "double", "string": "string", "bytes": "bytes",
    "null": "null",
}  # fmt: skip
_LOGICAL = {
    "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
    "date": {"type": "int", "logicalType": "date"},
}
_TAGS = ("confluent:tags", "tags")
_PERSONAL = "PII"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Change = Callable[[dict[str, Any] | None, str], dict[str, Any] | None]
"""What becomes of a field (None: there is none), given the name that a new type would get."""


def derive(schema: Any, effects: Iterable[Effect]) -> Any:
    """Return the Avro schema of values after the effects, in order.

    What no effect touches stays as it is: names, docs, aliases, defaults, logical types, order.
    A treated field loses its tags of personal data: it is none any more. A field that only some
    records have is nullable, null by default.

    Raises:
        ConfigError: A new field's type is not known.
    """
    found = expanded(copy.deepcopy(schema))
    for effect in effects:
        found = _after(found, effect)
    return folded(found)


def _named(name: str) -> str:
    """Return the name of a new field, if Avro can hold it (Avro 1.12, Names)."""
    if _NAME.fullmatch(name):
        return name
    message = (
        f"field `{name}` cannot stand in an Avro schema: names are letters, digits and _; "
        "choose another, or publish as json"
    )
    raise ConfigError([Problem(message, path="publish")])


def _after(schema: Any, effect: Effect) -> Any:
    match effect:
        case Kept(paths, conditional):
            return schema if conditional else _kept(schema, [path.segments for path in paths])
        case Removed(path, conditional):
            return _edit(schema, path.segments, _optional if conditional else _nothing)
        case Retyped(path, shape, _):
            return _edit(schema, path.segments, _retyping(shape))
        case Written(path, shape, conditional):
            change = _writing(path, shape, conditional=conditional)
            return _edit(schema, path.segments, change, make=True)
        case Renamed(source, target, conditional):
            return _renamed(schema, source, target, conditional=conditional)


def _nothing(_: dict[str, Any] | None, __: str) -> dict[str, Any] | None:
    return None


def _optional(field: dict[str, Any] | None, _: str) -> dict[str, Any] | None:
    """Return the field as one that not every record has."""
    if field is None:
        return None
    return {**field, "type": _union("null", field["type"]), "default": None}


def _retyping(shape: Shape | None) -> Change:
    def change(field: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
        if field is None:
            return None
        plain = _without_personal_tags(field)
        if shape is None:
            return _optional(plain, name)
        if shape.kind in ("any", "object"):
            return plain  # the treatment walks inside and keeps what it finds text
        found = {**plain, "type": _type_of(shape, name, FieldPath(field["name"]))}
        if plain.get("default", "") is not None or not shape.nullable:
            found.pop("default", None)
        return found

    return change


def _without_personal_tags(field: dict[str, Any]) -> dict[str, Any]:
    found = dict(field)
    for key in _TAGS:
        if key not in field:
            continue
        written = field[key] if isinstance(field[key], list) else [field[key]]
        left = [one for one in written if not str(one).startswith(_PERSONAL)]
        if left:
            found[key] = left if isinstance(field[key], list) else left[0]
        else:
            del found[key]
    return found


def _writing(path: FieldPath, shape: Shape, *, conditional: bool) -> Change:
    def change(field: dict[str, Any] | None, name: str) -> dict[str, Any]:
        new = _type_of(shape, name, path)
        found = {"name": _named(str(path.segments[-1])), "type": new}
        if field is not None:
            kept = ("name", "doc", "aliases")
            found = {**{key: field[key] for key in kept if key in field}, "type": new}
            if conditional:
                found = {**field, "type": _union(field["type"], new)}
        elif conditional:
            found["type"] = _union("null", new)
        if isinstance(found["type"], list) and found["type"][0] == "null":
            found["default"] = None
        return found

    return change


def _renamed(schema: Any, source: FieldPath, target: FieldPath, *, conditional: bool) -> Any:
    moved: list[dict[str, Any]] = []

    def take(field: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
        if field is not None:
            moved.append(field)
        return _optional(field, name) if conditional else None

    left = _edit(schema, source.segments, take)
    if not moved:
        return schema
    field = {**moved[0], "name": _named(str(target.segments[-1]))}

    def put(_: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
        return _optional(field, name) if conditional else field

    return _edit(left, target.segments, put, make=True)


def _edit(
    schema: Any,
    segments: tuple[Segment, ...],
    change: Change,
    *,
    make: bool = False,
    name: str = "",
) -> Any:
    """Return the type with the field at `segments` changed.

    Args:
        schema: A type.
        segments: The way to the field.
        change: What becomes of it.
        make: Make missing parents and fields.
        name: Name that a record made here would get.
    """
    head, rest = segments[0], segments[1:]
    if isinstance(schema, list):
        return _union(*(_edit(one, segments, change, make=make, name=name) for one in schema))
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if isinstance(kind, dict | list):
        return {**schema, "type": _edit(kind, segments, change, make=make, name=name)}
    if kind == "record" and isinstance(head, str):
        fields = _edit_fields(schema, head, rest, change, make=make)
        return {**schema, "fields": fields}
    inner = {"array": "items", "map": "values"}.get(str(kind))
    if inner and (head is EACH or isinstance(head, int) or kind == "map"):
        if rest:
            return {**schema, inner: _edit(schema[inner], rest, change, make=make, name=name)}
        changed = change({"name": "element", "type": schema[inner]}, f"{name}_element")
        return schema if changed is None else {**schema, inner: changed["type"]}
    return schema


def _edit_fields(
    schema: dict[str, Any], head: str, rest: tuple[Segment, ...], change: Change, *, make: bool
) -> list[dict[str, Any]]:
    below = f"{schema['name']}_{head}"
    fields: list[dict[str, Any]] = []
    met = False
    for field in schema["fields"]:
        if field["name"] != head:
            fields.append(field)
            continue
        met = True
        if rest:
            inner = _edit(field["type"], rest, change, make=make, name=below)
            fields.append({**field, "type": inner})
        elif (changed := change(field, below)) is not None:
            fields.append(changed)
    if met or not make:
        return fields
    if rest:
        parent = {"type": "record", "name": f"{schema['name']}_{_named(head)}", "fields": []}
        fields.append({"name": head, "type": _edit(parent, rest, change, make=True, name=below)})
    elif (made := change(None, below)) is not None:
        fields.append(made)
    return fields


def _kept(schema: Any, paths: list[tuple[Segment, ...]]) -> Any:
    if any(not path for path in paths):
        return schema
    if isinstance(schema, list):
        return [_kept(one, paths) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if isinstance(kind, dict | list):
        return {**schema, "type": _kept(kind, paths)}
    if kind == "record":
        fields = []
        for field in schema["fields"]:
            below = [path[1:] for path in paths if path[0] in (field["name"], EACH)]
            if below:
                fields.append({**field, "type": _kept(field["type"], below)})
        return {**schema, "fields": fields}
    inner = {"array": "items", "map": "values"}.get(str(kind))
    if inner:
        return {**schema, inner: _kept(schema[inner], [path[1:] for path in paths])}
    return schema


def _union(*types: Any) -> Any:
    """Return the union of types, each once, null first; a single one as it is."""
    found: list[Any] = []
    for one in types:
        found += [
            inner for inner in (one if isinstance(one, list) else [one]) if inner not in found
        ]
    ordered = ["null"] * ("null" in found) + [one for one in found if one != "null"]
    return ordered[0] if len(ordered) == 1 else ordered


def _type_of(shape: Shape, name: str, path: FieldPath) -> Any:
    """Return the Avro type of a shape; records in it are named after where they stand."""
    if shape.kind in _TYPES:
        found: Any = _TYPES[shape.kind]
    elif shape.kind in _LOGICAL:
        found = dict(_LOGICAL[shape.kind])
    elif shape.kind == "list" and shape.items is not None:
        found = {"type": "array", "items": _type_of(shape.items, name, path)}
    elif shape.kind == "map" and shape.items is not None:
        found = {"type": "map", "values": _type_of(shape.items, name, path)}
    elif shape.kind == "object":
        found = {"type": "record", "name": name, "fields": _fields(shape, name, path)}
    else:
        message = (
            f"field `{path}` has no type that a schema could hold ({shape.kind}): convert its "
            "value, for instance with string(…), or publish as json"
        )
        raise ConfigError([Problem(message, path="publish")])
    return _union("null", found) if shape.nullable and found != "null" else found


def _fields(shape: Shape, name: str, path: FieldPath) -> list[dict[str, Any]]:
    fields = []
    for field_name, inner in shape.fields.items():
        field = {"name": _named(field_name), "type": _type_of(inner, f"{name}_{field_name}", path)}
        if isinstance(field["type"], list) and field["type"][0] == "null":
            field["default"] = None
        fields.append(field)
    return fields
