"""Rollouts of three pods under load, as the chart's profiles make them: nothing lost, nothing
doubled, nothing raw, and how long each partition stood still."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.rollout.conftest import Cluster, Mount
from tests.rollout.flow import Flow, Pause, doubled, numbers, pause, raw
from tests.rollout.mounted import MountedFolder
from tests.rollout.pod import Pod
from tests.support.traffic import Received, Traffic

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]

REPLICAS = 3
PARTITIONS = 6
MIN_READY_SECONDS = 3.0
# what came last before it began, or a gap right there would not be seen
LAST_BEFORE = PARTITIONS * 10
REPORT = Path(os.environ.get("CLEARWATER_ROLLOUT_REPORT", "build/rollout.json"))

Make = Callable[[int], Pod]
Ended = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Topics:
    """Where the pipeline reads and writes."""

    source: str
    destination: str
    dead: str

    def pipeline(self, note: str = "Note") -> str:
        return f"""
pipeline: people
description: {note}
source: {{topic: {self.source}, value: json}}
steps:
  - {{step: set, id: note, field: by, value: '"{note}"'}}
privacy:
  fields: {{email: {{tokenize: {{key: customers}}}}}}
publish: {{topic: {self.destination}}}
dead_letter: {{topic: {self.dead}}}
"""


async def topics(traffic: Traffic) -> Topics:
    stamped = {"message_timestamp_type": "LogAppendTime"}
    return Topics(
        await traffic.topic("raw", PARTITIONS, **stamped),
        await traffic.topic("clean", PARTITIONS, **stamped),
        await traffic.topic("dead"),
    )


async def rolling_update(
    old: list[Pod], make: Make, *, surge: int, unavailable: int
) -> tuple[list[Pod], Ended]:
    """Roll as the Deployment controller does, with `maxSurge` and `maxUnavailable`."""
    new: list[Pod] = []
    steady: list[asyncio.Task[None]] = []
    stopping: list[asyncio.Task[tuple[int, float]]] = []
    old = list(old)
    while old or len(new) < REPLICAS or not all(one.done() for one in steady):
        while len(new) < REPLICAS and len(old) + len(new) < REPLICAS + surge:
            pod = make(len(new))
            await pod.start()
            new.append(pod)
            steady.append(asyncio.create_task(pod.ready(steady=MIN_READY_SECONDS)))
        available = sum(one.done() and one.exception() is None for one in steady)
        while old and len(old) + available > REPLICAS - unavailable:
            stopping.append(asyncio.create_task(old.pop(0).stop()))
        await asyncio.sleep(0.05)
    await asyncio.gather(*steady)
    return new, list(await asyncio.gather(*stopping))


async def surge(old: list[Pod], make: Make) -> tuple[list[Pod], Ended]:
    return await rolling_update(old, make, surge=REPLICAS, unavailable=0)


async def gentle(old: list[Pod], make: Make) -> tuple[list[Pod], Ended]:
    return await rolling_update(old, make, surge=0, unavailable=1)


async def recreate(old: list[Pod], make: Make) -> tuple[list[Pod], Ended]:
    ended = list(await asyncio.gather(*[pod.stop() for pod in old]))
    return await _started(make), ended


async def static(old: list[Pod], make: Make) -> tuple[list[Pod], Ended]:
    """Roll as the StatefulSet controller does: the same names, last first, one at a time."""
    pods, ended = list(old), []
    for at in reversed(range(len(old))):
        ended.append(await old[at].stop())
        old[at].remove()
        pods[at] = make(at)
        await pods[at].start()
        await pods[at].ready(steady=MIN_READY_SECONDS)
    return pods, ended


async def _started(make: Make) -> list[Pod]:
    pods = [make(at) for at in range(REPLICAS)]
    for pod in pods:
        await pod.start()
    await asyncio.gather(*[pod.ready(steady=MIN_READY_SECONDS) for pod in pods])
    return pods


Roll = Callable[[list[Pod], Make], Awaitable[tuple[list[Pod], Ended]]]


@pytest.mark.parametrize("profile", [surge, gentle, recreate, static])
async def test_a_rolling_restart_loses_doubles_and_reveals_nothing(
    cluster: Cluster, pipelines: Mount, keys: MountedFolder, profile: Roll
) -> None:
    ways = await topics(cluster.traffic)
    folders = {"pipelines": pipelines(ways.pipeline()), "keys": keys}
    group = f"{profile.__name__}-{ways.source}"
    fixed = profile is static

    def make(at: int) -> Pod:
        name = f"{group}-{at}" if fixed else ""
        return cluster.pod(group, folders, name, {"CLEARWATER_INSTANCE_ID": name} if fixed else {})

    flow = Flow(cluster.traffic, ways.source, PARTITIONS)
    old = await _started(make)
    await flow.start()
    await asyncio.sleep(5)
    before = flow.count
    new, ended = await profile(old, make)
    await asyncio.sleep(3)
    count = await flow.stop()

    outputs = await cluster.traffic.consume(ways.destination, count, within=60, linger=2)
    assert {code for code, _ in ended} == {0}
    assert max(took for _, took in ended) < 25
    assert set(numbers(outputs)) == set(range(count))
    assert doubled(outputs) == []
    assert raw(outputs) == 0
    assert await cluster.traffic.read_all(ways.dead) == []
    for pod in new:
        _alive_from_its_first_answer_on(pod)
        assert [path for path in pod.changed() if not path.startswith("/etc")] == []
    sources = await cluster.traffic.read_all(ways.source)
    report(
        profile.__name__,
        records=count,
        steady=between(sources, outputs, 0, before).told,
        rollout=between(sources, outputs, before - LAST_BEFORE, count).told,
        stopping_seconds={"max": round(max(took for _, took in ended), 2)},
    )


def between(
    sources: Sequence[Received], outputs: Sequence[Received], first: int, end: int
) -> Pause:
    """Measure the records of these numbers only."""
    return pause(
        *[
            [one for at, one in zip(numbers(part), part, strict=True) if first <= at < end]
            for part in (sources, outputs)
        ]
    )


def report(name: str, **figures: Any) -> None:
    """Add to the report that the operator's guide quotes."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    told = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
    told[name] = figures
    REPORT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _alive_from_its_first_answer_on(pod: Pod) -> None:
    live = [status for path, status in pod.probed if path == "/livez"]
    first = live.index(httpx.codes.OK)
    assert set(live[first:]) == {httpx.codes.OK}
