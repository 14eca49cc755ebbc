"""Processes that end, stand still, or are told to end."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import time
from contextlib import suppress

import psutil

from pipelines.runtime.failpoint import POINTS
from tests.faults.arena import Arena
from tests.support.proxy import PRODUCE
from tests.support.worker import WorkerProcess

FEW = ("after_poll", "between_sends", "after_delivery", "before_commit", "after_offsets")
"""Failpoints of the short run: one of each kind."""

_AT_THE_END = {"before_revoke", "after_drain", "before_release"}
_OF_TRANSACTIONS = {
    "after_open", "after_begin", "after_offsets", "after_end", "before_settle", "after_reopen",
}  # fmt: skip
_SETTLING = {"before_settle", "after_reopen"}
_ONCE = {"before_assign", "after_open", "after_assign"} | _AT_THE_END | _SETTLING | {"before_adopt"}
_REACHED_SECONDS = 180.0  # from the start of a process on a busy machine


def points(arena: Arena) -> list[str]:
    """Return the failpoints that the arena's way of delivery has."""
    known = [one for one in POINTS if arena.mode == "exactly_once" or one not in _OF_TRANSACTIONS]
    if arena.mode == "exactly_once":
        known = [one for one in known if one not in {"before_commit", "after_commit"}]
    return known if arena.thorough else [one for one in known if one in FEW]


async def led_to(arena: Arena, point: str, action: str) -> WorkerProcess:
    """Start a worker that does something at a failpoint, and lead it there; return it."""
    times = 1 if point in _ONCE else arena.random.randint(1, 6)
    armed = f"{point}={action}@{times}"
    worker = arena.start(
        f"after_end=raise@2,{armed}" if point in _SETTLING else armed, member="one"
    )
    if point in _AT_THE_END | {"before_adopt"}:
        with suppress(AssertionError):  # one that joins twice comes there before it is ready
            await arena.ready(worker)
    if point in _AT_THE_END:
        await asyncio.sleep(0.3)
        worker.process.send_signal(signal.SIGTERM)
    if point == "before_adopt":
        arena.reloads += 1
        arena.declare(f"changed_{arena.reloads}")
    return worker


async def killed_at_each_failpoint(arena: Arena) -> None:
    """A worker is killed at each failpoint in turn; a successor goes on."""
    missed = []
    async with arena.flow():
        for point in points(arena):
            worker = await led_to(arena, point, "kill")
            if await arena.ends(worker, _REACHED_SECONDS) is None:
                missed.append(point)
                await arena.kill(worker)
            else:
                arena.faults += 1
    arena.told["missed"] = missed
    assert len(missed) <= 1, f"never reached: {missed}"


async def failing_at_each_failpoint(arena: Arena) -> None:
    """What is asked of the brokers fails at every place; who ends is started again."""
    missed, ended = [], []
    async with arena.flow():
        for point in points(arena):
            worker = await led_to(arena, point, "raise")
            if not await _has_reached(worker, point):
                missed.append(point)
            arena.faults += point not in missed
            await arena.ends(worker, 3.0)
            if worker.process.poll() is None:
                await arena.terminate(worker)
            if worker.process.returncode:
                ended.append(point)
    arena.told |= {"missed": missed, "ended in disorder": ended}
    assert len(missed) <= 1, f"never reached: {missed}"


async def _has_reached(worker: WorkerProcess, point: str) -> bool:
    """Wait until a worker has come to a failpoint; say whether it has."""
    deadline = time.monotonic() + _REACHED_SECONDS
    while f'"place":"{point}"' not in worker.printed():
        if worker.process.poll() is not None or time.monotonic() > deadline:
            return f'"place":"{point}"' in worker.printed()
        await asyncio.sleep(0.1)
    return True


