"""Chunks as the driver hands them out, made without a broker."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import Assignment
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import TopicPartition

from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.ledger import Partition

COMMIT, ABORT = 1, 0
_ATTRIBUTES, _TRANSACTIONAL, _CONTROL = 21, 0x10, 0x20


def batch(base: int, values: Sequence[bytes], producer: int = -1) -> bytes:
    """Return a record batch as it stands in a log; transactional if a producer is named."""
    builder = DefaultRecordBatchBuilder(2, 0, int(producer >= 0), producer, 0, 0, 1 << 20)
    for number, value in enumerate(values):
        builder.append(number, 1_700_000_000_000, b"k", value, [])
    return _placed(builder, base)


def marker(base: int, producer: int, kind: int) -> bytes:
    """Return the control batch that ends a transaction."""
    builder = DefaultRecordBatchBuilder(2, 0, 1, producer, 0, 0, 1 << 20)
    builder.append(0, 0, struct.pack(">hh", 0, kind), struct.pack(">hi", 0, 0), [])
    return _placed(builder, base, _CONTROL)


def _placed(builder: DefaultRecordBatchBuilder, base: int, attributes: int = 0) -> bytes:
    raw = bytearray(builder.build())
    raw[0:8] = struct.pack(">q", base)
    raw[_ATTRIBUTES + 1] |= attributes
    raw[17:21] = struct.pack(">I", calc_crc32c(bytes(raw[_ATTRIBUTES:])))
    return bytes(raw)


def fetched(
    partition: Partition, position: int, batches: Sequence[bytes], aborted: Any = None
) -> FetchResult:
    """Return a fetch result whose partition is assigned and stands at `position`."""
    tp = TopicPartition(*partition)
    assignment = Assignment([tp])
    assignment.state_value(tp).seek(position)
    records = PartitionRecords(
        tp, MemoryRecords(b"".join(batches)), aborted, position, None, None,
        True, READ_COMMITTED,  # noqa: FBT003 - aiokafka's signature
    )  # fmt: skip
    return FetchResult(tp, assignment=assignment, partition_records=records, backoff=0)


def chunk_of(partition: Partition, base: int, values: Sequence[bytes]) -> Chunk:
    """Return a chunk with one record a value, from offset `base` on."""
    memory = MemoryRecords(batch(base, values))
    return Chunk(partition, base, base + len(values), [memory.next_batch()])
