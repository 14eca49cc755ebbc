"""What waits at a step: whether a record can, and where a tombstone does."""

from __future__ import annotations

from pipelines.engine.outcome import RawRecord, Waiting
from pipelines.engine.variant import Passage
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.step import Delayed

_OVERHEAD = 400  # bytes that sealing and Kafka's framing add to one record, at most


def waiting(raw: RawRecord, step: str, ended: Delayed, room: int) -> Waiting:
    """Return the record as one that goes on later.

    Raises:
        RecordError: It does not fit into the topic that it would stand in until then.
    """
    size = len(raw.value or b"") + len(raw.key or b"") + _OVERHEAD
    size += sum(len(name) + len(held or b"") + 8 for name, held in raw.headers)
    if size > room:
        raise RecordError("delay_too_large", step, "see CLEARWATER_MAX_BATCH_BYTES")
    return Waiting(raw, step, ended.until, ended.longest)


def tombstone_waits(record: Record, passage: Passage) -> tuple[str, Delayed | None]:
    """Return the step that a tombstone waits at: where every record does, it stays behind them."""
    for step, transform in passage.tombstones:
        ended = transform(record)
        if type(ended) is Delayed:
            return step, ended
    return "", None
