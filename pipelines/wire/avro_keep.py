"""A flat Avro type of which only some fields are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.field_path import EACH
from pipelines.wire.avro_edit import Field, Segments, optional, retyped
from pipelines.wire.avro_types import INNER, Types, branches, kind_of, nullable, opened, with_null


@dataclass(frozen=True, slots=True)
class Keep:
    """Takes out all fields but some.

    Attributes:
        types: The named types.
        conditional: It happens to some records only: what is taken out may be missing.
    """

    types: Types
    conditional: bool

    def of(self, flat: Any, paths: list[Segments]) -> tuple[Any, bool]:
        """Return the type of what the paths keep, and whether anything but null stays for sure.

        A number or text where the parent of a kept field should be goes.
        """
        if any(not path for path in paths):
            return flat, True
        if isinstance(flat, list):
            return self._union(flat, paths)
        found = opened(flat, self.types)
        kind = kind_of(found)
        if kind in ("record", "error"):
            return {**found, "fields": self._fields(found["fields"], paths)}, True
        if kind in INNER:
            return {**found, INNER[kind]: self._elements(found[INNER[kind]], paths)}, True
        return flat, False

    def _union(self, flat: list[Any], paths: list[Segments]) -> tuple[Any, bool]:
        kept = [self.of(one, paths) for one in branches(flat)]
        stay = [one for one, sure in kept if sure or self.conditional]
        sure = len(stay) == len(kept) and all(sure for _, sure in kept)
        if not stay:
            return "null", False
        return (with_null(stay) if nullable(flat) else stay), sure

    def _fields(self, fields: list[Field], paths: list[Segments]) -> list[Field]:
        left = []
        for field in fields:
            below = [path[1:] for path in paths if path[0] in (field["name"], EACH)]
            flat, sure = self.of(field["type"], below) if below else ("null", False)
            if sure:
                left.append(retyped(field, flat) if flat != field["type"] else field)
            elif self.conditional:
                left.append(optional(field if flat == "null" else retyped(field, flat)))
            elif flat != "null" and isinstance(flat, list):
                left.append(optional(retyped(field, flat)))
        return left

    def _elements(self, flat: Any, paths: list[Segments]) -> Any:
        """Return the type of the elements, of which each position may have paths of its own."""
        every = {path[1:] for path in paths if path[0] is EACH}
        own: dict[Any, set[Segments]] = {}
        for head, *rest in paths:
            if head is not EACH:
                own.setdefault(head, set(every)).add(tuple(rest))
        groups = [*own.values(), *([every] if every else [])]
        if all(group == groups[0] for group in groups):
            kept, _ = self.of(flat, list(groups[0]))
            return flat if kept == "null" else kept
        # what only some of the elements keep may be missing
        common = set.intersection(*(group for group in groups if () not in group))
        kept, _ = Keep(self.types, conditional=True).of(flat, list(common))
        return kept
