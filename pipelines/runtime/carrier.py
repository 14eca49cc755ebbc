"""Carrier: the seam between a lane, which works in order, and how its outputs are delivered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from pipelines.engine.outcome import ChunkOutcome, Output
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.handler import Closed, Handler


@dataclass(frozen=True, slots=True)
class Work:
    """What one chunk became.

    Attributes:
        chunk: The chunk.
        handler: What is done with all of it.
        records: How many it has.
        outcomes: One per slice.
        outputs: What is published, dead letters included, by topic.
    """

    chunk: Chunk
    handler: Handler
    records: int
    outcomes: list[ChunkOutcome] = field(default_factory=list)
    outputs: dict[str, list[Output]] = field(default_factory=dict)

    @property
    def closed(self) -> Closed:
        """The range of offsets that is closed once all of it is durable."""
        return Closed(*self.chunk.partition, self.chunk.next, self.records)


class Carrier(Protocol):
    """Delivers what the chunks of one partition became, in their order."""

    @property
    def is_idle(self) -> bool:
        """Nothing is on its way."""

    def seconds_left(self) -> float | None:
        """Return how long the lane may wait for a chunk before it calls `flush`; None: ever."""

    def wants(self, chunk: Chunk) -> bool:
        """Say whether a chunk is to be worked on: not if it was read before reading went back."""

    async def carry(self, work: Work) -> None:
        """Hand on what a chunk became; it may be durable later."""

    async def flush(self) -> None:
        """Make durable what waits for more to come."""

    def hurry(self) -> None:
        """Begin nothing that somebody else can do as well: the partition is to be let go."""

    async def close(self) -> None:
        """Give up what is not durable: the partition is let go."""


class Ends(Protocol):
    """How a carrier tells its lane that it cannot go on."""

    async def failed(self, error: Exception) -> None:
        """Stop the pipeline if a topic of its refuses, else the process."""

    def give_up(self, reason: str) -> None:
        """Stop the pipeline: its topic is read no more."""

    def tell_if_idle(self) -> None:
        """Look whether everything is delivered."""
