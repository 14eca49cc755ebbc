from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import psutil
import pytest

from pipelines.embedded.registry import EmbeddedRegistry
from pipelines.wire import avro
from pipelines.wire.registry import HttpRegistry
from tests.support.broker import Broker
from tests.support.traffic import Received, Traffic
from tests.support.worker import WorkerProcess

Start = Callable[..., WorkerProcess]
PARTITIONS = 4


class Ways(str):
    """A pipeline's text, and the topics it runs between."""

    __slots__ = ("dead", "destination", "source")
    source: str
    destination: str
    dead: str


async def passing(traffic: Traffic, value: str = "json") -> Ways:
    source = await traffic.topic("raw", PARTITIONS)
    destination = await traffic.topic("clean", PARTITIONS)
    dead = await traffic.topic("dead")
    ways = Ways(
        f"""
pipeline: passing
source: {{topic: {source}, value: {value}}}
publish: {{topic: {destination}}}
dead_letter: {{topic: {dead}}}
"""
    )
    ways.source, ways.destination, ways.dead = source, destination, dead
    return ways


def numbered(start: int, count: int) -> list[tuple[bytes, bytes]]:
    return [
        (f"key-{number % 17}".encode(), json.dumps({"n": number}).encode())
        for number in range(start, start + count)
    ]


def numbers(records: Sequence[Received]) -> list[int]:
    return [json.loads(one.value or b"")["n"] for one in records]


def in_order_per_key(records: Sequence[Received]) -> bool:
    by_key: dict[bytes, list[int]] = defaultdict(list)
    for one, number in zip(records, numbers(records), strict=True):
        by_key[one.key or b""].append(number)
    return all(list(dict.fromkeys(found)) == sorted(set(found)) for found in by_key.values())


async def test_sigterm_loses_nothing_and_doubles_nothing(start: Start, traffic: Traffic) -> None:
    ways = await passing(traffic)
    first = start(str(ways))
    await first.ready()
    await traffic.produce(ways.source, numbered(0, 3000))
    feeding = asyncio.create_task(traffic.produce(ways.source, numbered(3000, 3000)))
    assert await asyncio.to_thread(first.terminate) == 0
    await feeding
    second = start(str(ways))
    await second.ready()

    records = await traffic.consume(ways.destination, 6000, linger=1.0)
    assert sorted(numbers(records)) == list(range(6000))
    assert in_order_per_key(records)


async def test_a_killed_worker_loses_nothing(start: Start, traffic: Traffic) -> None:
    ways = await passing(traffic)
    first = start(str(ways))
    await first.ready()
    await traffic.produce(ways.source, numbered(0, 2000))
    await traffic.consume(ways.destination, 1)
    first.kill()
    await traffic.produce(ways.source, numbered(2000, 1000))
    second = start(str(ways))
    await second.ready()

    records = await traffic.consume(ways.destination, 3000)
    records = await until_complete(traffic, ways, set(range(3000)), records)
    assert set(numbers(records)) == set(range(3000))
    assert in_order_per_key(records)


async def until_complete(
    traffic: Traffic, ways: Ways, wanted: set[int], records: Sequence[Received]
) -> list[Received]:
    found = list(records)
    for _ in range(60):
        if set(numbers(found)) >= wanted:
            break
        await asyncio.sleep(0.5)
        found = await traffic.read_all(ways.destination)
    return found


async def test_a_rebalance_under_load_hands_over_without_loss_or_double(
    start: Start, traffic: Traffic
) -> None:
    ways = await passing(traffic)
    first = start(str(ways))
    await first.ready()
    feeding = asyncio.create_task(feed_slowly(traffic, ways, 6000))
    await asyncio.sleep(1)
    second = start(str(ways))
    await second.ready()
    await asyncio.sleep(1)
    assert await asyncio.to_thread(first.terminate) == 0
    await feeding

    records = await traffic.consume(ways.destination, 6000, within=60, linger=2.0)
    doubled = [number for number, times in Counter(numbers(records)).items() if times > 1]
    assert set(numbers(records)) == set(range(6000))
    assert doubled == []
    assert in_order_per_key(records)


async def feed_slowly(traffic: Traffic, ways: Ways, count: int) -> None:
    for begin in range(0, count, 200):
        await traffic.produce(ways.source, numbered(begin, 200))


async def test_poison_harms_no_neighbour(start: Start, traffic: Traffic) -> None:
    ways = await passing(traffic)
    worker = start(str(ways))
    await worker.ready()
    messages: list[tuple[bytes, bytes]] = []
    for message in numbered(0, 500):
        messages += [message, (b"poison", b"\xff\xfe not json")]
    await traffic.produce(ways.source, messages)

    assert sorted(numbers(await traffic.consume(ways.destination, 500))) == list(range(500))
    assert len(await traffic.consume(ways.dead, 500)) == 500


