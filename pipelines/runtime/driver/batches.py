"""Batches: outputs written into Kafka's batch format, at the price of one call a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.engine.outcome import Output


def batches(producer: Any, outputs: Sequence[Output]) -> Iterator[Any]:
    """Yield closed batches that hold the outputs in order, each as full as it may be.

    An output larger than a batch has one of its own.

    Args:
        producer: The aiokafka producer that will send them.
        outputs: What they hold.
    """
    batch = None
    append: Any = None
    count = 0
    for output in outputs:
        _, timestamp, key, value, headers = output
        # aiokafka's own `append` around this one costs as much again
        if type(headers) is not list:
            headers = list(headers)
        if batch is None or append(count, timestamp, key, value, headers) is None:
            if batch is not None:
                yield _closed(batch, count)
            batch = producer.create_batch()
            append = batch._builder.append
            count = 0
            append(count, timestamp, key, value, headers)
        count += 1
    if batch is not None:
        yield _closed(batch, count)


def _closed(batch: Any, count: int) -> Any:
    batch._relative_offset = count
    batch.close()
    return batch
