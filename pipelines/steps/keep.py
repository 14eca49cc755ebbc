"""keep: an allow-list of fields; everything else is taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from pipelines.effect import Effect, Kept
from pipelines.errors import RecordError
from pipelines.field_path import EACH, MISSING, FieldPath, Segment
from pipelines.record import Record
from pipelines.step import Resources, Scope, StepConfig, Transform

Pick = Callable[[object], object]


class Keep(StepConfig):
    """Leave only these fields; all others are taken out, whatever a producer adds one day.

    Objects and lists above a kept field stay, even if empty; a number or text where such a
    parent should be goes. Of a list of which single positions are named only those stay.
    """

    step: Literal["keep"] = "keep"
    fields: Annotated[tuple[FieldPath, ...], Field(min_length=1)]
    """Paths of the fields that stay, with everything below them."""

    def build(self, resources: Resources) -> Transform:
        del resources
        step_id = self.id
        pick = _picker([path.segments for path in self.fields])

        def keep(record: Record) -> None:
            kept = pick(record.value)
            if kept is MISSING:
                raise RecordError("keep_failed", step_id, "the record is no object")
            record.value = kept

        return keep

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        del scope
        return (Kept(self.fields),)

    def sentence(self) -> str:
        return f"Keeps only {', '.join(map(str, self.fields))}."

    def fields_needed(self) -> tuple[FieldPath, ...]:
        return self.fields


def _picker(paths: Sequence[tuple[Segment, ...]]) -> Pick:
    """Return a function from a value to what the paths keep of it; MISSING: nothing, not even {}.

    Null stays null: there is nothing in it, and a schema may count on it.
    """
    if any(not path for path in paths):
        return lambda value: value
    each = [path[1:] for path in paths if path[0] is EACH]
    own = {
        head: _picker([*(path[1:] for path in paths if path[0] == head), *each])
        for head in dict.fromkeys(path[0] for path in paths)
        if head is not EACH
    }
    every = _picker(each) if each else None

    def pick(value: object) -> object:
        if isinstance(value, dict):
            if every is None:
                found = ((name, own[name](value[name])) for name in own if name in value)
            else:
                found = ((name, own.get(name, every)(value[name])) for name in value)
            return {name: kept for name, kept in found if kept is not MISSING}
        if isinstance(value, list):
            picks = ((own.get(place, every), one) for place, one in enumerate(value))
            return [kept for use, one in picks if use and (kept := use(one)) is not MISSING]
        return None if value is None else MISSING

    if every is None and all(len(path) == 1 and isinstance(path[0], str) for path in paths):
        names = tuple(own)

        def pick_names(value: object) -> object:
            if type(value) is dict:
                return {name: value[name] for name in names if name in value}
            return pick(value)

        return pick_names
    return pick
