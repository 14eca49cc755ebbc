"""Records that wait, on a real Kafka: none lost, none early, none twice, whoever is restarted."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.runtime.evidence import Evidence
from pipelines.runtime.verify import verify
from pipelines.settings import Settings
from tests.support.traffic import Received, Traffic
from tests.support.worker import WorkerProcess

Start = Callable[..., WorkerProcess]
PARTITIONS = 2
SECONDS = 4.0
CANARY = "ada.canary@example.com"


class Ways(NamedTuple):
    """A pipeline's text, and the topics it runs between."""

    text: str
    source: str
    destination: str
    delay: str
    dead: str


async def delaying(traffic: Traffic, delivery: str) -> Ways:
    source = await traffic.topic("raw", PARTITIONS)
    # its timestamps say when a record arrived there
    arrived = {"message_timestamp_type": "LogAppendTime"}
    destination = await traffic.topic("clean", PARTITIONS, **arrived)
    delay = await traffic.exactly(f"{source}.delay.settle", PARTITIONS)
    dead = await traffic.topic("dead")
    text = f"""
pipeline: delaying
source: {{topic: {source}, value: json}}
steps:
  - {{step: set, id: seen, field: seen, value: 'true'}}
  - {{step: delay, id: settle, for: {SECONDS:g}s, when: 'message.slow'}}
  - {{step: drop, id: odd, when: 'message.n == 7', reason: seven}}
publish: {{topic: {destination}}}
dead_letter: {{topic: {dead}}}
delivery: {delivery}
"""
    return Ways(text, source, destination, delay, dead)


async def feed(traffic: Traffic, ways: Ways, begin: int, count: int) -> None:
    """Write records, every second key a slow one."""
    for start in range(begin, begin + count, 40):
        now = time.time()
        await traffic.produce(
            ways.source,
            [
                (
                    b"key-%d" % (number % 6),
                    json.dumps(
                        {"n": number, "slow": number % 2 == 1, "at": now, "mail": CANARY}
                    ).encode(),
                )
                for number in range(start, min(start + 40, begin + count))
            ],
        )


def values(records: Sequence[Received]) -> list[dict[str, Any]]:
    return [json.loads(one.value or b"") for one in records]


def each_once_and_in_order(records: Sequence[Received], count: int) -> None:
    by_key: dict[bytes, list[float]] = defaultdict(list)
    for one, value in zip(records, values(records), strict=True):
        by_key[one.key or b""].append(value["n"])
        assert value["seen"] is True
        assert value["mail"] != CANARY
    assert sorted(n for found in by_key.values() for n in found) == [
        number for number in range(count) if number != 7
    ]
    assert all(found == sorted(found) for found in by_key.values())


def none_early(records: Sequence[Received]) -> None:
    for one, value in zip(records, values(records), strict=True):
        age = one.timestamp / 1000 - value["at"]
        assert age > (SECONDS - 0.01 if value["slow"] else 0)
        if value["slow"]:
            assert one.header("x-clearwater-waited") == b"settle"


def metric(worker: WorkerProcess, beginning: str) -> float:
    lines = [one for one in worker.metrics().splitlines() if one.startswith(beginning)]
    return sum(float(one.rsplit(" ", 1)[1]) for one in lines)


async def verified(traffic: Traffic, ways: Ways, worker: WorkerProcess, folder: Path) -> Evidence:
    """Return what `clearwater verify` sees."""
    plan = Workspace.open(folder, Settings(keys=worker.keys)).sound().plans["delaying"]
    group = re.search(r'"group": ?"([^"]+)"', worker.printed())
    assert group is not None
    client = {"bootstrap_servers": traffic.bootstrap}
    return await verify(plan, group[1], client, decode_value, [ways.destination])


def decode_value(raw: bytes | None) -> object:
    return None if raw is None else json.loads(raw)


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
async def test_a_worker_is_replaced_while_records_wait(
    start: Start, traffic: Traffic, tmp_path: Path, delivery: str
) -> None:
    ways = await delaying(traffic, delivery)
    first = start(ways.text)
    await first.ready(90)
    await feed(traffic, ways, 0, 120)
    # others pass by
    assert len(await traffic.consume(ways.destination, 60)) == 60
    assert CANARY not in repr(await traffic.consume(ways.delay, 60))
    await asyncio.sleep(SECONDS - 1)  # some have gone on, some have not
    if delivery == "exactly_once":
        first.kill()
    else:
        began = time.monotonic()
        assert await asyncio.to_thread(first.terminate) == 0
        assert time.monotonic() - began < 8  # nobody waits for what waits
    await feed(traffic, ways, 120, 60)
    second = start(ways.text)
    await second.ready(90)
    await traffic.consume(ways.destination, 90)
    evidence = await verified(traffic, ways, first, tmp_path / "pipelines")
    assert dict(evidence.faults(may_double=False)) == {}

    records = await traffic.consume(ways.destination, 179, within=60, linger=1.0)
    each_once_and_in_order(records, 180)
    none_early(records)
    assert await traffic.read_all(ways.dead) == []
    await until_committed(second, 0)
    evidence = await verified(traffic, ways, first, tmp_path / "pipelines")
    assert dict(evidence.faults(may_double=False)) == {}
    assert (evidence.waiting, evidence.elsewhere) == (0, 0)
    fates = "clearwater_fates_total{"
    assert metric(second, "clearwater_records_in_total{") == metric(second, fates)
    assert metric(second, "clearwater_resumed_records_total{") >= 30


async def until_committed(worker: WorkerProcess, waiting: int) -> None:
    for _ in range(100):
        if metric(worker, "clearwater_waiting_records{") <= waiting + PARTITIONS:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(worker.metrics())


async def test_a_throttled_pipeline_keeps_its_pace_and_its_order(
    start: Start, traffic: Traffic
) -> None:
    ways = await delaying(traffic, "at_least_once")
    topic = await traffic.topic("throttle", PARTITIONS)
    step = f"{{step: throttle, id: pace, rate: 40/s, excess: delay, topic: {topic}}}"
    lines = [step if "step: delay" in one else one for one in ways.text.splitlines()]
    lines = [f"  - {one}" if one == step else one for one in lines]
    worker = start("\n".join(lines))
    await worker.ready(90)
    await feed(traffic, ways, 0, 200)
    records = await traffic.consume(ways.destination, 199, within=60)
    each_once_and_in_order(records, 200)
    for partition in range(PARTITIONS):
        times = [one.timestamp / 1000 for one in records if one.partition == partition]
        # a second's worth goes at once, and the rest at half the rate of the pipeline
        assert max(times) - min(times) > (len(times) - 20) / 20 - 0.5
