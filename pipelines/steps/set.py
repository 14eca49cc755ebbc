"""set: give a field a computed value."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Literal

from pipelines.effect import Effect, Written
from pipelines.errors import RecordError
from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.shape import Shape
from pipelines.step import Cel, Resources, Scope, StepConfig, Transform

CONTAINERS = (dict, list)


class Set(StepConfig):
    """Give a field the value of an expression; missing parents are made.

    The value is computed once; a path with `*` sets it in every place there is. A duration is
    written as text, as Protocol Buffers' JSON has it: `1.5s`. The field gets the tags of all
    fields that the expression reads, flags aside: what is computed from personal data is
    personal data. Where a parent is no object the record is dead-lettered (`set_failed`).
    """

    step: Literal["set"] = "set"
    field: FieldPath
    """Path of the field; what it held before is replaced."""
    value: Cel
    """Expression of the new value."""

    def build(self, resources: Resources) -> Transform:
        compute = resources.expression(self.value, self.id)
        put, step_id = self.field.set, self.id

        def set_(record: Record) -> None:
            new = compute(record)
            if isinstance(new, CONTAINERS):
                new = copy.deepcopy(new)  # a field selected as a whole must not be in two places
            elif isinstance(new, timedelta):
                new = seconds_text(new)
            if not put(record.value, new):
                raise RecordError("set_failed", step_id, "a parent of the field is no object")

        return set_

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        new = scope.shape_of(self.value)
        before = scope.shape.at(self.field)
        tags = frozenset() if before is None else before.tags
        if new.kind != "bool":
            tags |= scope.tags_read(self.value)
        if new.kind == "duration":
            new = Shape("string", new.nullable, tags=new.tags)
        return (Written(self.field, new.with_tags(tags)),)

    def sentence(self) -> str:
        return f"Sets {self.field} to {self.value}."


def seconds_text(duration: timedelta) -> str:
    """Return a duration as Protocol Buffers' JSON mapping has it: `1.5s`."""
    micros = duration // timedelta(microseconds=1)
    whole, part = divmod(abs(micros), 1_000_000)
    fraction = f".{part:06d}".rstrip("0") if part else ""
    return f"{'-' if micros < 0 else ''}{whole}{fraction}s"
