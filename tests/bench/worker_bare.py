"""Contender (d): bare aiokafka, consume and produce by batches, no scan, no framework."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import signal
import sys

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.bench.workload import KEY


async def main(broker: str, source: str, destination: str) -> None:
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=broker,
        group_id="bench-bare",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=100,
        session_timeout_ms=60_000,  # it is paused while a backlog is made
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=broker, acks="all", enable_idempotence=True, max_batch_size=900_000
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    await consumer.start()
    await producer.start()
    while not stopped.is_set():
        fetched = await consumer.getmany(timeout_ms=200)
        futures = []
        for tp, records in fetched.items():
            batch = producer.create_batch()
            for record in records:
                order = orjson.loads(record.value)
                if order["test"]:
                    continue
                order["card"] = "*" * (len(order["card"]) - 4) + order["card"][-4:]
                order["email"] = hmac.new(KEY, order["email"].encode(), hashlib.sha256).hexdigest()
                value = orjson.dumps(order)
                if batch.append(key=record.key, value=value, timestamp=record.timestamp) is None:
                    batch.close()
                    futures.append(
                        await producer.send_batch(batch, destination, partition=tp.partition)
                    )
                    batch = producer.create_batch()
                    batch.append(key=record.key, value=value, timestamp=record.timestamp)
            batch.close()
            if batch.record_count():
                futures.append(
                    await producer.send_batch(batch, destination, partition=tp.partition)
                )
        await asyncio.gather(*futures)
        if fetched:
            await consumer.commit()
    await consumer.stop()
    await producer.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
