from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer

from pipelines.engine.outcome import Output
from pipelines.errors import DeliveryError
from pipelines.runtime.delivery import Delivery, Refused
from tests.support.broker import Broker
from tests.support.traffic import Traffic


@pytest.fixture
async def producer(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka_bootstrap,
        enable_idempotence=True,
        max_batch_size=4096,
        request_timeout_ms=2000,
    )
    await producer.start()
    yield producer
    await producer.stop()


def outputs(count: int, size: int = 10, key: bytes | None = b"k") -> list[Output]:
    return [
        Output(number, 1_700_000_000_000, key, b"%d" % number + b"x" * size, [("h", b"v")])
        for number in range(count)
    ]


async def test_outputs_fill_batches_and_keep_their_order(
    producer: AIOKafkaProducer, traffic: Traffic
) -> None:
    source, destination = await traffic.topic("raw", 3), await traffic.topic("clean", 3)
    delivery = Delivery(producer, 10)
    sent = outputs(200, size=90)
    futures = await delivery.send(destination, sent, (source, 1))
    await delivery.delivered(futures)

    records = await traffic.read_all(destination)
    assert 5 <= len(futures) <= 10, "200 records of about 110 bytes, 4096 bytes a batch"
    assert [one.value for one in records] == [one.value for one in sent]
    assert {one.partition for one in records} == {1}
    assert {(one.key, one.headers, one.timestamp) for one in records} == {
        (b"k", (("h", b"v"),), 1_700_000_000_000)
    }


async def test_an_output_larger_than_a_batch_has_one_of_its_own(
    producer: AIOKafkaProducer, traffic: Traffic
) -> None:
    topic = await traffic.topic("clean")
    sent = [*outputs(2), *outputs(1, size=9000), *outputs(2)]
    delivery = Delivery(producer, 10)
    futures = await delivery.send(topic, sent, (topic, 0))
    await delivery.delivered(futures)
    assert len(futures) == 3
    assert [one.value for one in await traffic.read_all(topic)] == [one.value for one in sent]


async def test_a_tombstone_stays_one(producer: AIOKafkaProducer, traffic: Traffic) -> None:
    topic = await traffic.topic("clean")
    delivery = Delivery(producer, 10)
    await delivery.delivered(await delivery.send(topic, [Output(0, 0, b"k", None, ())], (topic, 0)))
    (record,) = await traffic.read_all(topic)
    assert (record.key, record.value) == (b"k", None)


async def test_a_topic_that_is_not_there_is_named(
    producer: AIOKafkaProducer, traffic: Traffic
) -> None:
    source = await traffic.topic("raw")
    with pytest.raises(Refused, match=r"there is no topic `no.such`: .*topics ensure"):
        await Delivery(producer, 10).send("no.such", outputs(1), (source, 0))


async def test_a_topic_that_takes_smaller_batches_refuses_without_quoting_values(
    producer: AIOKafkaProducer, traffic: Traffic
) -> None:
    topic = await traffic.topic("small", max_message_bytes="100")
    delivery = Delivery(producer, 10)
    with pytest.raises(Refused, match=r"max\.message\.bytes") as raised:
        await delivery.delivered(await delivery.send(topic, outputs(10), (topic, 0)))
    assert "xxx" not in str(raised.value)


async def test_brokers_that_are_down_are_not_taken_for_a_missing_topic(
    producer: AIOKafkaProducer, traffic: Traffic, kafka: Broker
) -> None:
    topic = await traffic.topic("clean")
    kafka.kill()
    with pytest.raises(DeliveryError) as raised:
        await Delivery(producer, 2).send(topic, outputs(1), (topic, 0))
    assert not isinstance(raised.value, Refused)
