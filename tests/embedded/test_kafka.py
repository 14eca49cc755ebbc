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


async def test_a_folder_of_ones_own_is_kept_and_taken_up_again(tmp_path: Path) -> None:
    with EmbeddedKafka(tmp_path / "data") as first:
        topic = await Traffic(first.bootstrap).topic("kept")
        await Traffic(first.bootstrap).produce(topic, [(None, b"1")])
    assert not first.is_running
    with EmbeddedKafka(tmp_path / "data") as second:
        assert second.bootstrap != first.bootstrap
        assert [record.value for record in await Traffic(second.bootstrap).read_all(topic)] == [
            b"1"
        ]


def test_temporary_data_go_with_the_broker_that_does_not_start() -> None:
    kafka = EmbeddedKafka(properties={"process.roles": "nonsense"})
    with pytest.raises(ConfigError, match="nonsense"), kafka:
        pass
    assert not kafka._folder.exists()


def test_progress_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    with EmbeddedKafka(tmp_path, properties={"num.partitions": "7"}, say=said.append) as kafka:
        assert said[-1] == f"starting Apache Kafka 4.1.2 on {kafka.bootstrap}"
        kafka.start()
        assert "num.partitions=7\n" in (tmp_path / "server.properties").read_text()
    assert len(said) == len(set(said))
