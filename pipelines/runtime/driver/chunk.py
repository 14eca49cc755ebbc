"""Chunk: all records of one fetched partition batch, decoded once."""

from __future__ import annotations

from typing import Any

import faust
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, FetchResult
from aiokafka.errors import CorruptRecordException

from pipelines.engine.outcome import RawRecord
from pipelines.runtime.ledger import Entry, Partition


class Chunk:
    """The value of one Faust message: the records of one partition as they were fetched.

    Attributes:
        partition: Where they come from.
        base: First offset it covers.
        next: Offset to read next after it.
        size: Bytes of it, as it was fetched.
        entry: Its entry in the ledger.
        epoch: How often reading of the partition had gone back when it was fetched.
    """

    __slots__ = (
        "_assignment",
        "_batches",
        "_records",
        "base",
        "entry",
        "epoch",
        "next",
        "partition",
        "size",
    )

    def __init__(
        self,
        partition: Partition,
        base: int,
        next_: int,
        batches: list[Any],
        assignment: Any = None,
    ) -> None:
        self.partition = partition
        self.base = base
        self.next = next_
        self.size = 0
        self.entry: Entry | None = None
        self.epoch = 0
        self._assignment = assignment
        self._batches = batches
        self._records: list[RawRecord] | None = None

    def __repr__(self) -> str:
        return f"Chunk({self.partition.topic}[{self.partition.partition}] {self.base}:{self.next})"

    def records(self) -> list[RawRecord]:
        """Return the records, decoded at the first call.

        A batch can be read once only, so the list is kept for a second try.
        """
        if self._records is None:
            records = [record for batch in self._batches for record in batch]
            if records and records[0].offset < self.base:  # the first batch began before
                records = [record for record in records if record.offset >= self.base]
            self._records = records
            self._batches = []
        return self._records

    def cut(self, count: int) -> Chunk:
        """Return the first records as a chunk of their own, and keep the rest.

        Args:
            count: How many; fewer than there are.
        """
        records = self.records()
        head = Chunk(self.partition, self.base, records[count].offset, [], self._assignment)
        head.epoch = self.epoch
        head._records, self._records = records[:count], records[count:]
        self.base = head.next
        return head

    def join(self, other: Chunk) -> bool:
        """Take what was fetched right behind this chunk into it; return False if it was not.

        Neither has been looked into yet.
        """
        if (
            other.base != self.next
            or other.epoch != self.epoch
            or other._assignment is not self._assignment
        ):
            return False
        self._batches += other._batches
        self.next = other.next
        self.size += other.size
        return True

    @property
    def is_current(self) -> bool:
        """The assignment that it was fetched under still holds."""
        return self._assignment is None or bool(self._assignment.active)

    def give_back(self) -> None:
        """Fetch it again: nothing was done with it. To be called in the consumer's thread.

        Only under the same assignment: a newer one has its own position, the committed one, and
        this one's would jump over what was in flight.
        """
        if self._assignment is not None and self._assignment.active:
            self._assignment.state_value(TopicPartition(*self.partition)).seek(self.base)

    def release(self) -> None:
        """Let go of the records: the chunk is done."""
        self._records = []
        self._batches = []


def drained(partition: Partition, result: FetchResult) -> Chunk | None:
    """Take everything out of a fetch result: costs per batch, not per record.

    Control batches and aborted transactions are left out, but the position moves over them.
    A corrupt batch ends the chunk before it, so that it is fetched again: what was damaged on
    the way is then whole.

    Raises:
        CorruptRecordException: The first batch's checksum does not hold.
    """
    if not result.has_more() or not result.check_assignment(partition):
        return None
    fetched = result._partition_records
    memory = fetched._records
    size = memory.size_in_bytes()
    base = fetched.next_fetch_offset
    batches = []
    while memory.has_next():
        batch = memory.next_batch()
        if fetched._check_crcs and not batch.validate_crc():
            if fetched.next_fetch_offset > base:
                break
            place = f"{partition.topic}[{partition.partition}] at {base}"
            raise CorruptRecordException(f"a batch is corrupt: {place}")
        fetched.next_fetch_offset = batch.next_offset
        if not _is_left_out(fetched, batch):
            batches.append(batch)
    result._update_position()
    result._partition_records = None
    chunk = Chunk(partition, base, fetched.next_fetch_offset, batches, result._assignment)
    chunk.size = size
    return chunk


def _is_left_out(fetched: Any, batch: Any) -> bool:
    if fetched._isolation_level == READ_COMMITTED and batch.producer_id is not None:
        fetched._consume_aborted_up_to(batch.base_offset)
        if batch.is_control_batch and fetched._contains_abort_marker(batch):
            fetched._aborted_producers.discard(batch.producer_id)
        if batch.is_transactional and batch.producer_id in fetched._aborted_producers:
            return True
    return bool(batch.is_control_batch)


class ChunkSchema(faust.Schema):
    """Hands chunks to the agent as they are: nothing is decoded in the framework."""

    def compile(self, app: Any, **_: Any) -> Any:
        """Return the function that makes an event of a message."""

        async def decode(message: Any, *, propagate: bool = False) -> Any:
            del propagate
            return app.create_event(None, message.value, None, message)

        return decode
