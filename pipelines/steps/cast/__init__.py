"""cast: change the type of a field."""

from __future__ import annotations

from typing import Literal

from pipelines.effect import Effect, Written
from pipelines.errors import RecordError
from pipelines.field_path import MISSING, FieldPath
from pipelines.record import Record
from pipelines.shape import ANY, Shape
from pipelines.step import Resources, Scope, StepConfig, Transform
from pipelines.steps.cast.forms import FORMS, never_fails


class Cast(StepConfig):
    """Change the type of a field, by the conventions of Kafka Connect; null stays null.

    - `int`: numbers lose their fraction, flags are 1 and 0, times are milliseconds since the
      epoch, text is decimal digits with an optional sign; 64 bits.
    - `double`: text as in JSON or with `E`; finite.
    - `bool`: numbers are true unless 0; text is `true` or `false` in any case, no other (Connect
      takes all other text as false).
    - `string`: flags are `true` and `false`, doubles as Java writes them (`1.0`, `1.0E10`), times
      RFC 3339 in UTC, bytes Base64.
    - `timestamp`: numbers are milliseconds since the epoch, text is RFC 3339 with its offset.

    Objects and lists have no other type. An absent field stays absent.
    """

    step: Literal["cast"] = "cast"
    field: FieldPath
    """Path of the field; `a[*].b` casts it in every element."""
    to: Literal["string", "int", "double", "bool", "timestamp"]
    """Type it gets."""
    on_error: Literal["dead_letter", "null", "keep"] = "dead_letter"
    """What becomes of a value that has no such form: the record is dead-lettered
    (`cast_failed`), the field becomes null, or it keeps what it holds."""

    def build(self, resources: Resources) -> Transform:
        del resources
        forms, on_error = FORMS[self.to], self.on_error
        update, step_id = self.field.update, self.id
        hint = f"{self.field} has no form as {self.to}"

        def change(value: object) -> object:
            if value is None:
                return None
            form = forms.get(type(value))
            if form is not None and (new := form(value)) is not MISSING:
                return new
            if on_error == "dead_letter":
                raise RecordError("cast_failed", step_id, hint)
            return None if on_error == "null" else value

        def cast(record: Record) -> None:
            update(record.value, change)

        return cast

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        before = scope.shape.at(self.field)
        if before is None:
            return ()
        safe = never_fails(before.kind, self.to)
        nullable = before.nullable or before.kind == "any" or (self.on_error == "null" and not safe)
        after = ANY if self.on_error == "keep" and not safe else Shape(self.to, nullable)
        return (Written(self.field, after.with_tags(before.tags)),)

    def sentence(self) -> str:
        otherwise = {
            "dead_letter": "what has no such form is dead-lettered",
            "null": "what has no such form becomes null",
            "keep": "what has no such form stays as it is",
        }[self.on_error]
        return f"Casts {self.field} to {self.to}; {otherwise}."

    def fields_needed(self) -> tuple[FieldPath, ...]:
        return (self.field,)
