"""Changed declarations under load: taken up by three pods that stay in their group."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import pytest

from tests.rollout.cluster import AnyPod, Cluster
from tests.rollout.controller import started
from tests.rollout.flow import Flow, doubled, numbers, raw
from tests.rollout.mounted import MountedFolder
from tests.rollout.test_rollout import PARTITIONS, between, report, topics
from tests.support.traffic import Received

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

CHANGES = 6
TAKEN_UP_SECONDS = 30.0


async def test_changes_are_taken_up_without_a_rebalance_and_lose_nothing(
    cluster: Cluster, image: str, pipelines: Callable[[str], MountedFolder], keys: MountedFolder
) -> None:
    ways = await topics(cluster.traffic)
    folder = pipelines(ways.pipeline("r0"))
    made = itertools.count()

    def make(_: int) -> AnyPod:
        name = f"reload-{ways.source}-{next(made)}"
        return cluster.pod(f"g-{ways.source}", {"pipelines": folder, "keys": keys}, name, {})

    pods = await started(make)
    rebalances = [await metric(pod, "clearwater_rebalances_total") for pod in pods]
    flow = Flow(cluster.traffic, ways.source, PARTITIONS)
    await flow.start()
    await asyncio.sleep(5)
    before = flow.count
    seen = [await revision_of(pod) for pod in pods]
    for change in range(1, CHANGES + 1):
        folder.swap({"people.yaml": ways.pipeline(f"r{change}")})
        seen = await taken_up(pods, seen)
        await asyncio.sleep(1)
    folder.swap({"people.yaml": ways.pipeline("broken").replace("steps:", "stepps:")})
    await degraded(pods)
    folder.swap({"people.yaml": ways.pipeline("last")})
    (last, *_) = await taken_up(pods, seen)
    await asyncio.sleep(1)
    count = await flow.stop()

    outputs = await cluster.traffic.consume(ways.destination, count, within=60, linger=2)
    assert set(numbers(outputs)) == set(range(count))
    assert doubled(outputs) == []
    assert raw(outputs) == 0
    assert await cluster.traffic.read_all(ways.dead) == []
    assert [await metric(pod, "clearwater_rebalances_total") for pod in pods] == rebalances
    assert all(status == 200 for pod in pods for _, status in pod.probed[-20:])
    assert set(declarations(outputs)) == {"last", *(f"r{at}" for at in range(CHANGES + 1))}
    assert one_after_the_other(outputs)
    carried = {one.header("x-clearwater-revision") for one in outputs}
    assert len(carried) == CHANGES + 2
    assert last.encode() in carried
    sources = await cluster.traffic.read_all(ways.source)
    steady, reloads = (
        between(sources, outputs, 0, before),
        between(sources, outputs, before, count),
    )
    # a pause makes what comes meanwhile as late as it is long
    assert reloads.late_p99 < max(500, 2 * steady.late_p99)
    report(
        "reload" if image else "reload (processes)",
        records=count,
        changes=CHANGES + 1,
        steady=steady.told,
        reloads=reloads.told,
    )


async def taken_up(pods: Sequence[AnyPod], before: list[str]) -> list[str]:
    """Wait until all pods run one revision that none ran before; return it, once for each."""

    async def found() -> list[str]:
        now = [await revision_of(pod) for pod in pods]
        return now if now[0] not in before and len(set(now)) == 1 else []

    return await until(found)


async def degraded(pods: Sequence[AnyPod]) -> None:
    """Wait until all pods say that they could not take up what is there, and are ready still."""

    async def found() -> bool:
        told = [json.loads(await pod.page("/readyz")) for pod in pods]
        assert all(one["ok"] for one in told)
        return all(one["pipelines"]["people"]["degraded"] for one in told)

    await until(found)
    failures = [await metric(pod, "clearwater_reload_failures_total") for pod in pods]
    assert min(failures) >= 1


T = TypeVar("T")


async def until(found: Callable[[], Awaitable[T]]) -> T:
    deadline = asyncio.get_running_loop().time() + TAKEN_UP_SECONDS
    while not (answer := await found()):
        assert asyncio.get_running_loop().time() < deadline, "not in time"
        await asyncio.sleep(0.1)
    return answer


async def revision_of(pod: AnyPod) -> str:
    """Return what `clearwater_pipeline_info` shows."""
    (one,) = re.findall(r'_pipeline_info\{.*revision="(\w+)"\} 1', await pod.page("/metrics"))
    return str(one)


async def metric(pod: AnyPod, name: str) -> float:
    """Return the sum of a counter over its labels."""
    found = re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", await pod.page("/metrics"), re.MULTILINE)
    return sum(float(one) for one in found)


def declarations(records: Sequence[Received]) -> list[str]:
    """Return which declaration worked on each record."""
    return [str(json.loads(one.value or b"")["by"]) for one in records]


def one_after_the_other(records: Sequence[Received]) -> bool:
    """Return whether no partition went back to a declaration that it had left."""
    by_partition: dict[int, list[str]] = defaultdict(list)
    for one, declaration in zip(records, declarations(records), strict=True):
        by_partition[json.loads(one.value or b"")["p"]].append(declaration)
    runs = [[key for key, _ in itertools.groupby(found)] for found in by_partition.values()]
    return all(len(run) == len(set(run)) for run in runs)
