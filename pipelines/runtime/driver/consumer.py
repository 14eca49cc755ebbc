"""The consumer: the ledger instead of Faust's acks, and a commit before partitions are let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from faust.transport.drivers import aiokafka as stock
from faust.types import TP, ConsumerMessage

from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.driver.thread import ChunkThread
from pipelines.runtime.ledger import Ledger, Partition

MOST_OUTSTANDING = 3
"""Chunks of one partition between fetch and delivery: one delivered, one worked on, one waiting."""

_POLL_SECONDS = 0.02  # while some partition waits for room
_ROOM_SECONDS = 0.2


class ChunkConsumer(stock.Consumer):
    """Reads chunks, keeps the ledger, commits what is done.

    Attributes:
        ledger: The chunks in flight.
        drain: Waits until lanes are idle; set by the application.
        stopped: Topics that are fetched no more; their partitions stay assigned.
        on_commit: Told about every commit the broker has.
    """

    drain: Callable[[], Awaitable[None]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.ledger = Ledger()
        self.stopped: set[str] = set()
        self._room = asyncio.Event()
        super().__init__(*args, **kwargs)
        self.drain = self.app.drain_lanes
        self.on_commit = self.app.committed

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: Chunk) -> ConsumerMessage:
        chunk = record
        chunk.entry = self.ledger.add(chunk.partition, chunk.base, chunk.next)
        return ConsumerMessage(
            tp.topic, tp.partition, chunk.next - 1, 0.0, 0, (), None, chunk, None, 0, 0, tp,
            generation_id=self.app.consumer_generation_id,
        )  # fmt: skip

    def done(self, chunk: Chunk) -> None:
        """Mark a chunk: the fate of every record in it is durable."""
        if chunk.entry is not None:
            chunk.entry.done = True
        self._room.set()

    def ack(self, message: Any) -> bool:
        """Do nothing: a chunk is done when it is delivered, whatever the framework thinks."""
        self._unacked_messages.discard(message)
        return True

    async def _add_gap(self, *_: Any) -> None:
        """Do nothing: chunks know where the next one starts."""

    async def _wait_next_records(self, timeout: float) -> Any:
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        active = self._with_room()
        while self.flow_active and not self.should_stop and not active:
            self._room.clear()
            try:
                await asyncio.wait_for(self._room.wait(), _ROOM_SECONDS)
            except TimeoutError:
                return {}, set()
            active = self._with_room()
        everyone = len(active) == len(self._get_active_partitions())
        records = await self._getmany(
            active_partitions=active, timeout=timeout if everyone else _POLL_SECONDS
        )
        return records, active

    def _with_room(self) -> set[TP]:
        outstanding = self.ledger.outstanding
        return {
            tp
            for tp in self._get_active_partitions()
            if tp.topic not in self.stopped
            and outstanding(Partition(tp.topic, tp.partition)) < MOST_OUTSTANDING
        }

    def on_buffer_full(self, tp: TP) -> None:
        """Do nothing: the ledger bounds what is in flight."""

    async def perform_seek(self) -> None:
        """Read again from the committed offsets."""
        self.ledger.clear()
        await super().perform_seek()

    async def wait_empty(self) -> None:
        """Finish what is being worked on, within the drain time, then commit it."""
        await self.drain()
        await self.commit()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish, commit, and only then forget the partitions."""
        if self._active_partitions is not None:
            self._active_partitions.difference_update(revoked)
        self._paused_partitions.difference_update(revoked)
        await self._on_partitions_revoked(revoked)
        self.ledger.drop(Partition(tp.topic, tp.partition) for tp in revoked)
        for tp in revoked:
            self._read_offset.pop(tp, None)
            self._committed_offset.pop(tp, None)

    async def force_commit(
        self, topics: Iterable[Any] | None = None, start_new_transaction: bool = True
    ) -> bool:
        """Commit every partition's unbroken run of done chunks."""
        del topics, start_new_transaction
        assigned = self.assignment()
        offsets = {
            TP(partition.topic, partition.partition): offset
            for partition, offset in self.ledger.committable().items()
            if TP(*partition) in assigned
        }
        if not offsets or not await self._commit(offsets):
            return False
        for tp, offset in offsets.items():
            self.ledger.committed(Partition(tp.topic, tp.partition), offset)
            self.on_commit(Partition(tp.topic, tp.partition), offset)
        self._committed_offset.update(offsets)
        return True
