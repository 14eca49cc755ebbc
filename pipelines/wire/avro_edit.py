"""Editing one field of a flat Avro type, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines.field_path import EACH, FieldPath, Segment
from pipelines.wire.avro_fit import named, record, refused
from pipelines.wire.avro_types import INNER, Types, branches, kind_of, nullable, opened, with_null

Field = dict[str, Any]
Segments = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands.

    Attributes:
        segments: The way to it.
        name: Full name for a record made for it.
        partial: It stands for some of the values that have its type, such as one of a list.
    """

    segments: Segments
    name: str
    partial: bool = False

    @property
    def path(self) -> str:
        """The way to it as text."""
        return str(FieldPath.of(*self.segments))

    def below(self, segment: Segment, name: str, *, partial: bool = False) -> Place:
        """Return the place of what stands in it."""
        return Place((*self.segments, segment), name, self.partial or partial)


Change = Callable[[Field | None, Place], Field | None]
"""What becomes of a field: None is no field. An element of a list or map is a field too; of
None for one its type stays, for it is the value that goes."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one field.

    Attributes:
        types: The named types.
        change: What becomes of the field.
        make: Make the field and its parents where they are missing or null, as a step would.
    """

    types: Types
    change: Change
    make: bool = False

    def root(self, flat: Any, segments: Segments) -> Any:
        """Return the type of whole values with the field at `segments` changed.

        Raises:
            ConfigError: The field cannot be made there, or the change cannot be.
        """
        definition = opened(flat, self.types)
        name = str(definition["name"]) if isinstance(definition, dict) else "Value"
        return self._at(flat, segments, Place((), name))

    def _at(self, flat: Any, segments: Segments, place: Place) -> Any:
        head, rest = segments[0], segments[1:]
        if isinstance(flat, list) or flat == "null":
            return self._in_union(flat, segments, place)
        found = opened(flat, self.types)
        kind = kind_of(found)
        if kind in ("record", "error") and isinstance(head, str):
            return {**found, "fields": self._fields(found, head, rest, place)}
        if kind in ("record", "error") and head is EACH:
            for field in tuple(found["fields"]):
                found = {**found, "fields": self._fields(found, field["name"], rest, place)}
            return found
        if (kind == "array" and not isinstance(head, str)) or (
            kind == "map" and not isinstance(head, int)
        ):
            below = place.below(head, place.name, partial=head is not EACH)
            return {**found, INNER[kind]: self._element(found[INNER[kind]], rest, below)}
        if self.make and head is not EACH:
            raise refused(f"`{place.path}` is no object: nothing can be written into it")
        return flat

    def _in_union(self, flat: Any, segments: Segments, place: Place) -> Any:
        from_null = self.make and nullable(flat) and isinstance(segments[0], str)
        ones = branches(flat)
        if from_null and not ones:
            ones = [record(place.name, self.types)]
        if from_null:
            # made from null it has this field only, so all its others may be missing
            ones = [self._all_optional(one) for one in ones]
        if not ones:
            return flat
        changed = [self._at(one, segments, place) for one in ones]
        if not nullable(flat):
            return changed
        return with_null(changed) if from_null or flat[0] == "null" else _in_order(flat, changed)

    def _all_optional(self, flat: Any) -> Any:
        found = opened(flat, self.types)
        if kind_of(found) != "record" or all(map(_is_optional, found["fields"])):
            return flat
        return {**found, "fields": [optional(field) for field in found["fields"]]}

    def _element(self, flat: Any, rest: Segments, place: Place) -> Any:
        if rest:
            return self._at(flat, rest, place)
        changed = self.change({"name": "element", "type": flat}, place)
        return flat if changed is None else changed["type"]

    def _fields(self, found: Any, head: str, rest: Segments, place: Place) -> list[Field]:
        below = place.below(head, f"{found['name']}_{head}")
        fields: list[Field] = list(found["fields"])
        names = [field["name"] for field in fields]
        if head not in names:
            return [*fields, *self._made(head, rest, below)] if self.make else fields
        index = names.index(head)
        changed = (
            retyped(fields[index], self._at(fields[index]["type"], rest, below))
            if rest
            else self.change(fields[index], below)
        )
        fields[index : index + 1] = [] if changed is None else [changed]
        return fields

    def _made(self, head: str, rest: Segments, place: Place) -> list[Field]:
        """Return the missing field, if it is made."""
        name = named(head, place.path)
        if not rest:
            made = self.change(None, place)
            return [] if made is None else [made]
        if rest[0] is EACH:
            return []  # of no list every element is no element
        inner = self._at(record(place.name, self.types), rest, place)
        return [optional({"name": name, "type": inner})] if inner["fields"] else []


def optional(field: Field) -> Field:
    """Return the field as one that may be missing: nullable, null by default."""
    if _is_optional(field):
        return field
    return {**field, "type": with_null(field["type"]), "default": None}


def retyped(field: Field, flat: Any) -> Field:
    """Return the field with another type; a default that stands for an object is taken back."""
    found = {**field, "type": flat}
    if flat != field["type"] and isinstance(field.get("default"), dict):
        del found["default"]
    return found


def _is_optional(field: Field) -> bool:
    first = field["type"][0] if isinstance(field["type"], list) else field["type"]
    return bool(first == "null" and "default" in field and field["default"] is None)


def _in_order(flat: list[Any], changed: list[Any]) -> list[Any]:
    """Return the changed branches with null where it stood."""
    place = flat.index("null")
    return [*changed[:place], "null", *changed[place:]]
