"""The consumer: the ledger instead of Faust's acks, and a commit before partitions are let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as stock
from faust.types import TP, ConsumerMessage

from pipelines.errors import DeliveryError
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.driver.jump import tell_of
from pipelines.runtime.driver.singles import Singles
from pipelines.runtime.driver.thread import ChunkThread
from pipelines.runtime.failpoint import reached
from pipelines.runtime.host import Host, host_of
from pipelines.runtime.ledger import Ledger, Partition
from pipelines.runtime.turns import Turns

MOST_OUTSTANDING = 2
"""Chunks of one partition that are decoded: one delivered, one worked on; more wait as fetched."""

_POLL_SECONDS = 0.02  # while some partition waits for room
_ROOM_SECONDS = 0.2
_LAST_COMMITS = 3  # tries before partitions are let go: one may be taken up by the interval's


class ChunkConsumer(stock.Consumer):
    """Reads chunks, keeps the ledger, commits what is done.

    Attributes:
        ledger: The chunks in flight.
        stopped: Topics that are fetched no more; their partitions stay assigned.
    """

    _thread: ChunkThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.ledger = Ledger()
        self.stopped: set[str] = set()
        self._gone: set[Partition] = set()
        self._epochs: dict[Partition, int] = {}
        self._singles = Singles((), self.done)
        self._seeking = asyncio.Lock()
        self._room = asyncio.Event()
        super().__init__(*args, **kwargs)
        self._turns = Turns(self.ledger, self.commit, self._host.fail)

    @property
    def _host(self) -> Host:
        return host_of(self.app)

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Subscribe to the agents' topics, by the chunk or record by record as each is read.

        Raises:
            ImproperlyConfigured: One topic is to be read both ways, or is a table's changelog.
        """
        self._singles = Singles.of(self.app, self.done)
        await super().subscribe(topics)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:
        """Yield a message per chunk; what the flow was stopped over is fetched again."""
        fetched, _ = await self._wait_next_records(timeout)
        chunks = [(tp, chunk) for tp, found in fetched.items() for chunk in found]
        for index, (tp, chunk) in enumerate(chunks):
            if self.should_stop:
                return
            if not self.flow_active:
                await self._thread.give_back(left for _, left in chunks[index:])
                return
            if chunk.is_current and chunk.epoch == self.epoch(chunk.partition):
                message = self._to_message(tp, chunk)
                await reached("after_poll")
                for one in self._singles.split(message):
                    if one is not message:
                        if not self.flow_active:
                            break  # the chunk is never done, and so is read again
                        self._read_offset[tp] = one.offset
                    yield tp, one

    def _to_message(self, tp: TP, record: Chunk) -> ConsumerMessage:
        chunk = record
        tell_of(self.ledger.jump(chunk.partition, chunk.base), chunk)
        chunk.entry = self.ledger.add(chunk.partition, chunk.base, chunk.next, chunk.size)
        offset = chunk.next - 1
        self._read_offset[tp] = offset  # chunks join by themselves: Faust need not look for gaps
        return ConsumerMessage(
            tp.topic, tp.partition, offset, 0.0, 0, (), None, chunk, None, 0, 0, tp,
            generation_id=self.app.consumer_generation_id,
        )  # fmt: skip

    def cut(self, chunk: Chunk, count: int) -> Chunk:
        """Take the first records off a chunk; each part is then done for itself."""
        head = chunk.cut(count)
        if chunk.entry is not None:
            head.entry = self.ledger.split(chunk.partition, chunk.entry, head.next)
        return head

    def turn(self, chunk: Chunk) -> asyncio.Future[None]:
        """Return what is done when the outputs of a chunk may be sent; see `Turns`.

        Raises:
            ValueError: This consumer did not read the chunk; it would wait without end.
        """
        if chunk.entry is None:
            msg = f"{chunk!r} has no entry in the ledger: this consumer did not read it"
            raise ValueError(msg)
        most = self.app.conf.consumer_max_fetch_size
        return self._turns.of(chunk.partition, chunk.entry, most)

    def done(self, chunk: Chunk) -> None:
        """Mark a chunk: the fate of every record in it is durable."""
        if chunk.entry is not None:
            chunk.entry.done = True
        self._room.set()
        self._turns.done(chunk.partition)

    def held(self, chunk: Chunk) -> None:
        """Mark a chunk: it waits in a transaction, and the next may be fetched."""
        if chunk.entry is not None:
            chunk.entry.held = True
        self._room.set()

    def epoch(self, partition: Partition) -> int:
        """Return how often reading of a partition went back under this assignment."""
        return self._epochs.get(partition, 0)

    def committed_by_transaction(self, partition: Partition, offset: int) -> None:
        """Note a commit that a transaction made."""
        self._noted(TP(*partition), offset)

    async def read_again(self, partition: Partition, otherwise: int) -> None:
        """Read on from the committed offset; what was fetched before is void.

        Args:
            partition: Which.
            otherwise: Where to read on if there is no commit.

        Raises:
            DeliveryError: The brokers do not tell the committed offset.
        """
        # an assignment that changes meanwhile must find all of this done, or nothing
        await asyncio.shield(self._read_again(partition, otherwise))

    async def _read_again(self, partition: Partition, otherwise: int) -> None:
        async with self._seeking:
            try:
                offset = await self._thread.committed_offset(partition)
            except KafkaError as error:
                text = f"the committed offset is not known: {type(error).__name__}"
                raise DeliveryError(text) from None
            if offset is None:
                offset = otherwise
            epoch = self._epochs[partition] = self.epoch(partition) + 1
            self.ledger.start(partition, offset)
            await self._thread.read_from(partition, offset, epoch)

    async def let_go(self, partition: Partition) -> None:
        """Read a partition no more until the group gives out partitions anew; ask it to."""
        self._gone.add(partition)
        await self._thread.rejoin()

    def halt(self, topic: str, reason: str) -> None:
        """Stop a topic that the brokers do not let us read."""
        self._host.stop_topic(topic, reason)

    def ack(self, message: Any) -> bool:
        """Note it, which ends a single record; a chunk is done when it is delivered."""
        self._unacked_messages.discard(message)
        message.acked = True
        return True

    async def _add_gap(self, *_: Any) -> None:
        """Do nothing: chunks know where the next one starts."""

    async def verify_all_partitions_active(self) -> None:
        """Do nothing: lag and age of commits tell, and Faust compares two different clocks."""

    async def _wait_next_records(self, timeout: float) -> Any:
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        active = self._with_room()
        while self.flow_active and not self.should_stop and not active:
            self._room.clear()
            try:
                await asyncio.wait_for(self._room.wait(), _ROOM_SECONDS)
            except TimeoutError:
                await self._thread.still_here()
                return {}, set()
            active = self._with_room()
        wait = timeout if len(active) == len(self._readable()) else _POLL_SECONDS
        return await self._getmany(active_partitions=active, timeout=wait), active

    def _readable(self) -> list[TP]:
        return [
            tp
            for tp in self._get_active_partitions()
            if tp.topic not in self.stopped and Partition(tp.topic, tp.partition) not in self._gone
        ]

    def _with_room(self) -> set[TP]:
        outstanding = self.ledger.outstanding
        return {
            tp
            for tp in self._readable()
            if outstanding(Partition(tp.topic, tp.partition)) < MOST_OUTSTANDING
        }

    def on_buffer_full(self, tp: TP) -> None:
        """Do nothing: the ledger bounds what is in flight."""

    def stop_flow(self) -> None:
        """Fetch nothing, and begin nothing with what was fetched: all is read anew later."""
        super().stop_flow()
        self._host.lanes.close()

    async def perform_seek(self) -> None:
        """Read again from the committed offsets: partitions were assigned."""
        async with self._seeking:
            await reached("before_assign")
            self.ledger.clear()
            self._gone.clear()
            self._epochs.clear()
            self._singles.forget()
            self._host.lanes.open()
            assigned = [Partition(tp.topic, tp.partition) for tp in self.assignment()]
            await self._host.transactions.open(assigned)  # before the offsets are read
            await reached("after_open")
            offsets = await self.seek_to_committed()
            for tp, offset in offsets.items():
                self.ledger.start(Partition(tp.topic, tp.partition), offset)
        self._read_offset.clear()
        self._committed_offset.update(offsets)
        await reached("after_assign")

    async def wait_empty(self) -> None:
        """Finish what is being worked on, within the drain time, then commit it."""
        await self._host.drain_lanes()
        await reached("after_drain")
        for _ in range(_LAST_COMMITS):
            # a commit that was under way knows nothing of what was finished since
            await self.commit()
            if not self.ledger.committable():
                return

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish, commit, and only then forget the partitions."""
        await reached("before_revoke")
        if self._active_partitions is not None:
            self._active_partitions.difference_update(revoked)
        self._paused_partitions.difference_update(revoked)
        if self.app.should_stop:
            await self.wait_empty()  # the app itself does nothing any more
        else:
            await self._on_partitions_revoked(revoked)
        await reached("before_release")
        await self._host.transactions.close()
        self.ledger.drop(Partition(tp.topic, tp.partition) for tp in revoked)
        for tp in revoked:
            self._read_offset.pop(tp, None)
            self._committed_offset.pop(tp, None)

    async def force_commit(
        self, topics: Iterable[Any] | None = None, start_new_transaction: bool = True
    ) -> bool:
        """Commit every partition's unbroken run of done chunks."""
        del topics, start_new_transaction
        self._acked.clear()  # Faust's own notes on single records: the ledger has better ones
        self._acked_index.clear()
        found = self.ledger.committable()
        assigned = self.assignment() if found else set()  # there is none before it was started
        offsets = {
            TP(partition.topic, partition.partition): offset
            for partition, offset in found.items()
            if TP(*partition) in assigned
        }
        if not offsets:
            return False
        await reached("before_commit")
        if not await self._commit(offsets):
            return False
        await reached("after_commit")
        for tp, offset in offsets.items():
            self._noted(tp, offset)
        return True

    def _noted(self, tp: TP, offset: int) -> None:
        partition = Partition(tp.topic, tp.partition)
        self.ledger.committed(partition, offset)
        self._turns.committed(partition)
        self._host.committed(partition, offset)
        self._committed_offset[tp] = offset
