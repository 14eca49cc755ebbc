"""More than can be worked off: slow destinations, long work, hot partitions."""

from __future__ import annotations

import asyncio
import json
import time

import httpx

from tests.faults.arena import Arena
from tests.support.proxy import PRODUCE
from tests.support.worker import WorkerProcess

_MIB = 1024**2
_MOST_GROWTH = 64 * _MIB
_LOOK_SECONDS = 2.0


async def stalled_destination(arena: Arena) -> None:
    """Each batch takes eight seconds to be written: memory is bounded, and nobody leaves."""
    worker = await arena.ready(arena.start(session_timeout="6s"))
    await arena.produce(4000)
    await arena.settle()
    before, joined = arena.rss(), rebalances(worker)
    arena.proxy.weather.hold[PRODUCE] = 8
    arena.faults += 1
    seen = [before]
    until = time.monotonic() + (600 if arena.thorough else 120)
    async with arena.flow():
        while time.monotonic() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            seen.append(arena.rss())
    ends = await arena.traffic.end_offsets(arena.source)
    waiting = sum(ends.values()) - await arena.committed()
    arena.told |= {
        "rss before, MiB": round(before / _MIB),
        "rss most, MiB": round(max(seen) / _MIB),
        "rss each minute, MiB": [round(one / _MIB) for one in seen[:: round(60 / _LOOK_SECONDS)]],
        "records waiting": waiting,
    }
    assert waiting > 1000, "the destination was not slow"
    assert max(seen) < before + _MOST_GROWTH, f"memory grew to {max(seen) // _MIB} MiB"
    assert rebalances(worker) == joined, "it left the group"
    arena.proxy.clear()


async def long_work(arena: Arena) -> None:
    """A chunk takes twice as long as a session: heartbeats go on, and nobody is replaced."""
    worker = await arena.ready(arena.start("before_work=pause:14@3", session_timeout="6s"))
    joined = rebalances(worker)
    async with arena.flow():
        await arena.says("failpoint reached")
        arena.faults += 1
        await asyncio.sleep(14)
        await arena.progress(90, 500)
        assert rebalances(worker) == joined, "it was replaced"
    assert worker.process.poll() is None


async def hot_partition(arena: Arena) -> None:
    """One partition has a long backlog: records of the others come through meanwhile."""
    values = [json.dumps({"hot": one, "pad": "x" * 200}).encode() for one in range(60_000)]
    await arena.put([(b"hot", one) for one in values], 0)
    await arena.ready(arena.start())
    await arena.progress(90)
    arena.faults += 1
    began = time.monotonic()
    await arena.put([(b"cold", b'{"cold": 1}')] * 20, 1)
    while (await arena.traffic.committed(arena.group, arena.source)).get(1, 0) < 20:
        assert time.monotonic() - began < 60, "the other partition starves"
        await asyncio.sleep(0.1)
    seconds = time.monotonic() - began
    left = 60_000 - (await arena.traffic.committed(arena.group, arena.source)).get(0, 0)
    arena.told |= {"cold records took, s": round(seconds, 1), "hot records left then": left}
    assert left > 0, "nothing was hot any more"


def rebalances(worker: WorkerProcess) -> str:
    """Return what the worker's metrics say of rebalances."""
    page = httpx.get(f"http://127.0.0.1:{worker.port}/metrics", trust_env=False, timeout=30).text
    return next(
        line for line in page.splitlines() if line.startswith("clearwater_rebalances_total")
    )
