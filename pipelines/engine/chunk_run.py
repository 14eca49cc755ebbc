"""ChunkRun: one chunk's way through steps, gate and encoding."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.engine.blueprint import Blueprint
from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.engine.variant import Exit, Variant
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record

_OVERHEAD = 200  # bytes that Kafka's framing adds to one record, at most
OWN_HEADERS = "x-clearwater-"
"""Prefix of the headers that only Clearwater sets; what a producer sent under it is left out."""


@dataclass(slots=True)
class _Leaving:
    """One record on its way out to one destination."""

    position: int
    record: Record
    destination: str
    exit: Exit
    encoded: bytes | None = None


class ChunkRun:
    """The state of one chunk while it runs; used once."""

    def __init__(
        self,
        blueprint: Blueprint,
        variants: Mapping[int | None, Variant | RecordError],
        topic: str,
        partition: int,
    ) -> None:
        self._blueprint = blueprint
        self._variants = variants
        self._topic = topic
        self._partition = partition
        self._default = blueprint.pipeline.publish.topic
        self._limit = blueprint.pipeline.source.max_record
        self._decode_key = blueprint.key.decode
        self._encode_key = blueprint.key.encode
        self._max_output = blueprint.max_output
        # a topic without schema ids has one variant: no look-up per record
        has_ids = blueprint.pipeline.source.value == "avro"
        only = None if has_ids else variants.get(None)
        self._only = only if isinstance(only, Variant) else None
        self._outcome = ChunkOutcome()
        self._leaving: list[_Leaving] = []
        self._failed: dict[int, tuple[RecordError, str]] = {}

    def outcome(self, records: Sequence[RawRecord]) -> ChunkOutcome:
        """Return what the records became."""
        outcome = self._outcome
        outcome.records_in = len(records)
        for position, raw in enumerate(records):
            self._enter(position, raw)
        self._scan()
        published = self._emit()
        for position in sorted(self._failed):
            error, preview = self._failed[position]
            outcome.dead_letters.append(
                DeadLettered(records[position], error.code, error.where, preview)
            )
            outcome.fates[error.where, Fate.DEAD_LETTERED, error.code] += 1
        if published:
            outcome.fates["publish", Fate.PUBLISHED, ""] += published
        return outcome

    def _enter(self, position: int, raw: RawRecord) -> None:
        """Decode one record, run the steps, treat its fields, encode it."""
        where = "decode"
        record: Record | None = None
        variant: Variant | None = None
        try:
            variant = self._variant(raw.value)
            record = self._decoded(raw, variant)
            if raw.value is None:
                self._leave_tombstone(position, record, variant)
                return
            counts = self._outcome.step_records
            for step in variant.steps:
                where = step.id
                if step.applies is None or step.applies(record):
                    counts[where] += 1
                    ended = step.transform(record)
                    if ended is not None:
                        self._outcome.fates[where, ended.fate, ended.reason] += 1
                        return
            where = "gate"
            self._leave(position, record, variant)
        except RecordError as error:
            self._fail(position, error, record, variant)
        except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
            # built-in messages quote the value they choked on: only the type is told
            failure = RecordError("unexpected_error", where, type(error).__name__)
            self._fail(position, failure, record, variant)

    def _variant(self, value: bytes | None) -> Variant:
        if self._only is not None:
            if value is not None and len(value) > self._limit:
                raise RecordError("record_too_large", "decode", "see source.max_record")
            return self._only
        if value is None:
            found: Variant | RecordError | None = next(
                (one for one in self._variants.values() if isinstance(one, Variant)), None
            )
        else:
            if len(value) > self._limit:
                raise RecordError("record_too_large", "decode", "see source.max_record")
            found = self._variants.get(self._blueprint.wire.schema_id(value))
        if isinstance(found, Variant):
            return found
        raise found or RecordError("schema_unknown", "decode")

    def _decoded(self, raw: RawRecord, variant: Variant) -> Record:
        headers = raw.headers
        return Record(
            None if raw.value is None else variant.reading.decode(raw.value),
            None if raw.key is None else self._decode_key(raw.key),
            [one for one in headers if not one[0].startswith(OWN_HEADERS)] if headers else [],
            self._topic,
            self._partition,
            raw.offset,
            raw.timestamp or 0,
        )

    def _leave(self, position: int, record: Record, variant: Variant) -> None:
        for topic in record.copies:
            self._treat(position, copy.deepcopy(record), topic, variant.exits[topic])
        destination = record.destination or self._default
        self._treat(position, record, destination, variant.exits[destination])

    def _leave_tombstone(self, position: int, record: Record, variant: Variant) -> None:
        """Send a tombstone wherever the record it deletes may have gone."""
        for topic, way in variant.exits.items():
            own = replace(record, headers=list(record.headers))
            self._treat(position, own, topic, way)

    def _treat(self, position: int, record: Record, destination: str, way: Exit) -> None:
        way.gate.treat(record)
        leaving = _Leaving(position, record, destination, way)
        if way.writing.is_json and record.value is not None:
            leaving.encoded = way.writing.encode(record.value)
        self._leaving.append(leaving)

    def _scan(self) -> None:
        """Search the text of all leaving records, gate by gate, and encode what changed."""
        by_gate: dict[int, list[_Leaving]] = {}
        for leaving in self._leaving:
            if leaving.position not in self._failed:
                by_gate.setdefault(id(leaving.exit.gate), []).append(leaving)
        for group in by_gate.values():
            gate = group[0].exit.gate
            records = [leaving.record for leaving in group]
            views = [gate.view(leaving.record, leaving.encoded) for leaving in group]
            result = gate.scan(records, views, self._outcome.findings)
            for index in result.changed:
                group[index].encoded = None
            for index, error in result.failed.items():
                leaving = group[index]
                self._failed[leaving.position] = (error, gate.preview(leaving.record.value))

    def _emit(self) -> int:
        """Encode what is left and hand it out by destination; return how many records left."""
        ready: list[tuple[_Leaving, Output]] = []
        failed = self._failed
        for leaving in self._leaving:
            if failed and leaving.position in failed:
                continue
            try:
                ready.append((leaving, self._output(leaving)))
            except RecordError as error:
                preview = leaving.exit.gate.preview(leaving.record.value)
                failed[leaving.position] = (error, preview)
        left = 0
        last = -1
        outputs = self._outcome.outputs
        for leaving, output in ready:
            # a record of which one copy failed leaves nowhere: it has one fate
            if failed and leaving.position in failed:
                continue
            if leaving.position != last:  # copies stand side by side
                last = leaving.position
                left += 1
            found = outputs.get(leaving.destination)
            if found is None:
                found = outputs[leaving.destination] = []
            found.append(output)
        return left

    def _output(self, leaving: _Leaving) -> Output:
        record = leaving.record
        value = leaving.encoded
        if value is None and record.value is not None:
            value = leaving.exit.writing.encode(record.value)
        key = None if record.key is None else self._encode_key(record.key)
        headers = record.headers
        size = (len(value) if value else 0) + (len(key) if key else 0) + _OVERHEAD
        if headers:
            size += sum(len(name) + len(content) for name, content in headers)
        if size > self._max_output:
            raise RecordError("output_too_large", "encode", "see CLEARWATER_MAX_BATCH_BYTES")
        return Output(record.offset, record.timestamp, key, value, headers)

    def _fail(
        self,
        position: int,
        error: RecordError,
        record: Record | None,
        variant: Variant | None,
    ) -> None:
        preview = ""
        if record is not None and variant is not None:
            gate = variant.exits[self._default].gate
            preview = gate.preview(record.value)
        self._failed[position] = (error, preview)
