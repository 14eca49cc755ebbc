"""One scenario from its begin to its verdict, and what is reported of it."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaError

from tests.faults.arena import Arena
from tests.faults.checker import Mode, Verdict, check
from tests.support.cluster import Cluster
from tests.support.proxy import ProxiedKafka

Story = Callable[[Arena], Awaitable[None]]
"""What happens in a scenario. Fails by an assertion; all else is the checker's."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of fault.

    Attributes:
        name: As in the fault matrix, F1 and so on.
        about: What happens, in a few words.
        story: Makes it happen.
        rate: Records a second while it happens, at most.
        topics: Settings of the source topic.
        network: Whether workers reach the broker through the proxy.
        cluster: Whether it needs three brokers: for leaders that others take over from, and for
            writes that too few nodes would have. All else one broker shows as well.
    """

    name: str
    about: str
    story: Story
    rate: int = 100_000
    topics: dict[str, str] = field(default_factory=dict)
    network: bool = False
    cluster: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What is told of one run of a scenario."""

    scenario: str
    about: str
    mode: Mode
    seed: int
    held: bool
    seconds: float
    records: int
    faults: int
    crashes: int
    doubled: int
    most_doubled: int
    longest_again: int
    broken: list[str]
    told: dict[str, Any]


async def run(
    scenario: Scenario,
    mode: Mode,
    seed: int,
    rate: int,
    kafka: ProxiedKafka | Cluster,
    *,
    thorough: bool,
) -> Report:
    """Run a scenario and check what became of it."""
    began = time.monotonic()
    proxy = kafka.proxy(seed)
    await proxy.start()
    with tempfile.TemporaryDirectory(prefix="clearwater-faults-") as folder:
        arena = Arena(kafka, proxy, mode, Path(folder), seed, min(rate, scenario.rate))
        arena.thorough, arena.network = thorough, scenario.network
        try:
            problem, verdict = await _happened(scenario, arena)
        finally:
            arena.close()
            await proxy.close()
            kafka.resume()
            kafka.start()
    broken = [f"{one.invariant} x{one.times}: {'; '.join(one.places)}" for one in verdict.broken]
    return Report(
        scenario.name,
        scenario.about,
        mode,
        seed,
        not (broken or problem),
        round(time.monotonic() - began, 1),
        verdict.records,
        arena.faults,
        arena.crashes,
        verdict.doubled,
        verdict.most_doubled,
        verdict.longest_again,
        [*problem, *broken],
        arena.told,
    )


async def _happened(scenario: Scenario, arena: Arena) -> tuple[list[str], Verdict]:
    problem: list[str] = []
    await arena.open(**scenario.topics)
    try:
        await scenario.story(arena)
        arena.proxy.clear()
        if not arena.alive:
            await arena.ready(arena.start(member="last"))
        await arena.settle()
    except (AssertionError, TimeoutError, OSError, KafkaError) as error:
        problem.append(f"{type(error).__name__}: {str(error)[-1500:]}")
        problem += [f"a worker's log ends: {one.printed()[-3000:]}" for one in arena.workers[-2:]]
    arena.proxy.clear()
    promise = dataclasses.replace(arena.promise(), quiescent=not problem)
    return problem, check(await arena.seen(), promise)
