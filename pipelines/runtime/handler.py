"""Handler: the seam between the runtime, which moves chunks, and what is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord


class Closed(NamedTuple):
    """A range of offsets of which everything is durable.

    Attributes:
        topic: Where.
        partition: Of that topic.
        next: Offset behind the range.
        records: How many were fetched in it; offsets of transaction markers hold none.
    """

    topic: str
    partition: int
    next: int
    records: int


class Current(Protocol):
    """Gives what is done with the records of one source topic at this moment.

    A lane asks once per chunk: a chunk ends as it began, whatever changes meanwhile.
    """

    def pinned(self) -> Handler:
        """Return the handler as it is now."""


class Handler(Protocol):
    """What is done with the records of one source topic."""

    @property
    def dead_letter_topic(self) -> str:
        """Where dead letters go."""

    async def prepare(self, records: Sequence[RawRecord]) -> None:
        """Get ready for these records; may wait, for instance for the schema registry.

        Only the partition that waits is held up.
        """

    def process(self, records: Sequence[RawRecord], partition: int) -> ChunkOutcome:
        """Return what the records become. Pure computation, called on the event loop."""

    def seal(self, letter: DeadLettered, partition: int) -> Output:
        """Return what is published for a dead letter."""

    def delivered(self, outcomes: Sequence[ChunkOutcome], closed: Closed) -> bool:
        """Count what was delivered.

        Args:
            outcomes: What the records became, one per slice.
            closed: Where they stood.

        Returns:
            True if the pipeline must stop: too many dead letters.
        """

    def failed(self, error: str) -> None:
        """Count an error by its type's name; the chunk is tried again."""
