"""The checker on a real Kafka: it tells of workers that are wrong on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.arena import Arena
from tests.faults.checker import check
from tests.support.broker import Broker
from tests.support.proxy import Proxy

WRONG = str(Path(__file__).parent / "wrong_worker.py")


@pytest.fixture
def arena(kafka: Broker, tmp_path: Path) -> Iterator[Arena]:
    opened = Arena(kafka, Proxy(0, 0), "at_least_once", tmp_path / "arena", 1, 100)
    opened.settings["PYTHONPATH"] = str(Path(__file__).parents[2])
    yield opened
    opened.close()


async def broken(arena: Arena) -> dict[str, int]:
    verdict = check(await arena.seen(), arena.promise())
    return {one.invariant: one.times for one in verdict.broken}


@pytest.mark.timeout(300)
async def test_offsets_that_are_committed_early_lose_what_a_kill_takes(arena: Arena) -> None:
    await arena.open()
    await arena.produce(2000)
    arena.command = (WRONG, "early")
    worker = arena.start("between_sends=kill", member="one")
    assert await arena.ends(worker, 120) == -9
    arena.command = ("-m", "pipelines")
    await arena.ready(arena.start(member="one"))
    await arena.settle()
    found = await broken(arena)
    assert set(found) == {"I1"}
    assert found["I1"] > 100


@pytest.mark.timeout(300)
async def test_records_that_leave_raw_or_in_another_order_are_told(arena: Arena) -> None:
    await arena.open()
    await arena.produce(2000)
    arena.command = (WRONG, "raw+reorder")
    await arena.ready(arena.start())
    await arena.settle()
    found = await broken(arena)
    assert set(found) == {"I3", "I4"}
    assert found["I3"] > 100
    assert found["I4"] > 10
