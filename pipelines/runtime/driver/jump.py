"""Jump: telling that a partition is not read on where it was read to."""

from __future__ import annotations

import structlog

from pipelines.runtime.driver.chunk import Chunk

log = structlog.get_logger(__name__)


def tell_of(jump: int, chunk: Chunk) -> None:
    """Tell how far a chunk is from where it should start, if it is: see `Ledger.jump`."""
    topic, partition = chunk.partition
    if jump > 0:
        log.error(
            "offsets were deleted before they were read: see the topic's retention",
            topic=topic,
            partition=partition,
            offset=chunk.base,
            count=jump,
        )
    elif jump < 0:
        log.error(
            "the partition starts anew: was the topic made again?",
            topic=topic,
            partition=partition,
            offset=chunk.base,
        )
