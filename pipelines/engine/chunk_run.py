"""ChunkRun: one chunk's way through steps, gate and encoding."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines.engine.blueprint import Blueprint
from pipelines.engine.coordinates import SRC, pattern
from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.engine.variant import Passage, Variant
from pipelines.engine.waiting import tombstone_waits, waiting
from pipelines.engine.way import Way
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Delayed

_OVERHEAD = 200  # bytes that Kafka's framing adds to one record, at most
_output = tuple.__new__
"""Makes an `Output` of its parts in half the time that its own constructor takes."""
OWN_HEADERS = "x-clearwater-"
"""Prefix of the headers that only Clearwater sets; what a producer sent under it is left out."""


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
        self._own_headers = own_headers
        self._blueprint = blueprint
        self._variants = variants
        self._topic = topic
        self._partition = partition
        self._default = blueprint.pipeline.publish.topic
        self._limit = blueprint.pipeline.source.max_record
        self._encode_key = blueprint.key.encode
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

    def _enter(self, records: Sequence[RawRecord]) -> None:  # noqa: C901 - see below
        """Decode each record, run the steps, put it on its way.

        One long loop on purpose: it runs for every record, and a call costs as much as a step.
        """
        # a topic without schema ids has one variant: no look-up per record
        has_ids = self._blueprint.pipeline.source.value == "avro"
        only = None if has_ids else self._variants.get(None)
        fixed = only if isinstance(only, Variant) else None
        decode_key = self._blueprint.key.decode
        limit, topic, partition = self._limit, self._topic, self._partition
        waited_at, waits = self._waited_at, self._outcome.waiting
        counts, fates = self._outcome.step_records, self._outcome.fates
        # where there are several ways, outputs keep the order that records take them in
        home = self._way(self._default, fixed) if fixed and len(fixed.exits) == 1 else None
        decode = fixed and fixed.decoder_for([raw.value for raw in records if raw.value])
        size = 0
        for position, raw in enumerate(records):
            where = "decode"
            record: Record | None = None
            variant: Variant | None = None
            try:
                value, key, headers = raw.value, raw.key, raw.headers
                length = 0 if value is None else len(value)
                size += length if key is None else length + len(key)
                if length > limit:
                    raise RecordError("record_too_large", "decode", "see source.max_record")  # noqa: TRY301 - a call per record would cost more
                variant = fixed or self._variant(value)
                record = Record(
                    None if value is None else (decode or variant.decode)(value),
                    None if key is None else decode_key(key),
                    [one for one in headers if not one[0].startswith(OWN_HEADERS)]
                    if headers
                    else [],  # most have none
                    topic,
                    partition,
                    raw.offset,
                    raw.timestamp or 0,
                )
                passage = variant.passages[waited_at]
                if value is None:
                    if not self._tombstone_waits(raw, record, passage):
                        self._leave_tombstone(position, record, variant)
                    continue
                for where, applies, transform in passage.run:
                    if applies is None or applies(record):
                        counts[where] += 1
                        ended = transform(record)
                        if ended is not None:
                            if type(ended) is Delayed:
                                waits.append(waiting(raw, where, ended, self._max_output))
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
                self._fail(position, _told(error, where), record, variant)
        self._outcome.input_bytes = size

    def _variant(self, value: bytes | None) -> Variant:
        if value is None:
            found: Variant | RecordError | None = next(
                (one for one in self._variants.values() if isinstance(one, Variant)), None
            )
        else:
            found = self._variants.get(self._blueprint.wire.schema_id(value))
        if isinstance(found, Variant):
            return found
        raise found or RecordError("schema_unknown", "decode")

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

    def _emit(self) -> int:
        """Encode what may leave and hand it out by destination; return how many records left."""
        ready = [(key[0], *self._outputs(way)) for key, way in self._ways.items()]
        if len(ready) == 1:
            ((topic, positions, outputs, size),) = ready
            if outputs:
                self._outcome.outputs[topic] = outputs
                self._outcome.output_bytes[topic] = size
            return len(positions)
        left: set[int] = set()
        found: dict[str, list[tuple[int, Output]]] = {}
        for topic, positions, outputs, _ in ready:
            # a record of which one copy failed leaves nowhere: it has one fate
            stay = [
                one for one in zip(positions, outputs, strict=True) if one[0] not in self._failed
            ]
            left.update(position for position, _ in stay)
            found.setdefault(topic, []).extend(stay)
        for topic, numbered in found.items():
            if numbered:
                # schema versions may take turns in a chunk; the order is the source's
                numbered.sort(key=lambda one: one[0])
                leaving = [output for _, output in numbered]
                self._outcome.outputs[topic] = leaving
                self._outcome.output_bytes[topic] = sum(
                    len(one.value or b"") + len(one.key or b"") + _size(one.headers)
                    for one in leaving
                )
        return len(left)

    def _outputs(self, way: Way) -> tuple[list[int], list[Output], int]:
        """Return the positions of what leaves one way, the outputs, and their bytes."""
        total = 0
        positions: list[int] = []
        outputs: list[Output] = []
        failed, encode, encode_key = self._failed, way.exit.writing.encode, self._encode_key
        room = self._max_output - _OVERHEAD
        source, own = way.source, self._own_headers
        own_size = _size(own) + (len(SRC) if own else 0)
        headers: list[tuple[str, bytes]] = []
        for position, record in zip(way.positions, way.records, strict=True):
            if failed and position in failed:
                continue
            try:
                value, key, offset = record.value, record.key, record.offset
                size = own_size
                if value is not None:
                    value = encode(value)
                    size += len(value)
                if key is not None:
                    key = encode_key(key)
                    size += len(key)
                if own:
                    place = source % offset
                    headers = [*own, (SRC, place)]
                    size += len(place)
                if record.headers:
                    size += _size(record.headers)
                    headers = [*record.headers, *(headers if own else ())]
                output = _output(Output, (offset, record.timestamp, key, value, headers))
                if size > room:
                    raise RecordError(  # noqa: TRY301 - a call per record would cost more
                        "output_too_large", "encode", "see CLEARWATER_MAX_BATCH_BYTES"
                    )
            except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
                failed[position] = (_told(error, "encode"), way.exit.gate.preview(record.value))
                continue
            total += size
            positions.append(position)
            outputs.append(output)
        return positions, outputs, total

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


def _size(headers: Sequence[tuple[str, bytes]]) -> int:
    return sum(len(name) + len(content) for name, content in headers) if headers else 0


def _told(error: Exception, where: str) -> RecordError:
    """Return why a record failed: of others' messages, which quote what they choke on, the type."""
    if isinstance(error, RecordError):
        return error
    return RecordError("unexpected_error", where, type(error).__name__)
