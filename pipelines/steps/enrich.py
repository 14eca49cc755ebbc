"""enrich: look something up in a table and put the row into the record."""

from __future__ import annotations

from typing import Literal

from pipelines.effect import Effect, Written
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Cel, Ended, OneField, Resources, Scope, StepConfig, Transform


class Enrich(StepConfig):
    """Look a key up in a table and put what is found into a field.

    The field holds the row as an object without its key column (of an inline table of plain
    values, the value); what it held before is replaced. Keys are compared as text.
    """

    step: Literal["enrich"] = "enrich"
    table: str
    """Name of the table, from the pipeline's `tables` or `tables/NAME.yaml`."""
    key: Cel
    """Expression of the key to look up; null is a key no table has."""
    into: OneField
    """Path of the field; missing parents are made."""
    on_missing: Literal["keep", "drop", "dead_letter"] = "keep"
    """What becomes of records whose key is not in the table: `keep` lets them go on without
    the row, `drop` and `dead_letter` end them (`enrich_missing`)."""

    def build(self, resources: Resources) -> Transform:
        lookup = resources.tables[self.table].lookup
        key = resources.expression(self.key, self.id)
        put, step_id = self.into.set, self.id
        dropped = Ended(Fate.DROPPED, "enrich_missing") if self.on_missing == "drop" else None
        kept = self.on_missing != "dead_letter"

        def enrich(record: Record) -> Ended | None:
            row = lookup(key(record))
            if row is None:
                if kept:
                    return dropped
                raise RecordError("enrich_missing", step_id, "the table has no such key")
            if not put(record.value, row):
                raise RecordError("enrich_failed", step_id, "a parent of `into` is no object")
            return None

        return enrich

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        before = scope.shape.at(self.into)
        row = scope.tables[self.table]
        if before is not None:
            row = row.with_tags(before.tags)
        return (Written(self.into, row, conditional=self.on_missing == "keep"),)

    def sentence(self) -> str:
        missing = {
            "keep": "without a row the record goes on as it is",
            "drop": "without a row it is dropped",
            "dead_letter": "without a row it is dead-lettered",
        }[self.on_missing]
        return f"Looks {self.key} up in {self.table} and puts the row into {self.into}; {missing}."

    def tables_needed(self) -> tuple[str, ...]:
        return (self.table,)
