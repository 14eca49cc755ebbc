"""rename: move a field to another place."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.effect import Effect, Renamed
from pipelines.errors import RecordError
from pipelines.field_path import EACH, MISSING, FieldPath
from pipelines.record import Record
from pipelines.step import Resources, Scope, StepConfig, Transform


class Rename(StepConfig):
    """Move a field to another name or place; where it is absent nothing happens.

    What the new place held is replaced, missing parents are made. Both paths may go through
    every element of the same list: `items[*].price` to `items[*].amount`. Where a parent of the
    new place is no object the record is dead-lettered (`rename_failed`).
    """

    step: Literal["rename"] = "rename"
    source: Annotated[FieldPath, Field(alias="from")]
    """Path of the field."""
    to: FieldPath
    """Path it gets."""

    @model_validator(mode="after")
    def _moves_a_field(self) -> Self:
        message = ""
        if self.source == self.to:
            message = "`from` and `to` are the same field"
        elif not all(isinstance(path.segments[-1], str) for path in (self.source, self.to)):
            message = "name fields: a path that ends in a position or `*` names an element"
        elif _holders(self.source) != _holders(self.to):
            message = "`from` and `to` go through the same elements: write the same path up to `*`"
        if message:
            raise ValueError(message)
        return self

    def build(self, resources: Resources) -> Transform:
        del resources
        step_id = self.id
        holders = _holders(self.source)
        deep = len(holders.segments)
        source = FieldPath.of(*self.source.segments[deep:])
        target = FieldPath.of(*self.to.segments[deep:])
        get, take, put = source.get, source.remove, target.set

        def move(holder: object) -> None:
            found = get(holder)
            if found is MISSING:
                return
            take(holder)
            if not put(holder, found):
                raise RecordError("rename_failed", step_id, "a parent of `to` is no object")

        def rename(record: Record) -> None:
            move(record.value)

        def rename_each(record: Record) -> None:
            for holder in holders.get_all(record.value):
                move(holder)

        return rename_each if deep else rename

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        del scope
        return (Renamed(self.source, self.to),)

    def sentence(self) -> str:
        return f"Moves {self.source} to {self.to}."

    def fields_needed(self) -> tuple[FieldPath, ...]:
        return (self.source,)


def _holders(path: FieldPath) -> FieldPath:
    """Return the path up to and with its last `*`."""
    segments = path.segments
    deep = max((place + 1 for place, one in enumerate(segments) if one is EACH), default=0)
    return FieldPath.of(*segments[:deep])
