"""The consumer's thread: aiokafka, with chunks instead of records."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiokafka.consumer.fetcher import FetchResult
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import aiokafka as stock

from pipelines.runtime.driver.chunk import Chunk, drained
from pipelines.runtime.ledger import Partition

_FETCH_WAIT_MS = 100  # Faust's 1500 lets idle partitions hold up a busy one


class ChunkThread(stock.AIOKafkaConsumerThread):
    """Fetches one chunk per partition and call."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
        consumer._client_rack = self.app.client_rack
        return consumer

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: Any,
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> dict[Any, list[Chunk]]:
        del max_records
        if not self.consumer.flow_active:
            return {}
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        with fetcher._subscriptions.fetch_context():
            return await _fetched(fetcher, active_partitions, timeout or 0.0)


async def _fetched(fetcher: Any, active: Any, seconds: float) -> dict[Any, list[Chunk]]:
    """Return a chunk for each active partition that has one, waiting for the first.

    The loop of aiokafka's `Fetcher.fetched_records`, with `drained` in place of its records.
    """
    deadline = time.monotonic() + seconds
    subscriptions = fetcher._subscriptions
    while True:
        if subscriptions.reassignment_in_progress:
            await subscriptions.wait_for_assignment()
        found: dict[Any, list[Chunk]] = {}
        for tp in list(fetcher._records):
            if active and tp not in active:
                if not subscriptions.is_assigned(tp):
                    del fetcher._records[tp]
                continue
            result = fetcher._records[tp]
            if type(result) is not FetchResult and found:
                return found  # the error waits for the next call
            del fetcher._records[tp]
            fetcher._notify(fetcher._wait_consume_future)
            if type(result) is not FetchResult:
                result.check_raise()
                continue
            chunk = drained(Partition(tp.topic, tp.partition), result)
            if chunk is not None:
                found[tp] = [chunk]
        left = deadline - time.monotonic()
        if found or left <= 0:
            return found
        waiter = fetcher._create_fetch_waiter()
        done, pending = await asyncio.wait([waiter], timeout=left)
        for one in pending:
            one.cancel()
        if not done or fetcher._closed:
            return {}
        waiter.result()  # raises what authorization failed
