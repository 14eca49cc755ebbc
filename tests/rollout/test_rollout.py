"""Rollouts of three pods under load, as the chart's profiles make them: nothing lost, nothing
doubled, nothing raw, and how long each partition stood still."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.rollout.cluster import AnyPod, Cluster
from tests.rollout.controller import Roll, gentle, recreate, started, static, surge
from tests.rollout.flow import Flow, Pause, doubled, numbers, pause, raw
from tests.rollout.mounted import MountedFolder
from tests.support.traffic import Received, Traffic

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]

PARTITIONS = 6
# what came last before it began, or a gap right there would not be seen
LAST_BEFORE = PARTITIONS * 10
REPORT = os.environ.get("CLEARWATER_ROLLOUT_REPORT", "")


@dataclass(frozen=True, slots=True)
class Topics:
    """Where the pipeline reads and writes."""

    source: str
    destination: str
    dead: str

    def pipeline(self, note: str) -> str:
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


@pytest.mark.parametrize("profile", [surge, gentle, recreate, static])
async def test_a_rolling_restart_loses_doubles_and_reveals_nothing(
    cluster: Cluster,
    image: str,
    pipelines: Callable[[str], MountedFolder],
    keys: MountedFolder,
    profile: Roll,
) -> None:
    if not image and profile is not surge:
        pytest.skip("one profile is enough for processes; CLEARWATER_IMAGE names an image for all")
    ways = await topics(cluster.traffic)
    folders = {"pipelines": pipelines(ways.pipeline("old")), "keys": keys}
    group = f"{profile.__name__}-{ways.source}"
    made = itertools.count()

    def make(at: int) -> AnyPod:
        if profile is not static:
            return cluster.pod(group, folders, f"{group}-{next(made)}", {})
        name = f"{group}-{at}"
        return cluster.pod(group, folders, name, {"CLEARWATER_INSTANCE_ID": name})

    flow = Flow(cluster.traffic, ways.source, PARTITIONS)
    old = await started(make)
    await flow.start()
    await asyncio.sleep(5)
    before = flow.count
    folders["pipelines"].swap({"people.yaml": ways.pipeline("new")})
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
    assert says(outputs, 0) == "old"
    assert says(outputs, count - 1) == "new"
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


def says(records: Sequence[Received], number: int) -> str:
    """Return which declaration a record was worked on by."""
    at = numbers(records).index(number)
    return str(json.loads(records[at].value or b"")["by"])


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
    """Add to the report that the operator's guide quotes, if one is asked for."""
    if REPORT:
        file = Path(REPORT)
        told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        told[name] = figures
        file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _alive_from_its_first_answer_on(pod: AnyPod) -> None:
    live = [status for path, status in pod.probed if path == "/livez"]
    first = live.index(httpx.codes.OK)
    assert set(live[first:]) == {httpx.codes.OK}
