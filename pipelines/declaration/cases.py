"""CaseFile: tests that stand beside a pipeline."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from pipelines.declaration.case_types import wrong_types
from pipelines.fate import Fate
from pipelines.quantity import Duration
from pipelines.step import TopicName
from pipelines.strict_model import StrictModel
from pipelines.tables import AnyTable


def _milliseconds(written: object) -> object:
    if isinstance(written, str):
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            message = "a time is milliseconds since 1970, or a text: such as 2026-03-02T08:00:00Z"
            raise ValueError(message)
        return round(moment.timestamp() * 1000)
    return written


Timestamp = Annotated[
    int,
    BeforeValidator(_milliseconds),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "format": "date-time"}]}),
]
"""Milliseconds since the epoch; may be written as RFC 3339."""


MOST_TIMES = 10_000
"""A test may let a record come this often."""


class Given(StrictModel):
    """One record as it comes in."""

    value: Any = None
    """Decoded value, as JSON; null is a tombstone. For text topics the line."""
    key: Any = None
    """Decoded key."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Header texts by name."""
    timestamp: Timestamp = 0
    """Kafka timestamp: milliseconds since the epoch, or a time as `2026-03-02T08:00:00Z`."""
    now: AwareDatetime | None = None
    """Time at which this record is processed; default: that of the case."""
    times: int = Field(default=1, ge=1, le=MOST_TIMES)
    """How often it comes, one right after the other: what a `throttle` is tested with."""


def _how_many(written: object) -> str:
    return "several" if isinstance(written, list | tuple) else "one"


class Expected(StrictModel):
    """One record as it must leave."""

    topic: TopicName | None = None
    """Topic it goes to; not compared if absent."""
    value: Any = None
    """Clean value, as JSON; compared if given. With `match: schema` its types."""
    key: Any = None
    """Clean key; compared if given."""
    headers: dict[str, str] | None = None
    """Headers it must have, others may stand beside them."""
    after: Duration | None = None
    """How long after its arrival it leaves at the earliest, such as `30s`: what delays make of
    its `timestamp`. Not compared if absent."""
    match: Literal["exact", "subset", "schema"] = "exact"
    """`subset`: fields that are not named may hold anything. `schema`: the value names types
    (`string`, `int`, `double | null`, `[string]`), and fields that are not named may not be there.
    """

    @model_validator(mode="after")
    def _names_types(self) -> Self:
        if self.match == "schema":
            for message in wrong_types(self.value):
                raise ValueError(message)
        return self


class ExpectedFate(StrictModel):
    """What must become of one record; what is absent is not compared."""

    fate: Fate | None = None
    """Its fate."""
    by: str | None = None
    """Id of the step, or the stage, that must have decided it."""
    reason: str | None = None
    """Reason of a drop, or code of a dead letter."""


class ExpectedDeadLetter(StrictModel):
    """One record that must go to the dead letters; what is absent is not compared."""

    by: str | None = None
    """Id of the step, or the stage, that failed."""
    reason: str | None = None
    """Its code, such as `condition_error`."""
    topic: TopicName | None = None
    """Topic it goes to."""
    preview: str | None = None
    """Its masked preview: the value with every character but JSON's own as a star."""


class Surroundings(StrictModel):
    """What a record meets beside the pipeline."""

    now: AwareDatetime | None = None
    """Time at which the records are processed, what `now()` says; default: the clock's."""
    tables: dict[str, AnyTable] = Field(default_factory=dict)
    """Tables to look up in instead of the pipeline's own, by name."""
    secrets: dict[str, str] = Field(default_factory=dict)
    """Keys by name, any text: what is hashed or tokenized depends on nothing else. Default: each
    key is made from its name, the same on every machine."""


class Case(Surroundings):
    """One test: a record in, or several in order, and what must come out."""

    id: str = Field(min_length=1)
    """What the case shows, as a sentence."""
    given: Annotated[
        Annotated[Given, Tag("one")] | Annotated[tuple[Given, ...], Tag("several")],
        Discriminator(_how_many),
    ]
    """One record, or several in order."""
    expect: tuple[Expected, ...] | None = None
    """Every record that leaves, in order; not compared if absent. Dead letters do not count."""
    by: str | None = None
    """Id of the step that must have decided the fate of the (last) record."""
    fate: Fate | None = None
    """Fate of the (last) record."""
    reason: str | None = None
    """Reason or dead letter code of the (last) record's fate."""
    fates: tuple[ExpectedFate, ...] | None = None
    """What must become of each record given, in order; of one given `times`, the last of them."""
    dead_letters: tuple[ExpectedDeadLetter, ...] | None = None
    """Every record that goes to the dead letters, in order; not compared if absent."""
    not_anywhere: tuple[str, ...] = ()
    """Texts that must stand in no output, and in no dead letter's preview."""

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        if self.given == ():
            message = "give at least one record"
            raise ValueError(message)
        if self.fates is not None and len(self.fates) != len(self.records):
            message = f"{len(self.records)} records are given, and fates of {len(self.fates)}"
            raise ValueError(message)
        return self

    @property
    def records(self) -> tuple[Given, ...]:
        """What is given, as several."""
        return (self.given,) if isinstance(self.given, Given) else self.given


class CaseFile(Surroundings):
    """The content of a file `NAME.test.yaml`, beside `NAME.yaml`.

    What it says of time, tables and secrets holds for all of its tests that do not say otherwise.
    """

    pipeline: str | None = None
    """Name of the pipeline under test; default: that of the file `NAME.yaml`."""
    tests: tuple[Case, ...] = Field(min_length=1)
    """The tests, each with an id of its own."""

    def about(self, file: Path) -> str:
        """Return the name of the pipeline under test, given the file that this stands in."""
        return self.pipeline or file.name.split(".test.")[0]