async def late_at_each_failpoint(arena: Arena) -> None:
    """Everything waits, or stands still, in two workers that share the partitions."""
    for action in ("delay:0.7", "pause:0.7"):
        armed = ",".join(
            f"{point}={action}@{arena.random.randint(1, 3)}" for point in points(arena)
        )
        async with arena.flow():
            workers = [arena.start(armed, member=name) for name in ("one", "two")]
            for worker in workers:
                await arena.ready(worker)
            await arena.progress(90, 500)
            arena.declare(f"late_{action[:5]}")
            arena.reloads += 1
            await asyncio.sleep(2)
            for worker in workers:
                await arena.terminate(worker)
        arena.faults += arena.printed("failpoint reached")
    assert arena.crashes == 0, f"{arena.crashes} workers ended in disorder"


async def killed_at_random(arena: Arena) -> None:
    times = 20 if arena.thorough else 3
    recovered = []
    async with arena.flow():
        for _ in range(times):
            worker = await arena.ready(arena.start(member="one"))
            recovered.append(await arena.progress(90))
            await asyncio.sleep(arena.random.uniform(0, 1.5))
            await arena.kill(worker)
    arena.told["seconds to progress"] = [round(one, 1) for one in recovered]


async def terminated_under_load(arena: Arena) -> None:
    times = 4 if arena.thorough else 2
    seconds = []
    async with arena.flow():
        for _ in range(times):
            worker = await arena.ready(arena.start())
            await arena.progress(90, 500)
            code, took = await arena.terminate(worker)
            seconds.append(round(took, 1))
            arena.faults += 1
            assert code == 0, f"exit code {code}: {worker.printed()[-800:]}"
            assert await arena.traffic.members(arena.group) == 0, "it did not leave the group"
    arena.told["seconds to the end"] = seconds
    # five seconds, and room for a machine that does other things, too
    assert max(seconds) <= 12, f"it took {seconds} seconds to end"


async def terminated_while_nothing_is_taken(arena: Arena) -> None:
    """The brokers do not take what is sent, and the worker is told to end."""
    worker = await arena.ready(arena.start(member="one", drain_timeout="3s"))
    async with arena.flow():
        await arena.progress(90, 500)
        arena.proxy.weather.hold[PRODUCE] = 60
        await asyncio.sleep(1)
        code, took = await arena.terminate(worker)
        arena.faults += 1
        arena.crashes += 1  # what was held may arrive yet
        arena.told |= {"exit code": code, "seconds to the end": round(took, 1)}
        assert took < 3 + 4 + 6, f"it took {took} s"
        arena.proxy.clear()
        await arena.ready(arena.start(member="one"))
        await arena.progress(90, 500)


async def woken_up_after_it_was_replaced(arena: Arena) -> None:
    """A worker stands still until the group has forgotten it, and goes on where it was."""
    sleeper, other = arena.start(), arena.start()
    for worker in (sleeper, other):
        await arena.ready(worker)
    async with arena.flow():
        await arena.progress(90, 500)
        for _ in range(2 if arena.thorough else 1):
            sleeper.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(9 if not arena.thorough else arena.random.uniform(9, 20))
            await arena.progress(90, 100)
            sleeper.process.send_signal(signal.SIGCONT)
            arena.faults += 1
            arena.crashes += 1
            await asyncio.sleep(3)
            sleeper, other = other, sleeper
    for worker in (sleeper, other):
        assert worker.process.poll() is None, f"ended: {worker.printed()[-800:]}"


async def without_memory(arena: Arena) -> None:
    """The process gets no more memory: it may end or go on, but nothing is lost."""
    large = json.dumps({"n": -1, "pad": "x" * 6 * 1024**2}).encode()
    async with arena.flow():
        for more in (-32, 0, 8) if arena.thorough else (0,):
            worker = await arena.ready(arena.start(member="one"))
            await arena.progress(90, 200)
            process = psutil.Process(worker.process.pid)
            # of what it has written to: address space that is only reserved costs nobody anything
            limit = process.memory_info().data + more * 1024**2
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (limit, limit))
            await arena.put([(b"large", large)] * 3)  # each needs several times its size
            arena.faults += 1
            code = await arena.ends(worker, 10)
            failed = "MemoryError" in worker.printed() or code is not None
            arena.told[f"with {more} MiB more"] = (
                f"exit {code}" if code is not None else "tries again" if failed else "goes on"
            )
            if code is None:
                await arena.kill(worker)
