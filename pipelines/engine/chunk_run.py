"""ChunkRun: one chunk's way through steps, gate and encoding."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines.engine.blueprint import Blueprint
from pipelines.engine.coordinates import pattern
from pipelines.engine.emission import Emission, size_of
from pipelines.engine.intake import Intake
from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.engine.variant import Passage, Variant
from pipelines.engine.waiting import tombstone_waits, waiting
from pipelines.engine.way import Way
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Delayed


class ChunkRun:
    """The state of one chunk while it runs; used once."""

    def __init__(
        self,
        blueprint: Blueprint,
        variants: Mapping[int | None, Variant | RecordError],
        topic: str,
        partition: int,
        own_headers: Sequence[tuple[str, bytes]] = (),
        waited_at: str | None = None,
    ) -> None:
        self._waited_at = waited_at
        self._blueprint = blueprint
        self._topic = topic
        self._partition = partition
        self._default = blueprint.pipeline.publish.topic
        framed_by = blueprint.wire if blueprint.pipeline.source.value == "avro" else None
        self._intake = Intake(
            topic, partition, variants, blueprint.key.decode,
            blueprint.pipeline.source.max_record, framed_by,
        )  # fmt: skip
        self._emission = Emission(blueprint.key.encode, own_headers, blueprint.max_output)
        self._max_output = blueprint.max_output
        self._outcome = ChunkOutcome()
        self._ways: dict[tuple[str, int], Way] = {}
        self._failed: dict[int, tuple[RecordError, str]] = {}

    def outcome(self, records: Sequence[RawRecord]) -> ChunkOutcome:
        """Return what the records became."""
        outcome = self._outcome
        outcome.records_in = len(records)
        self._enter(records)
        for way in self._ways.values():
            self._failed |= way.treat(self._outcome.findings)
        published = self._emit(records)
        for position in sorted(self._failed):
            error, preview = self._failed[position]
            outcome.dead_letters.append(
                DeadLettered(records[position], error.code, error.where, preview)
            )
            outcome.fates[error.where, Fate.DEAD_LETTERED, error.code] += 1
        if published:
            outcome.fates["publish", Fate.PUBLISHED, ""] += published
        return outcome

    def _enter(self, raws: Sequence[RawRecord]) -> None:  # noqa: C901, PLR0912 - see below
        """Decode the records, run the steps on each, put it on its way.

        One long loop on purpose: it runs for every record, and a call costs as much as a step.
        """
        taken = self._intake.of(raws)
        outcome = self._outcome
        outcome.input_bytes = taken.size
        for position, error in taken.failed.items():
            self._failed[position] = error, ""
        common = taken.common
        # where there are several ways, outputs keep the order that records take them in
        home = self._way(self._default, common) if common and len(common.exits) == 1 else None
        counts, fates, waits = outcome.step_records, outcome.fates, outcome.waiting
        for position, (record, variant) in enumerate(taken.pairs()):
            if record is None or variant is None:
                continue  # it failed
            where = "decode"
            try:
                passage = variant.passages[self._waited_at]
                if record.value is None:
                    if not self._tombstone_waits(raws[position], record, passage):
                        self._leave_tombstone(position, record, variant)
                    continue
                for where, applies, transform in passage.run:
                    if applies is None or applies(record):
                        counts[where] += 1
                        ended = transform(record)
                        if ended is not None:
                            if type(ended) is Delayed:
                                waits.append(
                                    waiting(raws[position], where, ended, self._max_output)
                                )
                            fates[where, ended.fate, ended.reason] += 1
                            break
                else:
                    where = "gate"
                    if record.copies:
                        self._leave_copies(position, record, variant)
                    way = home
                    if way is None or record.destination is not None:
                        way = self._way(record.destination or self._default, variant)
                    way.positions.append(position)
                    way.records.append(record)
            except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
                self._fail(position, error, where, record, variant)

    def _tombstone_waits(self, raw: RawRecord, record: Record, passage: Passage) -> bool:
        step, ended = tombstone_waits(record, passage)
        if ended is None:
            return False
        outcome = self._outcome
        outcome.waiting.append(waiting(raw, step, ended, self._max_output))
        outcome.step_records[step] += 1
        outcome.fates[step, ended.fate, ended.reason] += 1
        return True

    def _leave_copies(self, position: int, record: Record, variant: Variant) -> None:
        for topic in record.copies:
            self._leave(position, copy.deepcopy(record), topic, variant)

    def _leave_tombstone(self, position: int, record: Record, variant: Variant) -> None:
        """Send a tombstone wherever the record it deletes may have gone."""
        for topic in variant.exits:
            own = replace(record, headers=list(record.headers))
            self._leave(position, own, topic, variant)
            self._way(topic, variant).has_tombstones = True

    def _leave(self, position: int, record: Record, destination: str, variant: Variant) -> None:
        """Put a record on its way."""
        way = self._way(destination, variant)
        way.positions.append(position)
        way.records.append(record)

    def _way(self, destination: str, variant: Variant) -> Way:
        way = self._ways.get((destination, id(variant)))
        if way is None:
            source = pattern(self._topic, self._partition, list(variant.exits).index(destination))
            way = Way(variant.exits[destination], source)
            self._ways[destination, id(variant)] = way
        return way

    def _emit(self, came: Sequence[RawRecord]) -> int:
        """Encode what may leave and hand it out by destination; return how many records left."""
        ready = [
            (key[0], self._emission.of(way, came, self._failed)) for key, way in self._ways.items()
        ]
        if len(ready) == 1:
            ((topic, emitted),) = ready
            if emitted.outputs:
                self._outcome.outputs[topic] = emitted.outputs
                self._outcome.output_bytes[topic] = emitted.size
            return len(emitted.positions)
        left: set[int] = set()
        found: dict[str, list[tuple[int, Output]]] = {}
        for topic, emitted in ready:
            # a record of which one copy failed leaves nowhere: it has one fate
            numbered = zip(emitted.positions, emitted.outputs, strict=True)
            stay = [one for one in numbered if one[0] not in self._failed]
            left.update(position for position, _ in stay)
            found.setdefault(topic, []).extend(stay)
        for topic, several in found.items():
            if several:
                # schema versions may take turns in a chunk; the order is the source's
                several.sort(key=lambda one: one[0])
                leaving = [output for _, output in several]
                self._outcome.outputs[topic] = leaving
                self._outcome.output_bytes[topic] = sum(
                    len(one.value or b"") + len(one.key or b"") + size_of(one.headers)
                    for one in leaving
                )
        return len(left)

    def _fail(
        self, position: int, error: Exception, where: str, record: Record, variant: Variant
    ) -> None:
        preview = variant.exits[self._default].gate.preview(record.value)
        self._failed[position] = RecordError.of(error, "unexpected_error", where), preview
