"""Pipeline: one raw topic in, steps, clean topics out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pipelines.privacy.policy import Privacy
from pipelines.quantity import Duration, Share, Size
from pipelines.step import TopicName
from pipelines.steps import AnyStep
from pipelines.strict_model import StrictModel
from pipelines.tables import AnyTable

ValueFormat = Literal["json", "avro", "text", "bytes"]
KeyFormat = Literal["string", "json", "bytes"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class Source(StrictModel):
    """The raw topic."""

    topic: TopicName
    """Topic to read; one pipeline a topic."""
    value: ValueFormat
    """How values are encoded. `text`: each value is one line, in the field `line`."""
    key: KeyFormat = "string"
    """How keys are encoded. `bytes` is opaque and leaves only under a `privacy.key` rule."""
    subject: str | None = None
    """Registry subject of the values' schema; default `TOPIC-value`."""
    max_record: Annotated[Size, Field(gt=0, validate_default=False)] = 1024 * 1024
    """Larger values are dead-lettered (`record_too_large`)."""


class Publish(StrictModel):
    """The clean topic."""

    topic: TopicName
    """Topic that records go to, unless a route says otherwise."""
    value: ValueFormat | None = None
    """How values are encoded; default: as the source."""
    schema_: Annotated[Literal["derive"], Field(alias="schema")] = "derive"
    """Where the destination's Avro schema comes from: derived from source, steps and treatments."""
    subject: str | None = None
    """Registry subject of the derived schema; default `TOPIC-value`."""
    compatibility: Literal["BACKWARD", "FORWARD", "FULL", "NONE"] | None = None
    """Compatibility to set for the subject; default: as the registry has it."""


class DeadLetter(StrictModel):
    """Where records go that could not be processed: encrypted, with a masked preview."""

    topic: TopicName
    """Topic of the dead letters."""
    stop_above: Share | None = None
    """Stop the pipeline when a larger share of the records of the last `window` than this is
    dead-lettered, a hundred records at least."""
    window: Annotated[Duration, Field(ge=1, le=86_400, validate_default=False)] = 60.0
    """Time that `stop_above` looks back, from `1s` to `1d`."""
    key: str = "dead-letters"
    """Name of the key that encrypts the original."""


class Pipeline(StrictModel):
    """One pipeline: everything that happens to the records of one raw topic."""

    pipeline: Name
    """Name, unique; a label of metrics and dead letters."""
    owner: str | None = None
    """Who answers for it."""
    description: str | None = None
    """What it is for, one sentence."""
    source: Source
    steps: tuple[AnyStep, ...] = ()
    """What happens to each record, in order."""
    tables: dict[Name, AnyTable] = Field(default_factory=dict)
    """Lookup tables of this pipeline, by name; shared ones stand in `tables/NAME.yaml`."""
    privacy: Privacy = Privacy()
    publish: Publish
    dead_letter: DeadLetter
    delivery: Literal["at_least_once", "exactly_once"] = "at_least_once"
    """`at_least_once`: every record arrives; after a crash some may arrive twice.
    `exactly_once`: outputs and offsets go by Kafka's transactions; who reads only what is committed
    (`isolation.level=read_committed`) sees each once."""
