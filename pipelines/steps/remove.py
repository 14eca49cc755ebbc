"""remove: take fields out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.effect import Effect, Removed
from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.step import Resources, Scope, StepConfig, Transform


class Remove(StepConfig):
    """Take fields out; their parents stay, even if empty. Absent fields are no error."""

    step: Literal["remove"] = "remove"
    fields: Annotated[tuple[FieldPath, ...], Field(min_length=1)]
    """Paths of the fields; `a[*].b` for every element, `map.*` for every entry."""

    def build(self, resources: Resources) -> Transform:
        del resources
        removers = tuple(path.remove for path in self.fields)
        if len(removers) == 1:
            (only,) = removers

            def remove_one(record: Record) -> None:
                only(record.value)

            return remove_one

        def remove(record: Record) -> None:
            value = record.value
            for take_out in removers:
                take_out(value)

        return remove

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        del scope
        return tuple(Removed(path) for path in self.fields)

    def sentence(self) -> str:
        return f"Takes out {', '.join(map(str, self.fields))}."

    def fields_needed(self) -> tuple[FieldPath, ...]:
        return self.fields
