"""The derived schema: an input schema after everything a pipeline does to its fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.field_path import FieldPath
from pipelines.shape import Shape
from pipelines.wire.avro_edit import Edit, Field, Place, Segments, optional
from pipelines.wire.avro_fit import fits_default, holds, merged, named, refused, tagged, type_of
from pipelines.wire.avro_keep import Keep
from pipelines.wire.avro_retype import declassified, retyped
from pipelines.wire.avro_types import Types, flattened, kind_of, nested, nullable, opened, with_null


def derive(schema: Any, effects: Iterable[Effect]) -> Any:
    """Return the Avro schema of values after the effects, in order.

    What no effect touches stays as it is: names, docs, aliases, defaults, logical types, order.

    - A field that steps add is nullable, null by default, so that a step can be added to a running
      pipeline: such a schema can read what was written before it. So is a field that only some
      records have.
    - A field renamed in its place gets its old name as an alias, for the same reason.
    - A record made for a field is called `PARENT_FIELD`. Where a step changes one of several uses
      of a named type, that use gets a name of its own.
    - A treated field loses its `PII` tags; other tags stay.

    Args:
        schema: The input schema, as parsed JSON.
        effects: What steps and treatments do.

    Raises:
        ConfigError: An effect has no schema: the type it writes is not known, or no union of Avro
            holds what a field can have.
    """
    flat, types = flattened(schema)
    for effect in effects:
        flat = _after(flat, effect, types)
    return nested(flat, types)


def _after(flat: Any, effect: Effect, types: Types) -> Any:
    match effect:
        case Kept(paths, conditional):
            keep = Keep(types, conditional)
            return keep.of(flat, [path.segments for path in paths])[0]
        case Removed(path, conditional):
            return Edit(types, _Removal(conditional)).root(flat, path.segments)
        case Retyped(path, shape, conditional):
            return Edit(types, _Treatment(types, shape, conditional)).root(flat, path.segments)
        case Written(path, shape, conditional):
            if not path.segments:
                raise refused(
                    "a step replaces the whole record, and what its fields are is not known: "
                    "give it a field of its own with `into`, or publish as json"
                )
            change = _Writing(types, shape, conditional)
            return Edit(types, change, make=True).root(flat, path.segments)
        case Renamed(source, target, conditional):
            return _renamed(flat, source, target, types, conditional=conditional)


@dataclass(frozen=True, slots=True)
class _Removal:
    """The field is gone, or may be."""

    conditional: bool

    def __call__(self, field: Field | None, place: Place) -> Field | None:
        if field is None:
            return None
        return optional(field) if self.conditional or place.partial else None


@dataclass(frozen=True, slots=True)
class _Writing:
    """The field gets a value of a shape."""

    types: Types
    shape: Shape
    conditional: bool

    def __call__(self, field: Field | None, place: Place) -> Field:
        if field is not None and holds(field["type"], self.shape, self.types):
            return field
        new = type_of(self.shape, place.name, place.path, self.types)
        if field is None:
            name = named(str(place.segments[-1]), place.path)
            return {"name": name, "type": with_null(new), "default": None} | tagged(self.shape)
        if self.conditional or place.partial:
            new = merged(field["type"], new, place.path, self.types)
        return _with_type(field, new, self.types)


@dataclass(frozen=True, slots=True)
class _Treatment:
    """The field's value was treated."""

    types: Types
    shape: Shape | None
    conditional: bool

    def __call__(self, field: Field | None, place: Place) -> Field | None:
        if field is None:
            return None
        new = retyped(field["type"], self.shape, place.name, place.path, self.types)
        if self.conditional or place.partial:
            new = merged(field["type"], new, place.path, self.types)
        return declassified(_with_type(field, new, self.types))


def _with_type(field: Field, flat: Any, types: Types) -> Field:
    """Return the field with another type, and its default if that is one of the type."""
    if flat == field["type"]:
        return field
    found = {**field, "type": flat}
    if "default" in field and fits_default(flat, field["default"], types):
        return found
    found.pop("default", None)
    return {**found, "type": with_null(flat), "default": None} if nullable(flat) else found


def _renamed(
    flat: Any, source: FieldPath, target: FieldPath, types: Types, *, conditional: bool
) -> Any:
    moved = _found(flat, source.segments, types)
    if not moved:
        return flat
    name = named(str(target.segments[-1]), str(target))
    if source.segments[:-1] == target.segments[:-1]:
        in_place = not conditional and not _found(flat, target.segments, types)
        if in_place and all(not place.partial for _, place in moved):
            return Edit(types, lambda field, _: _called(field, name)).root(flat, source.segments)
    left = Edit(types, _Removal(conditional)).root(flat, source.segments)
    field, place = moved[0]
    for other, _ in moved[1:]:
        field = {**field, "type": merged(field["type"], other["type"], str(source), types)}
    sure = not (conditional or place.partial) and _is_always_there(flat, source.segments, types)

    def put(old: Field | None, at: Place) -> Field:
        if old is None:
            return optional({**field, "name": name})
        if sure and not at.partial:
            return {**field, "name": old["name"]}
        both = merged(old["type"], field["type"], at.path, types)
        return _with_type({**field, "name": old["name"]}, both, types)

    return Edit(types, put, make=True).root(left, target.segments)


def _called(field: Field | None, name: str) -> Field | None:
    if field is None:
        return None
    aliases = [field["name"], *(one for one in field.get("aliases", ()) if one != name)]
    return {**field, "name": name, "aliases": aliases}


def _found(flat: Any, segments: Segments, types: Types) -> list[tuple[Field, Place]]:
    """Return the fields that a path means, with their places."""
    met: list[tuple[Field, Place]] = []

    def meet(field: Field | None, place: Place) -> Field | None:
        if field is not None:
            met.append((field, place))
        return field

    Edit(types, meet).root(flat, segments)
    return met


def _is_always_there(flat: Any, segments: Segments, types: Types) -> bool:
    """Return True if every value has the field, by names through records that cannot be null."""
    for segment in segments:
        found = opened(flat, types)
        if kind_of(found) != "record" or not isinstance(segment, str):
            return False
        field = next((one for one in found["fields"] if one["name"] == segment), None)
        if field is None or (nullable(field["type"]) and field.get("default", "") is None):
            return False
        flat = field["type"]
    return True
