"""What it costs that partitions change hands: pauses of 4 workers, measured by the broker's clock.

`python -m tests.faults.handover` prints the table that the operator's part of the README quotes.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx

from pipelines.embedded.kafka import EmbeddedKafka
from tests.rollout.flow import Flow, numbers, pause
from tests.support.traffic import Received, Traffic
from tests.support.worker import WorkerProcess

WORKERS = 4
PARTITIONS = 8
STEADY_SECONDS = 4.0
PATIENCE_SECONDS = 120.0
LEAD = 5
"""Records of each partition before what happens that are looked at, too."""

Action = Callable[["Group"], Awaitable[None]]


class Group:
    """Four workers under a steady flow.

    Attributes:
        members: The workers, by their place.
    """

    def __init__(self, broker: str, folder: Path, *, static: bool) -> None:
        self._traffic = Traffic(broker)
        self._folder = folder
        self._static = static
        self._name = f"handover-{uuid.uuid4().hex[:8]}"
        self._made = itertools.count()
        self.members: dict[int, WorkerProcess] = {}

    async def open(self) -> None:
        """Make topics and workers, and let records flow."""
        stamped = {"message_timestamp_type": "LogAppendTime"}
        self._source = await self._traffic.topic("raw", PARTITIONS, **stamped)
        self._destination = await self._traffic.topic("clean", PARTITIONS, **stamped)
        dead = await self._traffic.topic("dead")
        pipelines = self._folder / "pipelines"
        pipelines.mkdir()
        (pipelines / "handover.yaml").write_text(
            f"pipeline: handover\nsource: {{topic: {self._source}, value: json}}\n"
            f"publish: {{topic: {self._destination}}}\ndead_letter: {{topic: {dead}}}\n",
            encoding="utf-8",
        )
        for at in range(WORKERS):
            self.start(at)
        await self.ready()
        self._flow = Flow(self._traffic, self._source, PARTITIONS)
        await self._flow.start()

    def start(self, at: int) -> WorkerProcess:
        """Start the worker of a place."""
        settings = {"CLEARWATER_SESSION_TIMEOUT": "6s"}
        if self._static:
            settings["CLEARWATER_INSTANCE_ID"] = f"{self._name}-{at}"
        name = f"worker-{next(self._made)}"
        broker = self._traffic.bootstrap
        self.members[at] = WorkerProcess(
            self._folder / "pipelines", broker, self._name, settings=settings, name=name
        )
        return self.members[at]

    async def ready(self) -> None:
        """Wait until all take part."""
        await asyncio.gather(*map(takes_part, self.members.values()))

    async def measured(self, action: Action) -> dict[str, object]:
        """Return how long the partitions stood still over an action, milliseconds."""
        await asyncio.sleep(STEADY_SECONDS)
        # the pause begins at an output from before
        first, began = max(0, self._flow.count - LEAD * PARTITIONS), time.monotonic()
        await action(self)
        await self.ready()
        await asyncio.sleep(STEADY_SECONDS)
        end, seconds = self._flow.count, time.monotonic() - began
        sources = _between(await self._traffic.read_all(self._source), first, end)
        found = pause(sources, await self._outputs(first, end))
        return {"seconds": round(seconds, 1), **found.told}

    async def _outputs(self, first: int, end: int) -> list[Received]:
        """Return the outputs of these numbers, when each has come."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = _between(await self._traffic.read_all(self._destination), first, end)
            if len(set(numbers(found))) == end - first:
                return found
            assert time.monotonic() < deadline, "not everything came"
            await asyncio.sleep(1)

    async def close(self) -> None:
        """End everything."""
        with suppress(AttributeError):
            await self._flow.stop()
        for one in self.members.values():
            one.kill()


def _between(records: list[Received], first: int, end: int) -> list[Received]:
    return [
        one for number, one in zip(numbers(records), records, strict=True) if first <= number < end
    ]


async def takes_part(worker: WorkerProcess, within: float = 180.0) -> None:
    """Wait until a worker takes part, while records go on flowing."""
    deadline = time.monotonic() + within
    while await asyncio.to_thread(worker.status, "readyz") != httpx.codes.OK:
        assert time.monotonic() < deadline, worker.printed()[-1000:]
        await asyncio.sleep(0.2)


async def nothing(group: Group) -> None:
    del group
    await asyncio.sleep(STEADY_SECONDS)


async def join(group: Group) -> None:
    await takes_part(group.start(WORKERS))


async def leave(group: Group) -> None:
    await asyncio.to_thread(group.members.pop(WORKERS).terminate)


async def kill(group: Group) -> None:
    """One is killed, and started again as an orchestrator does."""
    group.members[0].kill()
    group.start(0)


async def rolling_restart(group: Group) -> None:
    """Each is told to end and started again, when the one before is ready."""
    for at in range(WORKERS):
        await asyncio.to_thread(group.members[at].terminate)
        await takes_part(group.start(at))


ACTIONS: tuple[Action, ...] = (nothing, join, leave, kill, rolling_restart)


async def main() -> int:
    """Measure every action with either kind of membership."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--membership", choices=("dynamic", "static"))
    parser.add_argument("--only", nargs="+", choices=[one.__name__ for one in ACTIONS])
    options = parser.parse_args()
    print("| what happens | membership | p50 | p99 | late p99 | took | load |", flush=True)
    print("|---|---|---|---|---|---|---|", flush=True)
    for membership in ("dynamic", "static"):
        if options.membership not in {None, membership}:
            continue
        with (
            EmbeddedKafka() as kafka,
            tempfile.TemporaryDirectory(prefix="clearwater-handover-") as folder,
        ):
            group = Group(kafka.bootstrap, Path(folder), static=membership == "static")
            try:
                await group.open()
                for action in ACTIONS:
                    if options.only and action.__name__ not in options.only:
                        continue
                    _tell(action.__name__, membership, await group.measured(action))
            finally:
                await group.close()
    return 0


def _tell(name: str, membership: str, found: dict[str, object]) -> None:
    gaps, late = found["longest_pause_ms"], found["late_ms"]
    assert isinstance(gaps, dict)
    assert isinstance(late, dict)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(
        f"| {name.replace('_', ' ')} | {membership} | {gaps['p50']} ms | {gaps['p99']} ms "
        f"| {late['p99']} ms | {found['seconds']} s | {load:.1f} a core |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
