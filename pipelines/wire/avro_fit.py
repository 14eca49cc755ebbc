"""Which Avro type a shape gets, and whether a type that is there already can hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipelines.errors import ConfigError, Problem
from pipelines.shape import Shape
from pipelines.wire.avro_types import Types, branches, kind_of, nullable, opened, with_null

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Names of fields and types, Avro 1.12 specification, "Names"."""

_TYPES = {
    "bool": "boolean", "int": "long", "double": "double", "string": "string", "bytes": "bytes",
    "null": "null",
}  # fmt: skip
_LOGICAL = {
    # milliseconds, as Kafka Connect has timestamps; finer ones are cut off
    "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
    "date": {"type": "int", "logicalType": "date"},
}
_HELD: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "bool": (("boolean", None),),
    "int": (("long", None),),
    "double": (("double", None),),
    "string": (("string", None),),
    "bytes": (("bytes", None),),
    "timestamp": (("long", "timestamp-millis"), ("long", "timestamp-micros")),
    "date": (("int", "date"),),
    "decimal": (("bytes", "decimal"), ("fixed", "decimal")),
}


def refused(message: str) -> ConfigError:
    """Return the error that no schema can be derived."""
    what, _, fix = message.rpartition(": ")
    return ConfigError([Problem(what, path="publish", code="CW0605", fix=fix)])


def named(name: str, path: str) -> str:
    """Return the name if a schema can hold it.

    Raises:
        ConfigError: It cannot.
    """
    if NAME.fullmatch(name):
        return name
    raise refused(
        f"`{path}`: an Avro field is named with letters, digits and `_`, not a digit first: "
        f"rename `{name}`, or publish as json"
    )


def type_of(shape: Shape, name: str, path: str, types: Types) -> Any:
    """Return the flat type of a shape.

    Fields of new records are nullable, null by default, so that more can be added.

    Args:
        shape: What is to be held.
        name: Full name for a record made for it; records in it are called after it.
        path: Where it stands, for errors.
        types: The named types there are; a new record takes none of their names.

    Raises:
        ConfigError: The shape says too little.
    """
    if shape.kind in _TYPES:
        found: Any = _TYPES[shape.kind]
    elif shape.kind in _LOGICAL:
        found = dict(_LOGICAL[shape.kind])
    elif shape.kind == "list" and shape.items is not None:
        found = {"type": "array", "items": type_of(shape.items, name, f"{path}[*]", types)}
    elif shape.kind == "map" and shape.items is not None:
        found = {"type": "map", "values": type_of(shape.items, name, f"{path}.*", types)}
    elif shape.kind == "object":
        found = record(name, types)
        for field, inner in shape.fields.items():
            below, place = f"{name}_{field}", f"{path}.{field}"
            held = with_null(type_of(inner, below, place, types))
            found["fields"].append(
                {"name": named(field, place), "type": held, "default": None} | tagged(inner)
            )
    else:
        raise refused(
            f"`{path}` has no type that a schema could hold ({_unknown(shape)}): give it one, "
            f"for instance by `cast` or `string(…)`, or publish as json"
        )
    return with_null(found) if shape.nullable else found


def record(name: str, types: Types) -> dict[str, Any]:
    """Return a new record without fields, called `name` or the first free name after it."""
    free, number = name, 1
    while free in types:
        number += 1
        free = f"{name}_{number}"
    return {"type": "record", "name": free, "fields": []}


def tagged(shape: Shape) -> dict[str, Any]:
    """Return the attribute of a field that says its tags, if it has any."""
    return {"confluent:tags": sorted(shape.tags)} if shape.tags else {}


def holds(flat: Any, shape: Shape, types: Types) -> bool:
    """Return True if the type, as it is, holds every value of the shape."""
    if shape.nullable and not nullable(flat):
        return False
    if shape.kind == "null":
        return nullable(flat)
    one = branches(flat)
    if len(one) != 1:
        return False
    found = opened(one[0], types)
    kind = kind_of(found)
    logical = found.get("logicalType") if isinstance(found, dict) else None
    if shape.kind in _HELD:
        return (kind, logical) in _HELD[shape.kind]
    if shape.kind in ("list", "map"):
        inner = {"list": ("array", "items"), "map": ("map", "values")}[shape.kind]
        return kind == inner[0] and (
            shape.items is not None and holds(found[inner[1]], shape.items, types)
        )
    if shape.kind != "object" or kind != "record":
        return False
    fields = {field["name"]: field["type"] for field in found["fields"]}
    return fields.keys() == shape.fields.keys() and all(
        holds(fields[name], inner, types) for name, inner in shape.fields.items()
    )


def merged(one: Any, other: Any, path: str, types: Types) -> Any:
    """Return a type that holds the values of both.

    Raises:
        ConfigError: No union of Avro does, or none in which a value tells its branch.
    """
    found = branches(one)
    for new in branches(other):
        if new in found:
            continue
        wider = {index: _wider(old, new, types) for index, old in enumerate(found)}
        index = next((index for index, type_ in wider.items() if type_ is not None), None)
        if index is not None:
            found[index] = wider[index]
        elif any(_clash(old, new, types) for old in found):
            raise refused(
                f"`{path}` holds its old value or one of another type, and no union of Avro holds "
                "both: write to a field of its own, or a value of the old type"
            )
        else:
            found.append(new)
    # a whole number fits a double too: it is to find its own branch first
    found.sort(key=lambda flat: flat in ("float", "double"))
    if nullable(one) or nullable(other):
        return with_null(found)
    return found[0] if len(found) == 1 else found


def fits_default(flat: Any, default: object, types: Types) -> bool:
    """Return True if the value can be the default of a field of that type."""
    first = flat[0] if isinstance(flat, list) else flat
    kind = kind_of(opened(first, types))
    if kind == "null":
        return default is None
    if kind == "boolean":
        return isinstance(default, bool)
    if kind in ("int", "long"):
        return isinstance(default, int) and not isinstance(default, bool)
    if kind in ("float", "double"):
        return isinstance(default, int | float) and not isinstance(default, bool)
    if kind == "array":
        return default == []
    return isinstance(default, dict if kind in ("map", "record") else str)


def _clash(one: Any, other: Any, types: Types) -> bool:
    """Return True if a union cannot have both, or a value would not tell which it is of."""
    first, second = (kind_of(opened(flat, types)) for flat in (one, other))
    objects = {"record", "error", "map"}
    return first == second or (first in objects and second in objects)


def _wider(one: Any, other: Any, types: Types) -> str | None:
    """Return the simple type that holds the values of both, if there is one."""
    pair = {one if isinstance(one, str) else "", other if isinstance(other, str) else ""}
    if pair in ({"int", "long"}, {"float", "double"}):
        return "long" if "long" in pair else "double"
    texts = {kind_of(opened(flat, types)) for flat in (one, other)}
    return "string" if "string" in texts and texts <= {"string", "enum"} else None


def _unknown(shape: Shape) -> str:
    return shape.kind if shape.kind not in ("list", "map") else f"{shape.kind} of nothing known"
