"""Health: what the worker says of itself, read by the probes from another thread.

Liveness looks at one thing only: does the event loop turn. Never at brokers, registries or
sinks: a restart mends none of them, and would turn their outage into ours. Readiness says
whether the worker takes part: joined, not draining, not every pipeline stopped. A worker
without a partition is ready, or a rollout with more workers than partitions would hang.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


class Verdict(NamedTuple):
    """What a probe answers.

    Attributes:
        holds: True for 200, False for 503.
        details: Why, as JSON; never a value of a record.
    """

    holds: bool
    details: dict[str, object]


@dataclass(slots=True)
class PipelineHealth:
    """One pipeline as the probes show it.

    Attributes:
        assigned: Source partitions assigned to this process.
        stopped: Why it is stopped; empty while it runs.
        degraded: What does not work as it should while it runs; empty if all does.
        refused: Why its changed declaration was not taken up; empty if the newest one runs.
    """

    assigned: int = 0
    stopped: str = ""
    degraded: str = ""
    refused: str = ""


@dataclass(slots=True)
class Health:
    """State of one worker; the event loop writes it, the probes' thread reads it.

    Attributes:
        liveness_timeout: Time without a turn of the loop after which the worker is dead, seconds.
        clock: Seconds that never go back.
        joined: True while it is a member of its group and no rebalance is under way.
        draining: True from SIGTERM on.
        pipelines: State of each pipeline, by name.
        restart_needed: Why a change of the declarations waits for a restart, by pipeline.
    """

    liveness_timeout: float = 60.0
    clock: Callable[[], float] = time.monotonic
    joined: bool = False
    draining: bool = False
    pipelines: dict[str, PipelineHealth] = field(default_factory=dict)
    restart_needed: dict[str, str] = field(default_factory=dict)
    _turned_at: float | None = None

    def turned(self) -> None:
        """Note that the event loop turns."""
        self._turned_at = self.clock()

    def live(self) -> Verdict:
        """Return whether the loop turns; before its first turn it has all the time it needs."""
        since = 0.0 if self._turned_at is None else self.clock() - self._turned_at
        return Verdict(since <= self.liveness_timeout, {"loop_age_seconds": round(since, 3)})

    def ready(self) -> Verdict:
        """Return whether the worker takes part, with the state of each pipeline."""
        pipelines = dict(self.pipelines)
        runs = not pipelines or any(not pipeline.stopped for pipeline in pipelines.values())
        shown = {
            name: {
                "assigned": pipeline.assigned,
                "stopped": pipeline.stopped,
                "degraded": "; ".join(filter(None, (pipeline.degraded, pipeline.refused))),
            }
            for name, pipeline in sorted(pipelines.items())
        }
        details: dict[str, object] = {
            "joined": self.joined,
            "draining": self.draining,
            "pipelines": shown,
        }
        if self.restart_needed:
            details["restart_needed"] = dict(self.restart_needed)
        return Verdict(self.joined and not self.draining and runs, details)


async def watch_loop(
    health: Health, late: Callable[[float], None] = lambda _: None, interval: float = 0.5
) -> None:
    """Note every turn of the loop, for ever.

    Args:
        health: Gets the turns.
        late: Gets how late the loop woke up, seconds, such as a histogram's `observe`.
        interval: Time between two turns, seconds.
    """
    while True:
        health.turned()
        due = health.clock() + interval
        await asyncio.sleep(interval)
        late(max(0.0, health.clock() - due))
