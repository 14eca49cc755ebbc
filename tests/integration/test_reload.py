from __future__ import annotations

import asyncio
import json
import os
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.support.traffic import Traffic
from tests.support.worker import WorkerProcess

PARTITIONS = 4


class Mounted:
    """A folder as Kubernetes mounts a ConfigMap: files behind the link `..data`, swapped whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._versions = 0

    def show(self, **files: str) -> None:
        self._versions += 1
        version = self.folder / f"..version-{self._versions}"
        version.mkdir(parents=True)
        for name, text in files.items():
            (version / f"{name}.yaml").write_text(text, encoding="utf-8")
            if not (self.folder / f"{name}.yaml").is_symlink():
                (self.folder / f"{name}.yaml").symlink_to(Path("..data", f"{name}.yaml"))
        new = self.folder / "..data-new"
        new.symlink_to(version.name)
        os.replace(new, self.folder / "..data")  # noqa: PTH105 - the swap is what is tested


class Pipelines:
    """Two pipelines, their topics, and a worker that runs them."""

    def __init__(self, mounted: Mounted, one: str, two: str, worker: WorkerProcess) -> None:
        self.mounted = mounted
        self.one, self.two = one, two
        self.worker = worker

    def show(self, one: str, two: str) -> None:
        self.mounted.show(one=text("one", self.one, one), two=text("two", self.two, two))

    def revision(self, name: str) -> str:
        shown = self.worker.metrics()
        found = re.findall(rf'pipeline_info{{pipeline="{name}",revision="(\w+)"}} 1', shown)
        assert len(found) == 1, shown
        return str(found[0])

    def refused(self, name: str) -> float:
        wanted = rf'reload_failures_total{{pipeline="{name}"}} ([\d.]+)'
        found = re.search(wanted, self.worker.metrics())
        return float(found[1]) if found else 0.0

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(200):
            if holds():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(self.worker.printed()[-3000:])


def text(name: str, topic: str, mark: str) -> str:
    return f"""
pipeline: {name}
source: {{topic: {topic}, value: json}}
steps: [{{step: set, id: mark, field: mark, value: '"{mark}"'}}]
publish: {{topic: {topic}.clean}}
dead_letter: {{topic: {topic}.dead}}
"""


@pytest.fixture
async def running(traffic: Traffic, tmp_path: Path) -> AsyncIterator[Pipelines]:
    mounted = Mounted(tmp_path / "pipelines")
    one, two = await traffic.topic("one", PARTITIONS), await traffic.topic("two", PARTITIONS)
    for topic in (one, two):
        await traffic.exactly(f"{topic}.clean", PARTITIONS)
        await traffic.exactly(f"{topic}.dead")
    mounted.show(one=text("one", one, "1"), two=text("two", two, "1"))
    settings = {"CLEARWATER_RELOAD_INTERVAL": "100ms"}
    worker = WorkerProcess(mounted.folder, traffic.bootstrap, f"group-{one}", settings=settings)
    try:
        await worker.ready()
        yield Pipelines(mounted, one, two, worker)
    finally:
        worker.kill()


@asynccontextmanager
async def load(traffic: Traffic, topic: str) -> AsyncIterator[list[int]]:
    """Write numbered records while inside; yield a list with how many."""
    written = [0]

    async def write() -> None:
        while True:
            numbers = range(written[0], written[0] + 100)
            pairs = [(b"k%d" % (n % 23), b'{"n":%d}' % n) for n in numbers]
            await asyncio.shield(traffic.produce(topic, pairs))
            written[0] += 100

    writing = asyncio.create_task(write())
    yield written
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    await asyncio.sleep(1.0)  # what was being written when it was cancelled


async def test_declarations_change_under_load_without_loss_double_or_rebalance(
    traffic: Traffic, running: Pipelines
) -> None:
    rebalances = re.findall(r"clearwater_rebalances_total [\d.]+", running.worker.metrics())
    revisions = [running.revision("one")]
    async with load(traffic, running.one):
        for mark in ("2", "3", "4"):
            running.show(mark, "1")
            await running.until(lambda: running.revision("one") not in revisions)
            revisions.append(running.revision("one"))
            await asyncio.sleep(0.5)
    count = len(await traffic.read_all(running.one))
    found = await traffic.consume(f"{running.one}.clean", count, linger=1.0)

    assert sorted(json.loads(one.value or b"")["n"] for one in found) == sorted(
        json.loads(one.value or b"")["n"] for one in await traffic.read_all(running.one)
    )
    by_partition: dict[int, list[int]] = defaultdict(list)
    for one in found:
        place = revisions.index((one.header("x-clearwater-revision") or b"").decode())
        assert json.loads(one.value or b"")["mark"] == str(place + 1)
        by_partition[one.partition].append(place)
    assert all(places == sorted(places) for places in by_partition.values())
    assert {place for places in by_partition.values() for place in places} == {0, 1, 2, 3}
    shown = running.worker.metrics()
    assert re.findall(r"clearwater_rebalances_total [\d.]+", shown) == rebalances
    assert running.worker.terminate() == 0


async def test_a_wrong_declaration_leaves_the_last_good_one_running(
    traffic: Traffic, running: Pipelines
) -> None:
    good, other = running.revision("one"), running.revision("two")
    running.mounted.show(
        one="pipeline: one\nsource: {topic: broken\n", two=text("two", running.two, "2")
    )
    await running.until(lambda: running.refused("one") == 1)
    await running.until(lambda: running.revision("two") != other)

    assert running.revision("one") == good
    said = running.worker.readiness()
    assert said["status"] == 200
    assert "refused" in said["pipelines"]["one"]["degraded"]
    assert said["pipelines"]["two"]["degraded"] == ""
    await traffic.produce(running.one, [(b"k", b'{"n": 1}')])
    (clean,) = await traffic.consume(f"{running.one}.clean", 1)
    assert clean.header("x-clearwater-revision") == good.encode()

    running.show("9", "2")
    await running.until(lambda: running.revision("one") != good)
    assert running.worker.readiness()["pipelines"]["one"]["degraded"] == ""


async def test_what_needs_a_restart_or_a_topic_is_told_and_the_rest_is_taken_up(
    traffic: Traffic, running: Pipelines
) -> None:
    other = running.revision("two")
    elsewhere = await traffic.topic("elsewhere")
    running.mounted.show(
        one=text("one", elsewhere, "2"),
        two=text("two", running.two, "2"),
        three=text("three", elsewhere + "-three", "1"),
    )
    await running.until(lambda: running.revision("two") != other)
    assert running.worker.readiness()["restart_needed"] == {
        "one": "a new source topic is taken up by a restart",
        "three": "a new pipeline is taken up by a restart",
    }

    there = running.revision("two")
    nowhere = text("two", running.two, "3").replace(f"{running.two}.clean", "not-there")
    running.mounted.show(one=text("one", running.one, "1"), two=nowhere)
    await running.until(lambda: running.refused("two") == 1)
    await asyncio.sleep(0.5)  # tried again some times, and told once
    assert running.refused("two") == 1
    assert running.revision("two") == there
    assert "topics are missing: not-there" in running.worker.printed()