async def test_too_many_dead_letters_stop_this_pipeline_only(
    start: Start, traffic: Traffic
) -> None:
    bad, good = await passing(traffic), await passing(traffic)
    stopping = bad.replace(f"{{topic: {bad.dead}}}", f"{{topic: {bad.dead}, stop_above: 20%}}")
    worker = start(stopping, good.replace("pipeline: passing", "pipeline: other"))
    await worker.ready()
    await traffic.produce(bad.source, [(None, b"broken")] * 400)
    await traffic.produce(good.source, numbered(0, 100))
    assert sorted(numbers(await traffic.consume(good.destination, 100))) == list(range(100))
    for _ in range(100):
        if 'clearwater_stopped{pipeline="passing"} 1.0' in worker.metrics():
            break
        await asyncio.sleep(0.1)

    assert worker.status("readyz") == 200
    assert "too many dead letters" in worker.printed()
    await traffic.produce(good.source, numbered(100, 100))
    await traffic.produce(bad.source, numbered(0, 50))
    await traffic.consume(good.destination, 200)
    assert await traffic.read_all(bad.destination) == []


async def test_a_broker_that_restarts_loses_nothing(
    start: Start, traffic: Traffic, kafka: Broker
) -> None:
    ways = await passing(traffic)
    worker = start(str(ways))
    await worker.ready()
    await traffic.produce(ways.source, numbered(0, 1000))
    await traffic.consume(ways.destination, 1000)
    await asyncio.to_thread(kafka.restart)
    await traffic.produce(ways.source, numbered(1000, 1000))

    records = await traffic.consume(ways.destination, 2000, within=60)
    assert set(numbers(records)) == set(range(2000))
    assert worker.process.poll() is None


async def test_a_registry_that_is_down_holds_records_back_and_loses_none(
    start: Start, traffic: Traffic
) -> None:
    ways = await passing(traffic, value="avro")
    fields = [{"name": "n", "type": "int"}]
    schema = {"type": "record", "name": "Old", "fields": fields}
    newer = {**schema, "fields": [*fields, {"name": "m", "type": ["null", "int"], "default": None}]}
    registry = EmbeddedRegistry()
    try:
        registry.start()
        client = HttpRegistry(registry.url)
        old = client.register(f"{ways.source}-value", schema)
        new = client.register(f"{ways.source}-value", newer)
        client.close()
        encode = avro.encoder(schema, old)
        worker = start(str(ways), settings={"CLEARWATER_SCHEMA_REGISTRY": registry.url})
        await worker.ready()
        await traffic.produce(ways.source, [(b"k", avro.encoder(newer, new)({"n": 0, "m": 1}))])
        await traffic.consume(ways.destination, 1)
        process = psutil.Process(registry.pid)
        process.suspend()  # it accepts connections and never answers
        # the worker has not met this schema yet
        await traffic.produce(ways.source, [(b"k", encode({"n": 1}))])
        await asyncio.sleep(3)
        assert await traffic.read_all(ways.dead) == []
        assert len(await traffic.read_all(ways.destination)) == 1
        assert worker.process.poll() is None
        process.resume()
        await traffic.consume(ways.destination, 2, within=60)
    finally:
        registry.close()


async def test_other_partition_counts_keep_the_order_of_keys(
    start: Start, traffic: Traffic
) -> None:
    ways = await passing(traffic)
    narrow = await traffic.topic("narrow", 3)
    worker = start(ways.replace(ways.destination, narrow))
    await worker.ready()
    await traffic.produce(ways.source, numbered(0, 2000))

    records = await traffic.consume(narrow, 2000)
    assert sorted(numbers(records)) == list(range(2000))
    assert in_order_per_key(records)
    places: dict[bytes, set[int]] = defaultdict(set)
    for one in records:
        places[one.key or b""].add(one.partition)
    assert all(len(parts) == 1 for parts in places.values())


@pytest.mark.parametrize("missing", ["source", "destination", "dead"])
async def test_missing_topics_are_said_before_anything_starts(
    start: Start, traffic: Traffic, missing: str
) -> None:
    ways = await passing(traffic)
    name = getattr(ways, missing)
    worker = start(ways.replace(name, "not-there"))

    assert await asyncio.to_thread(worker.process.wait, 30) == 2
    assert "topics are missing: not-there; `clearwater topics ensure" in worker.printed()
