"""The soak: load and random faults for a long time: `make soak MINUTES=20`.

One worker is never killed: what it holds must not grow. The others are killed, stopped, started
again and replaced. At the end the checker looks at everything.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression, median
from typing import NamedTuple, get_args

import httpx
import orjson
import psutil
from aiokafka.errors import KafkaError

from pipelines.quantity import counted
from tests.faults.arena import Arena, quiet
from tests.faults.checker import Mode, check
from tests.support.proxy import ProxiedKafka
from tests.support.worker import WorkerProcess

SAMPLE_SECONDS = 2.0
MOST_MIB_AN_HOUR = 60.0
"""Growth of the steady worker's resident memory that counts as none, in its second half."""

_MIB = 1024**2
_FAULTS = ("kill", "stop", "freeze", "restart brokers", "cut", "reload", "join and leave")
_LAG = re.compile(r'clearwater_loop_lag_seconds_(?:bucket\{le="([^"]+)"\}|count)\s+(\S+)')


class Sample(NamedTuple):
    """One look at the steady worker.

    Attributes:
        seconds: Since the begin.
        rss: Resident bytes.
        descriptors: Open files and sockets.
        threads: Threads.
    """

    seconds: float
    rss: int
    descriptors: int
    threads: int


async def soak(arena: Arena, minutes: float) -> list[Sample]:
    """Run the flow and the faults; return what the steady worker looked like."""
    await arena.open()
    arena.network = True
    steady = await arena.ready(arena.start(member="steady"))
    samples: list[Sample] = []
    watching = asyncio.create_task(_watch(steady, samples))
    until = time.monotonic() + minutes * 60
    counts = dict.fromkeys(_FAULTS, 0)
    async with arena.flow(), arena.kept_running(1):
        while time.monotonic() < until:
            await asyncio.sleep(arena.random.uniform(2, 8))
            fault = arena.random.choice(_FAULTS)
            await _strike(arena, steady, fault)
            counts[fault] += 1
            arena.faults += 1
            await arena.progress(120)
            _tell(arena, samples, minutes)
        assert steady.process.poll() is None, "the steady worker ended"
        arena.told |= {"faults": counts, "loop lag p99": _lag(steady)}
    watching.cancel()
    await arena.settle(600)
    return samples


def _tell(arena: Arena, samples: Sequence[Sample], minutes: float) -> None:
    """Say how far it is, for whoever waits."""
    last = samples[-1]
    print(
        f"{last.seconds / 60:.1f} of {minutes:g} minutes: {counted(arena.faults, 'fault')}, "
        f"the steady worker takes {last.rss / _MIB:.0f} MiB",
        file=sys.stderr,
        flush=True,
    )


async def _strike(arena: Arena, steady: WorkerProcess, fault: str) -> None:
    """Let one fault happen."""
    others = [one for one in arena.alive if one is not steady]
    match fault:
        case "kill" if others:
            others[-1].kill()  # its end is noted by who keeps it running
        case "stop" if others:
            others[-1].process.send_signal(signal.SIGTERM)
        case "freeze" if others:
            others[-1].process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(arena.random.uniform(1, 12))
            others[-1].process.send_signal(signal.SIGCONT)
            arena.crashes += 1
        case "restart brokers":
            await asyncio.to_thread(arena.kafka.restart)
        case "cut":
            arena.proxy.weather.up = arena.proxy.weather.down = False
            await asyncio.sleep(arena.random.uniform(0.5, 4))
            arena.proxy.clear()
        case "reload":
            arena.declare(f"reason_{arena.random.randrange(1000)}")
            arena.reloads += 1
        case "join and leave":
            guest = await arena.ready(arena.start())
            await arena.progress(120)
            await arena.terminate(guest)
        case _:
            pass


async def _watch(steady: WorkerProcess, samples: list[Sample]) -> None:
    process, began = psutil.Process(steady.process.pid), time.monotonic()
    while True:
        samples.append(
            Sample(
                time.monotonic() - began,
                process.memory_info().rss,
                process.num_fds(),
                process.num_threads(),
            )
        )
        await asyncio.sleep(SAMPLE_SECONDS)


def _lag(worker: WorkerProcess) -> str:
    """Return the bucket that 99 of 100 turns of the loop came within."""
    page = httpx.get(f"http://127.0.0.1:{worker.port}/metrics", trust_env=False).text
    found = _LAG.findall(page)
    total = max((float(count) for _, count in found), default=0.0)
    return next((f"<= {edge} s" for edge, count in found if float(count) >= 0.99 * total), "none")


def growth(samples: Sequence[Sample]) -> float:
    """Return how much the resident memory grew in the second half, MiB an hour."""
    half = samples[len(samples) // 2 :]
    if len(half) < 2:
        return 0.0
    line = linear_regression([one.seconds for one in half], [one.rss / _MIB for one in half])
    return line.slope * 3600


def told(samples: Sequence[Sample]) -> dict[str, object]:
    """Return the figures of the steady worker."""
    tenth = max(1, len(samples) // 10)
    ends = {"after the first tenth": samples[tenth : 2 * tenth], "last tenth": samples[-tenth:]}
    return {
        "MiB an hour": round(growth(samples), 1),
        **{
            f"{name}, {when}": round(median(getattr(one, name) for one in some) / unit, 1)
            for name, unit in (("rss", _MIB), ("descriptors", 1), ("threads", 1))
            for when, some in ends.items()
            if some
        },
        "rss in MiB, most": round(max(one.rss for one in samples) / _MIB, 1),
    }


def main() -> int:
    """Run what the command line says; return 0 if all promises hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--rate", type=int, default=2000, help="records a second")
    parser.add_argument("--mode", choices=get_args(Mode), default="exactly_once")
    options = parser.parse_args()
    seed = random.randrange(2**32) if options.seed is None else options.seed
    quiet()
    print(f"seed {seed}, {options.minutes:g} minutes, {options.mode}", flush=True)
    return asyncio.run(_run(options, seed))


async def _run(options: argparse.Namespace, seed: int) -> int:
    problem = ""
    samples: list[Sample] = []
    with ProxiedKafka() as kafka, tempfile.TemporaryDirectory(prefix="clearwater-soak-") as folder:
        proxy = kafka.proxy(seed)
        await proxy.start()
        arena = Arena(kafka, proxy, options.mode, Path(folder), seed, options.rate)
        try:
            samples = await soak(arena, options.minutes)
        except (AssertionError, TimeoutError, OSError, KafkaError) as error:
            problem = f"{type(error).__name__}: {error}"
        print("reading and checking all that was published", file=sys.stderr, flush=True)
        try:
            promise = dataclasses.replace(arena.promise(), quiescent=not problem)
            verdict = check(await arena.seen(), promise)
        finally:
            arena.close()
            await proxy.close()
    grows = growth(samples) > MOST_MIB_AN_HOUR and options.minutes >= 10
    held = not (problem or verdict.broken or grows)
    report = {
        "held": held,
        "seed": seed,
        "minutes": options.minutes,
        "mode": options.mode,
        "records": verdict.records,
        "faults": arena.faults,
        "ends": arena.crashes,
        "doubled": verdict.doubled,
        "problem": problem,
        "broken": [one._asdict() for one in verdict.broken],
        **arena.told,
        **(told(samples) if samples else {}),
    }
    print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
