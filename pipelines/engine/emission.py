"""Emission: the records of one way, encoded - by columns, and one by one where that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from pipelines.engine.coordinates import SRC
from pipelines.engine.outcome import Output, RawRecord
from pipelines.engine.way import Way
from pipelines.errors import RecordError
from pipelines.record import Record

_OVERHEAD = 200  # bytes that Kafka's framing adds to one record, at most
_output = tuple.__new__
"""Makes an `Output` of its parts in half the time that its own constructor takes."""
Failed = dict[int, tuple[RecordError, str]]


@dataclass(slots=True)
class Emitted:
    """What leaves one way.

    Attributes:
        positions: Where in the chunk each record came from.
        outputs: The records, encoded.
        size: Bytes of their keys, values and headers.
    """

    positions: list[int] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list, repr=False)
    size: int = 0


class Emission:
    """Encodes what leaves, with the headers that every record gets."""

    def __init__(
        self,
        encode_key: Callable[[object], bytes],
        own: Sequence[tuple[str, bytes]],
        most: int,
    ) -> None:
        """Take what does not change from record to record.

        Args:
            encode_key: Key to bytes.
            own: Headers that every record gets; where there are any, it gets its coordinates too.
            most: Bytes of a record that the brokers take.
        """
        self._encode_key = encode_key
        self._own = own
        self._own_size = size_of(own) + (len(SRC) if own else 0)
        self._room = most - _OVERHEAD

    def of(self, way: Way, came: Sequence[RawRecord], failed: Failed) -> Emitted:
        """Return what leaves one way.

        Args:
            way: The records; those that failed already stay.
            came: The records of the chunk as they came.
            failed: Gets by position why a record cannot be written, and its masked preview.
        """
        if failed:
            way = way.without(failed)
        together = None if way.has_tombstones else self._by_columns(way, came)
        return together or self._one_by_one(way, came, failed)

    def _by_columns(self, way: Way, came: Sequence[RawRecord]) -> Emitted | None:
        """Return what leaves; None where a record is not like most, or cannot be written.

        A call for a column costs a fraction of a call for each record.
        """
        records = way.records
        try:
            values = _encoded(way, came)
            keys = [None if (key := one.key) is None else self._encode_key(key) for one in records]
        except Exception:  # noqa: BLE001 - one by one it is found out whose it was
            return None
        offsets = [one.offset for one in records]
        sizes = [*map(len, values)]
        size = sum(sizes) + self._own_size * len(records)
        largest = max(sizes, default=0) + self._own_size
        if any(keys):
            lengths = [0 if key is None else len(key) for key in keys]
            size += sum(lengths)
            largest += max(lengths)
        headers: Sequence[list[tuple[str, bytes]]] = [one.headers for one in records]
        if any(headers):
            lengths = [*map(size_of, headers)]
            size += sum(lengths)
            largest += max(lengths)
        if self._own:
            places = [*map(way.source.__mod__, offsets)]
            lengths = [*map(len, places)]
            size += sum(lengths)
            largest += max(lengths, default=0)
            own = self._own
            headers = [
                [*theirs, *own, (SRC, place)] for theirs, place in zip(headers, places, strict=True)
            ]
        if largest > self._room:  # perhaps
            return None
        stamps = [one.timestamp for one in records]
        parts = zip(offsets, stamps, keys, values, headers, strict=True)
        return Emitted(way.positions, [*map(_output, repeat(Output), parts)], size)

    def _one_by_one(self, way: Way, came: Sequence[RawRecord], failed: Failed) -> Emitted:
        emitted = Emitted()
        for position, record in zip(way.positions, way.records, strict=True):
            try:
                output, size = self._written(way, position, record, came[position].value)
            except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
                why = RecordError.of(error, "unexpected_error", "encode")
                failed[position] = why, way.exit.gate.preview(record.value)
                continue
            emitted.size += size
            emitted.positions.append(position)
            emitted.outputs.append(output)
        return emitted

    def _written(
        self, way: Way, position: int, record: Record, came: bytes | None
    ) -> tuple[Output, int]:
        value, key = record.value, record.key
        writing = way.exit.writing
        raw = None
        if value is not None:
            if came is not None and writing.kept is not None and position not in way.changed:
                (raw,) = writing.kept([came], [value])
            raw = writing.encode(value) if raw is None else raw
        raw_key = None if key is None else self._encode_key(key)
        place = way.source % record.offset if self._own else b""
        coordinates = [(SRC, place)] if self._own else []
        headers = [*record.headers, *self._own, *coordinates]
        size = self._own_size + len(place) + size_of(record.headers)
        size += len(raw or b"") + len(raw_key or b"")
        if size > self._room:
            raise RecordError("output_too_large", "encode", "see CLEARWATER_MAX_BATCH_BYTES")
        return Output(record.offset, record.timestamp, raw_key, raw, headers), size


def _encoded(way: Way, came: Sequence[RawRecord]) -> Sequence[bytes]:
    """Return the values of records, as they came where nothing changed them."""
    writing = way.exit.writing
    values = [one.value for one in way.records]
    if writing.kept is None:
        return writing.all_encoded(values)
    positions, changed = way.positions, way.changed
    same = [at for at, position in enumerate(positions) if position not in changed]
    raws = [came[positions[at]].value or b"" for at in same]
    kept = writing.kept(raws, [values[at] for at in same] if changed else values)
    found = {at: raw for at, raw in zip(same, kept, strict=True) if raw is not None}
    anew = [at for at in range(len(values)) if at not in found]
    found.update(zip(anew, writing.all_encoded([values[at] for at in anew]), strict=True))
    return [found[at] for at in range(len(values))]


def size_of(headers: Sequence[tuple[str, bytes]]) -> int:
    """Return the bytes of headers."""
    return sum(len(name) + len(content) for name, content in headers) if headers else 0
