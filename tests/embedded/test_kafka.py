import asyncio
from pathlib import Path

import pytest
from pipelines.embedded.kafka import EmbeddedKafka
from pipelines.errors import ConfigError

from tests.support.broker import Broker
from tests.support.traffic import Traffic


async def test_what_was_written_survives_a_restart(kafka: Broker, traffic: Traffic) -> None:
    topic = await traffic.topic("kept", partitions=2)
    await traffic.produce(topic, [(b"k", b"1", [("h", b"x")])], partition=1)
    await asyncio.to_thread(kafka.restart)
    (record,) = await traffic.consume(topic, 1)
    assert (record.key, record.value, record.header("h"), record.partition) == (b"k", b"1", b"x", 1)


async def test_what_was_acknowledged_survives_a_kill(kafka: Broker, traffic: Traffic) -> None:
    topic = await traffic.topic("kept")
    await traffic.produce(topic, [(None, str(number).encode()) for number in range(100)])
    await asyncio.to_thread(kafka.kill)
    assert not kafka.is_running
    await asyncio.to_thread(kafka.start)
    found = await traffic.read_all(topic)
    assert [record.value for record in found] == [str(number).encode() for number in range(100)]
