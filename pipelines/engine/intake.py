"""Intake: the records of a chunk, decoded - by columns, and one by one where that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.codec import Wire
from pipelines.engine.outcome import RawRecord
from pipelines.engine.variant import Variant
from pipelines.errors import RecordError
from pipelines.record import Record

_OWN_HEADERS = "x-clearwater-"
"""Prefix of the headers that only Clearwater sets; what a producer sent under it is left out."""
_FRAMING = 5  # bytes of Confluent's framing: values with the same are of one schema
_new = Record.__new__
"""Makes a `Record` to be filled in, in two thirds of the time that its constructor takes."""


@dataclass(slots=True)
class Taken:
    """What was read of a chunk.

    Attributes:
        records: One for each that came; None where it cannot be read.
        variants: What each is compiled for, likewise.
        common: The variant of all; None where there are several.
        failed: Why a record cannot be read, by its position.
        size: Bytes of the keys and values.
    """

    records: Sequence[Record | None] = field(default=(), repr=False)
    variants: Sequence[Variant | None] = ()
    common: Variant | None = None
    failed: dict[int, RecordError] = field(default_factory=dict)
    size: int = 0

    def pairs(self) -> Iterable[tuple[Record | None, Variant | None]]:
        """Return each record with its variant."""
        variants = self.variants if self.common is None else [self.common] * len(self.records)
        return zip(self.records, variants, strict=True)


class Intake:
    """Decodes what came to one partition."""

    def __init__(
        self,
        topic: str,
        partition: int,
        variants: Mapping[int | None, Variant | RecordError],
        decode_key: Callable[[bytes], object],
        limit: int,
        framed_by: Wire | None,
    ) -> None:
        """Take what does not change from record to record.

        Args:
            topic: Where they come from.
            partition: Of that topic.
            variants: The pipeline as compiled, by schema id.
            decode_key: Bytes to key.
            limit: Bytes of a value that may be decoded.
            framed_by: What tells the schema id of a value; None: values have none.
        """
        self._topic = topic
        self._partition = partition
        self._variants = variants
        self._decode_key = decode_key
        self._limit = limit
        self._framed_by = framed_by

    def of(self, raws: Sequence[RawRecord]) -> Taken:
        """Return what was read of these records."""
        values = [raw.value for raw in raws]
        keys = [raw.key for raw in raws]
        common = self._common(values)
        taken = None if common is None else self._by_columns(common, raws, values, keys)
        if taken is None:
            taken = self._one_by_one(raws, common)
        taken.size = _size(values) + _size(keys)
        return taken

    def _common(self, values: Iterable[bytes | None]) -> Variant | None:
        """Return the variant of all values; None where they have several, or one is not known."""
        number = None
        if self._framed_by is not None:
            framings = {value[:_FRAMING] for value in values if value is not None}
            if len(framings) != 1:
                return None
            try:
                number = self._framed_by.schema_id(framings.pop())
            except RecordError:
                return None
        found = self._variants.get(number)
        return found if isinstance(found, Variant) else None

    def _by_columns(
        self,
        variant: Variant,
        raws: Sequence[RawRecord],
        values: Sequence[bytes | None],
        keys: Sequence[bytes | None],
    ) -> Taken | None:
        """Return what was read; None where one is not like most, or cannot be read.

        A call for a column costs a fraction of a call for each record.
        """
        decoded = variant.decoded(values, self._limit)
        if decoded is None:
            return None
        decode_key = self._decode_key
        try:
            read = [key if key is None else decode_key(key) for key in keys]
        except Exception:  # noqa: BLE001 - one by one it is found out whose it was
            return None
        records = []
        topic, partition, new = self._topic, self._partition, _new
        for raw, value, key in zip(raws, decoded, read, strict=True):
            record = new(Record)
            record.value, record.key = value, key
            headers = raw.headers
            record.headers = _theirs(headers) if headers else []  # most have none
            record.topic, record.partition = topic, partition
            record.offset, record.timestamp = raw.offset, raw.timestamp or 0
            record.destination, record.copies = None, ()
            records.append(record)
        return Taken(records, common=variant)

    def _one_by_one(self, raws: Sequence[RawRecord], common: Variant | None) -> Taken:
        records: list[Record | None] = []
        variants: list[Variant | None] = []
        failed: dict[int, RecordError] = {}
        for position, raw in enumerate(raws):
            record: Record | None = None
            variant: Variant | None = None
            try:
                value, key = raw.value, raw.key
                if value is not None and len(value) > self._limit:
                    raise RecordError("record_too_large", "decode", "see source.max_record")  # noqa: TRY301 - as any other
                variant = common or self._variant(value)
                record = Record(
                    None if value is None else variant.decode(value),
                    None if key is None else self._decode_key(key),
                    _theirs(raw.headers),
                    self._topic,
                    self._partition,
                    raw.offset,
                    raw.timestamp or 0,
                )
            except Exception as error:  # noqa: BLE001 - one bad record never fails its neighbours
                failed[position] = RecordError.of(error, "unexpected_error", "decode")
            records.append(record)
            variants.append(variant)
        return Taken(records, variants, common, failed)

    def _variant(self, value: bytes | None) -> Variant:
        if value is None:
            found: Variant | RecordError | None = next(
                (one for one in self._variants.values() if isinstance(one, Variant)), None
            )
        else:
            number = None if self._framed_by is None else self._framed_by.schema_id(value)
            found = self._variants.get(number)
        if isinstance(found, Variant):
            return found
        raise found or RecordError("schema_unknown", "decode")


def _theirs(headers: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [one for one in headers if not one[0].startswith(_OWN_HEADERS)]


def _size(texts: Iterable[bytes | None]) -> int:
    return sum(map(len, filter(None, texts)))
