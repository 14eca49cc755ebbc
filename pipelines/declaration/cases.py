"""CaseFile: tests that stand beside a pipeline."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from pipelines.fate import Fate
from pipelines.step import TopicName
from pipelines.strict_model import StrictModel


class Given(StrictModel):
    """One record as it comes in."""

    value: Any = None
    """Decoded value, as JSON; null is a tombstone. For text topics the line."""
    key: Any = None
    """Decoded key."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Header texts by name."""
    timestamp: int = 0
    """Kafka timestamp, milliseconds since the epoch."""


def _how_many(written: object) -> str:
    return "several" if isinstance(written, list | tuple) else "one"


class Expected(StrictModel):
    """One record as it must leave."""

    topic: TopicName | None = None
    """Topic it goes to; not compared if absent."""
    value: Any = None
    """Clean value, as JSON; compared if given."""
    key: Any = None
    """Clean key; compared if given."""
    headers: dict[str, str] | None = None
    """Headers it must have, others may stand beside them."""
    match: Literal["exact", "subset"] = "exact"
    """`subset`: fields that are not named may hold anything."""


class Case(StrictModel):
    """One test: a record in, what must come out."""

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
    not_anywhere: tuple[str, ...] = ()
    """Texts that must stand in no output."""


class CaseFile(StrictModel):
    """The content of a file `NAME.test.yaml`, beside `NAME.yaml`."""

    pipeline: str | None = None
    """Name of the pipeline under test; default: that of the file `NAME.yaml`."""
    tests: tuple[Case, ...] = Field(min_length=1)
