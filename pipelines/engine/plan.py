"""Plan: one compiled pipeline; runs a chunk of raw records to its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pipelines.codec import Reading
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.chunk_run import ChunkRun
from pipelines.engine.coordinates import WAITED
from pipelines.engine.outcome import ChunkOutcome, RawRecord
from pipelines.engine.variant import Variant, compile_variant
from pipelines.errors import ConfigError, Problem, RecordError

Adapt = Callable[[Variant], Variant]

_ASK_AGAIN_CHUNKS = 100
_MOST_REFUSED = 1000


class Plan:
    """A pipeline, compiled once per schema version that its source holds.

    Running does no I/O. Schemas are learned beforehand: ask `unknown_schemas`, then `learn`.

    Attributes:
        blueprint: What it was compiled from.
        own_headers: What every record that leaves gets beside its own headers; where there are
            any, it also gets its coordinates.
    """

    def __init__(self, blueprint: Blueprint, adapt: Adapt | None = None) -> None:
        """Take what to compile; nothing is learned yet.

        Args:
            blueprint: The pipeline.
            adapt: Returns what runs instead of a compiled variant: the same with something that
                looks on, for coverage and traces.
        """
        self.blueprint = blueprint
        self._adapt = adapt
        self.own_headers: tuple[tuple[str, bytes], ...] = ()
        self._variants: dict[int | None, Variant | RecordError] = {}
        self._refused: dict[int | None, int] = {}
        self._schema_id = blueprint.wire.schema_id
        self._has_ids = blueprint.pipeline.source.value == "avro"

    @property
    def newest(self) -> Variant:
        """The variant learned last.

        Raises:
            ConfigError: None was learned, or none fits.
        """
        for variant in reversed(self._variants.values()):
            if isinstance(variant, Variant):
                return variant
        raise ConfigError(f"pipeline `{self.blueprint.pipeline.pipeline}`: no schema fits it")

    @property
    def learned(self) -> tuple[int | None, ...]:
        """The schema ids it was compiled for; None is the newest."""
        return tuple(key for key, one in self._variants.items() if isinstance(one, Variant))

    def unknown_schemas(self, records: Iterable[RawRecord]) -> set[int | None]:
        """Return the schema ids in these records that are not learned yet (None: the newest)."""
        if not self._has_ids:
            return set() if None in self._variants else {None}
        found: set[int | None] = set()
        for raw in records:
            if raw.value is None:
                found |= set() if self._variants else {None}
                continue
            try:
                schema_id = self._schema_id(raw.value)
            except RecordError:
                continue  # `run` dead-letters it
            if schema_id not in self._variants:
                found.add(schema_id)
        return found | self._asked_again()

    def _asked_again(self) -> set[int | None]:
        """Return refused ids whose time has come: the registry may know them by now."""
        due = set()
        for schema_id, chunks in list(self._refused.items()):
            self._refused[schema_id] = chunks - 1
            if chunks <= 0:
                due.add(schema_id)
        return due

    def learn(self, schema_id: int | None) -> tuple[Problem, ...]:
        """Compile the pipeline for a schema version. May block on the schema registry.

        Records of a schema that the pipeline does not fit are read as of the newest version where
        Avro's schema resolution can; else, and where a schema is unknown, they are dead-lettered.

        Args:
            schema_id: The registry's id; None: the newest version (or a topic without schemas),
                which must fit.

        Returns:
            The problems found, warnings or why the schema does not fit.

        Raises:
            ConfigError: `schema_id` is None and the pipeline does not fit; every problem.
            DeliveryError: The registry does not answer; try again.
        """
        try:
            reading = self.blueprint.wire.reading(schema_id)
            variant = compile_variant(self.blueprint, reading, is_newest=schema_id is None)
            variant = self._adapt(variant) if self._adapt else variant
        except RecordError as error:
            if schema_id is None:
                raise ConfigError([Problem(str(error), path="source", code="CW0604")]) from None
            self._refuse(schema_id, error)
            return (Problem(str(error), path="source", code="CW0604"),)
        except ConfigError as error:
            if schema_id is None:
                raise
            older = self._as_newest(schema_id)
            if older is None:
                message = f"schema {schema_id} does not fit the pipeline"
                self._refuse(schema_id, RecordError("schema_refused", "source", message))
                return error.problems
            variant = older
        self._variants[schema_id] = variant
        self._refused.pop(schema_id, None)
        if schema_id is None and _id_of(variant.reading) is not None:
            self._variants[_id_of(variant.reading)] = variant
        return variant.warnings

    def _as_newest(self, schema_id: int) -> Variant | None:
        """Return the pipeline for an older version that has no way of its own to the destination.

        Its derived schema may not follow that of a newer version which was met first. What the
        producers' compatibility promises helps: the newest version can read the older's values.
        """
        try:
            return compile_variant(self.blueprint, self.blueprint.wire.reading_as_newest(schema_id))
        except ConfigError:
            return None

    def _refuse(self, schema_id: int, error: RecordError) -> None:
        if len(self._refused) >= _MOST_REFUSED:  # somebody writes ids at random
            for forgotten in self._refused:
                self._variants.pop(forgotten, None)
            self._refused.clear()
        self._variants[schema_id] = error
        self._refused[schema_id] = _ASK_AGAIN_CHUNKS

    def run(
        self,
        records: Sequence[RawRecord],
        topic: str,
        partition: int,
        waited_at: str | None = None,
    ) -> ChunkOutcome:
        """Run one chunk of one partition. Every record meets exactly one fate.

        A record whose schema was not learned is dead-lettered (`schema_unknown`).

        Args:
            records: The records.
            topic: Their source topic.
            partition: Its partition.
            waited_at: Id of the step that all of them have waited at: they go on behind it.
        """
        headers = self.own_headers
        if waited_at is not None and headers:
            headers = (*headers, (WAITED, waited_at.encode()))
        run = ChunkRun(self.blueprint, self._variants, topic, partition, headers, waited_at)
        outcome = run.outcome(records)
        if waited_at is not None:
            self._count_once(outcome, waited_at)
        return outcome

    def _count_once(self, outcome: ChunkOutcome, waited_at: str) -> None:
        """Take steps that ran a second time out of the counts."""
        for variant in self._variants.values():
            if isinstance(variant, Variant):
                for step in variant.passages[waited_at].again:
                    outcome.step_records.pop(step, None)


def _id_of(reading: Reading) -> int | None:
    return reading.schema_id
