"""`clearwater verify` on a real Kafka: it holds where it should, and catches each fault."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.support.traffic import Traffic
from tests.support.worker import WorkerProcess

pytestmark = pytest.mark.kafka

Start = Callable[..., WorkerProcess]
CANARY = "ada.canary@example.com"
COUNT = 600


class Run(NamedTuple):
    """A pipeline that has done its work, and a way to look at it."""

    traffic: Traffic
    source: str
    destination: str
    group: str
    verify: Callable[..., dict[str, Any]]


@pytest.fixture
async def run(start: Start, traffic: Traffic, tmp_path: Path) -> Run:
    source = await traffic.topic("raw", 3)
    destination, copy = await traffic.topic("clean", 3), await traffic.topic("copy", 3)
    dead = await traffic.topic("dead")
    worker = start(
        f"""
pipeline: verified
source: {{topic: {source}, value: json}}
steps:
  - {{step: drop, id: tests, when: 'message.n % 10 == 3', reason: test}}
  - {{step: route, id: fives, to: {copy}, copy: true, when: 'message.n % 5 == 0'}}
publish: {{topic: {destination}}}
dead_letter: {{topic: {dead}}}
delivery: exactly_once
"""
    )
    await worker.ready()
    await traffic.produce(
        source,
        [
            (
                f"key-{number % 7}".encode(),
                b"poison"
                if number % 100 == 99
                else json.dumps({"n": number, "note": f"mail {CANARY}"}).encode(),
            )
            for number in range(COUNT)
        ],
    )
    await traffic.consume(destination, COUNT - COUNT // 10 - COUNT // 100, within=60)
    printed = json.loads(next(line for line in worker.printed().splitlines() if '"group"' in line))
    assert await asyncio.to_thread(worker.terminate) == 0

    def verify(*more: str) -> dict[str, Any]:
        done = subprocess.run(  # noqa: S603 - our own command line
            [
                sys.executable,
                "-m",
                "pipelines",
                "verify",
                str(tmp_path / "pipelines"),
                "--json",
                *more,
            ],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("CLEARWATER_")},
                "CLEARWATER_BROKERS": traffic.bootstrap,
                "CLEARWATER_GROUP": printed["group"],
                "CLEARWATER_KEYS": str(worker.keys),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert CANARY not in done.stdout + done.stderr
        assert done.stdout, done.stderr
        return {**json.loads(done.stdout), "code": done.returncode}

    return Run(traffic, source, destination, printed["group"], verify)


async def test_what_went_well_holds(run: Run) -> None:
    found = await asyncio.to_thread(run.verify)
    assert (found["holds"], found["code"], found["places"]) == (True, 0, {})
    counts = found["counts"]
    assert counts["records of the source"] == COUNT
    assert counts["should have left"] == COUNT - COUNT // 10
    assert counts["another end than declared"] == counts["of another origin"] == 0


async def test_what_is_lost_doubled_reordered_or_raw_is_told_by_its_place(run: Run) -> None:
    records = await run.traffic.read_all(run.destination)
    first = min((one for one in records if one.partition == 0), key=lambda one: one.offset)
    again = (first.key, first.value, first.headers)
    leak = (first.key, json.dumps({"note": CANARY}).encode())
    await run.traffic.produce(run.destination, [again, leak], partition=0)
    await run.traffic.produce(run.source, [(b"k", b'{"n": 1}')] * 4, partition=1)
    await commit_the_end(run)

    found = await asyncio.to_thread(run.verify, "--to", run.destination)

    assert (found["holds"], found["code"]) == (False, 1)
    counts = found["counts"]
    assert (counts["lost"], counts["doubled"], counts["raw"]) == (4, 1, 1)
    assert set(found["places"]) == {"lost", "doubled", "raw"}
    assert all(one.startswith(f"{run.source}[1]@") for one in found["places"]["lost"])
    assert found["places"]["doubled"][0].startswith(f"{run.destination}[0]@")


async def commit_the_end(run: Run) -> None:
    """Commit what nobody has worked on: a worker that loses records."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=run.traffic.bootstrap,
        group_id=run.group,
        enable_auto_commit=False,  # it would commit where it stands when it stops
    )
    await consumer.start()
    try:
        part = TopicPartition(run.source, 1)
        consumer.assign([part])
        await consumer.commit({part: (await consumer.end_offsets([part]))[part]})
    finally:
        await consumer.stop()
