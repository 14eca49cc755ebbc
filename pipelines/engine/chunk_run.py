"""ChunkRun: one chunk's way through steps, gate and encoding."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.engine.blueprint import Blueprint
from pipelines.engine.coordinates import SRC, pattern
from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.engine.variant import Exit, Passage, Variant
from pipelines.engine.waiting import tombstone_waits, waiting
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Delayed

_OVERHEAD = 200  # bytes that Kafka's framing adds to one record, at most
OWN_HEADERS = "x-clearwater-"
"""Prefix of the headers that only Clearwater sets; what a producer sent under it is left out."""


@dataclass(slots=True)
class _Way:
    """What leaves to one destination, column by column.

    Attributes:
        exit: Its gate and encoding.
        source: The header that says where a record came from, for its offset to be put in.
        positions: Where in the chunk each record came from.
        records: The treated records.
    """

    exit: Exit
    source: bytes
    positions: list[int] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


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
        self._ways: dict[tuple[str, int], _Way] = {}
        self._failed: dict[int, tuple[RecordError, str]] = {}

    def outcome(self, records: Sequence[RawRecord]) -> ChunkOutcome:
        """Return what the records became."""
        outcome = self._outcome
        outcome.records_in = len(records)
        self._enter(records)
        for way in self._ways.values():
            self._scan(way)
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

    def _enter(self, records: Sequence[RawRecord]) -> None:  # noqa: C901, PLR0912, PLR0915 - see below
        """Decode each record, run the steps, treat its fields.

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
                    [one for one in headers if not one[0].startswith(OWN_HEADERS)],
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
                    way.exit.gate.treat(record)
                    way.positions.append(position)
                    way.records.append(record)
            except RecordError as error:
                self._fail(position, error, record, variant)
            except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
                # built-in messages quote the value they choked on: only the type is told
                failure = RecordError("unexpected_error", where, type(error).__name__)
                self._fail(position, failure, record, variant)
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
        """Treat a record's fields and put it on its way."""
        way = self._way(destination, variant)
        way.exit.gate.treat(record)
        way.positions.append(position)
        way.records.append(record)

    def _way(self, destination: str, variant: Variant) -> _Way:
        way = self._ways.get((destination, id(variant)))
        if way is None:
            source = pattern(self._topic, self._partition, list(variant.exits).index(destination))
            way = _Way(variant.exits[destination], source)
            self._ways[destination, id(variant)] = way
        return way

    def _scan(self, way: _Way) -> None:
        """Search the text of the records that leave one way."""
        gate = way.exit.gate
        result = gate.scan(way.records, self._outcome.findings)
        for index, error in result.failed.items():
            preview = gate.preview(way.records[index].value)
            self._failed[way.positions[index]] = (error, preview)

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

    def _outputs(self, way: _Way) -> tuple[list[int], list[Output], int]:
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
                output = Output(offset, record.timestamp, key, value, headers)
                if size > room:
                    raise RecordError(  # noqa: TRY301 - a call per record would cost more
                        "output_too_large", "encode", "see CLEARWATER_MAX_BATCH_BYTES"
                    )
            except RecordError as error:
                failed[position] = (error, way.exit.gate.preview(record.value))
                continue
            except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
                failure = RecordError("unexpected_error", "encode", type(error).__name__)
                failed[position] = (failure, way.exit.gate.preview(record.value))
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
