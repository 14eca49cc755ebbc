"""The consumer's thread: aiokafka, with chunks instead of records."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import FetchResult
from aiokafka.errors import ConsumerStoppedError, CorruptRecordException, KafkaError
from faust.transport.drivers import aiokafka as stock
from faust.types import TP

from pipelines.runtime.driver.ahead import Ahead
from pipelines.runtime.driver.chunk import Chunk, drained
from pipelines.runtime.host import host_of
from pipelines.runtime.ledger import Partition

CORRUPT_TRIES = 3
"""Fetches of one batch whose checksum does not hold: damaged on the way, or on the disk?"""


class ChunkThread(stock.AIOKafkaConsumerThread):
    """Fetches one chunk per partition and call.

    What a broker refuses for one partition stops that partition's topic, not the process.
    """

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        fetching = host_of(self.app).fetching
        consumer._client_rack = fetching.client_rack
        consumer._fetch_min_bytes = fetching.min_bytes
        consumer._fetch_max_wait_ms = round(fetching.max_wait * 1000)
        # what a producer took back is nothing to publish
        consumer._isolation_level = "read_committed"
        self._epochs: dict[Partition, int] = {}
        self._corrupt: Counter[tuple[Partition, int]] = Counter()
        self._ahead = Ahead(consumer._max_partition_fetch_bytes)
        self._taking: asyncio.Task[None] | None = None
        return consumer

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every partition to its commit, asking for all at once."""
        found: Mapping[TP, int] = await self.call_thread(self._seek_to_committed)
        return found

    async def _seek_to_committed(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        partitions = list(consumer.assignment())
        offsets = await asyncio.gather(*(consumer.committed(one) for one in partitions))
        # at once: what was taken meanwhile belongs to what waits, also where there is no commit
        self._ahead.give_back()
        self._epochs.clear()
        found = {}
        for one, offset in zip(partitions, offsets, strict=True):
            if offset is not None:
                consumer.seek(one, offset)
                found[TP(one.topic, one.partition)] = offset
        return found

    async def committed_offset(self, partition: Partition) -> int | None:
        """Return the committed offset of a partition, if there is one."""
        found: int | None = await self.call_thread(self._committed, TopicPartition(*partition))
        return found

    async def _committed(self, tp: TopicPartition) -> int | None:
        offset: int | None = await self._ensure_consumer().committed(tp)
        return offset

    async def read_from(self, partition: Partition, offset: int, epoch: int) -> None:
        """Go back, or on, to an offset; chunks fetched from now on are of this epoch."""
        await self.call_thread(self._read_from, partition, offset, epoch)

    async def _read_from(self, partition: Partition, offset: int, epoch: int) -> None:
        consumer = self._ensure_consumer()
        tp = TopicPartition(*partition)
        self._epochs[partition] = epoch
        self._ahead.forget(partition)
        if tp in consumer.assignment():
            consumer.seek(tp, offset)

    async def rejoin(self) -> None:
        """Ask the group for a new assignment."""
        await self.call_thread(self._rejoin)

    async def _rejoin(self) -> None:
        self._ensure_consumer()._coordinator.request_rejoin()

    async def still_here(self) -> None:
        """Say that we are alive though nothing is fetched: work may take for hours.

        Or the group would be left after its max.poll.interval.
        """
        await self.call_thread(self._still_here)

    async def _still_here(self) -> None:
        with self._ensure_consumer()._fetcher._subscriptions.fetch_context():
            pass  # aiokafka counts the time since the last fetch

    async def give_back(self, chunks: Iterable[Chunk]) -> None:
        """Fetch these again: nothing was done with them."""
        await self.call_thread(self._give_back, list(chunks))

    async def _give_back(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            if chunk.is_current:
                self._ahead.forget(chunk.partition)
                chunk.give_back()

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: Collection[Any],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> dict[Any, list[Chunk]]:
        del max_records
        if not self.consumer.flow_active or not active_partitions:
            return {}
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        with fetcher._subscriptions.fetch_context():
            return await self._fetched(fetcher, active_partitions, timeout or 0.0)

    async def _fetched(
        self, fetcher: Any, active: Collection[Any], seconds: float
    ) -> dict[Any, list[Chunk]]:
        """Return a chunk for each active partition that has one, waiting for the first.

        The loop of aiokafka's `Fetcher.fetched_records`, with chunks in place of its records.
        """
        if self._taking is None or self._taking.done():
            self._taking = asyncio.create_task(self._take_ahead(fetcher), name="take ahead")
        deadline = time.monotonic() + seconds
        while True:
            if fetcher._subscriptions.reassignment_in_progress:
                await fetcher._subscriptions.wait_for_assignment()
            self._take_all(fetcher)
            found = self._ahead.take(active)
            left = deadline - time.monotonic()
            if found:
                self._take_all(fetcher)  # there is room again
            if found or left <= 0:
                return found
            waiter = fetcher._create_fetch_waiter()
            done, pending = await asyncio.wait([waiter], timeout=left)
            for one in pending:
                one.cancel()
            if not done or fetcher._closed:
                return {}
            waiter.result()  # raises what authorization failed

    async def _take_ahead(self, fetcher: Any) -> None:
        """Take what comes as it comes, so that the next fetch need not wait for who works."""
        while not fetcher._closed:
            await fetcher._create_fetch_waiter()
            self._take_all(fetcher)

    def _take_all(self, fetcher: Any) -> None:
        """Take what was fetched, where there is room for it."""
        for tp in list(fetcher._records):
            if not fetcher._subscriptions.is_assigned(tp):
                del fetcher._records[tp]
            elif tp.topic in self.consumer.stopped:
                continue  # what is taken would be fetched again, to be refused again
            elif self._has_room(tp, fetcher._records[tp]):
                chunk = self._taken(fetcher, tp)
                if chunk is not None:
                    self._ahead.add(chunk)

    async def on_thread_stop(self) -> None:
        """Take nothing more, then stop."""
        if self._taking is not None:
            self._taking.cancel()
            await asyncio.wait([self._taking])
            self._taking = None
        await super().on_thread_stop()

    def _has_room(self, tp: Any, result: Any) -> bool:
        if type(result) is not FetchResult or not result.has_more():
            return True  # an error, or void
        fetched = result._partition_records
        size = fetched._records.size_in_bytes()
        return self._ahead.has_room(Partition(*tp), fetched.next_fetch_offset, size)

    def _taken(self, fetcher: Any, tp: Any) -> Chunk | None:
        """Take what was fetched of one partition; an error halts its topic."""
        partition = Partition(*tp)
        result = fetcher._records.pop(tp)
        fetcher._notify(fetcher._wait_consume_future)
        if type(result) is not FetchResult:
            try:
                result.check_raise()
            except KafkaError as error:
                self._halt(partition, type(error).__name__)
            return None
        try:
            chunk = drained(partition, result)
        except CorruptRecordException:
            offset = result._partition_records.next_fetch_offset
            self._corrupt[partition, offset] += 1
            self.log.warning("%s: a batch at offset %s is corrupt", partition, offset)
            if self._corrupt[partition, offset] >= CORRUPT_TRIES:
                self._halt(partition, f"a batch at offset {offset} is corrupt")
            return None
        if chunk is not None:
            chunk.epoch = self._epochs.get(partition, 0)
        return chunk

    def _halt(self, partition: Partition, reason: str) -> None:
        text = f"partition {partition.partition}: {reason}"
        self.consumer.loop.call_soon_threadsafe(self.consumer.halt, partition.topic, text)
