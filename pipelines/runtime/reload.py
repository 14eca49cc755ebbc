"""Reload: what of a changed project a running worker can take up, and what needs a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import Project
from pipelines.declaration.topics import waiting_topics
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError, DeliveryError
from pipelines.runtime.failpoint import reached
from pipelines.runtime.health import Health
from pipelines.runtime.watch import Watch
from pipelines.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


def needing_restart(
    running: Mapping[str, Pipeline], changed: Mapping[str, Pipeline]
) -> dict[str, str]:
    """Return why pipelines cannot change while the worker stays in its group, by name.

    What the group subscribes to is settled when the worker joins. A pipeline that is not named in
    the answer can be taken up, or has not changed.

    Args:
        running: What runs, by name.
        changed: What is declared now, by name. A pipeline whose file holds an error is not
            removed: leave it out of `running` as well.
    """
    reasons: dict[str, str] = {}
    for name in sorted({*running, *changed}):
        old, new = running.get(name), changed.get(name)
        if old is None:
            reasons[name] = "a new pipeline is taken up by a restart"
        elif new is None:
            reasons[name] = "a removed pipeline runs until a restart"
        elif old.source.topic != new.source.topic:
            reasons[name] = "a new source topic is taken up by a restart"
        elif old.delivery != new.delivery:
            reasons[name] = "another way of delivery is taken up by a restart"
        elif waiting_topics(old) != waiting_topics(new):
            reasons[name] = "a new or removed topic that records wait in is taken up by a restart"
    return reasons


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a running worker finds its declarations.

    Attributes:
        watch: Tells when they have changed.
        compiled: Loads and compiles all of them anew. Blocking.
        project: What runs now.
    """

    watch: Watch
    compiled: Callable[[], tuple[Project, dict[str, Plan]]]
    project: Project


class Reloader:
    """Takes up changed declarations while the worker goes on, pipeline by pipeline.

    Everything slow - reading, compiling, asking the registry - happens in a thread; what the event
    loop does is exchange one reference. A pipeline whose declaration is wrong goes on as it was.
    """

    def __init__(
        self,
        sources: Sources,
        running: Mapping[str, Plan],
        adopt: Callable[[str, Plan], None],
        missing: Callable[[Pipeline], Awaitable[list[str]]],
        metrics: Metrics,
        health: Health,
    ) -> None:
        """Take what it works with.

        Args:
            sources: Where the declarations are.
            running: The plans that run, by pipeline; `adopt` changes them.
            adopt: Makes a plan the one that the next chunk is worked on with.
            missing: Gives the topics that a pipeline needs and that are not there.
            metrics: Counts what was refused.
            health: Shows what was refused, and what waits for a restart.
        """
        self._sources = sources
        self._running = running
        self._adopt = adopt
        self._missing = missing
        self._metrics = metrics
        self._health = health
        self._files = _files(sources.project)
        self._waiting = False

    async def run(self, interval: float) -> None:
        """Look for changes, for ever.

        What waits for a topic, or for brokers or a registry that do not answer, is tried again at
        every look: no file has to change for it.

        Args:
            interval: Seconds between two looks.
        """
        while True:
            await asyncio.sleep(interval)
            if await asyncio.to_thread(self._sources.watch.changed) or self._waiting:
                await self.take_up()

    async def take_up(self) -> None:
        """Load everything anew and take up what is sound."""
        self._waiting = False
        try:
            project, plans = await asyncio.to_thread(self._compiled)
        except Exception as error:  # noqa: BLE001 - whatever it was, what runs goes on
            # our own texts name files and topics; others' may quote what they read
            ours = isinstance(error, ConfigError | DeliveryError)
            self._waiting = isinstance(error, DeliveryError)
            for name in self._running:
                self._refuse(name, str(error) if ours else type(error).__name__)
            return
        wrong = {problem.file: problem for problem in reversed(project.errors)}
        waits = needing_restart(
            {
                name: plan.blueprint.pipeline
                for name, plan in self._running.items()
                # whose file cannot be read has not been removed
                if name in project.pipelines or self._files.get(name) not in wrong
            },
            {name: declared.model for name, declared in project.pipelines.items()},
        )
        self._health.restart_needed = waits
        for name, reason in waits.items():
            log.warning("a change waits for a restart", pipeline=name, reason=reason)
        for name in self._running:
            if name in waits:
                continue
            problem = wrong.get(self._files.get(name))
            if problem is None and name not in plans:
                problem = next(iter(project.errors), None)
            if problem is not None or name not in plans:
                self._refuse(name, str(problem or "it does not compile"))
            else:
                await self._change(name, plans[name])

    def _compiled(self) -> tuple[Project, dict[str, Plan]]:
        """Return everything anew, each plan with the schemas that the running one has learned."""
        project, plans = self._sources.compiled()
        for name, plan in plans.items():
            old = self._running.get(name)
            for schema_id in () if old is None else old.learned:
                if schema_id not in plan.learned:
                    plan.learn(schema_id)
        return project, plans

    async def _change(self, name: str, plan: Plan) -> None:
        old, new = (one.blueprint for one in (self._running[name], plan))
        if old.revision == new.revision:
            self._health.pipelines[name].refused = ""
            return
        try:
            missing = await self._missing(new.pipeline)
        except DeliveryError as error:
            self._waiting = True
            self._refuse(name, str(error))
            return
        if missing:
            self._waiting = True
            self._refuse(name, f"topics are missing: {', '.join(missing)}")
            return
        await reached("before_adopt")
        self._health.pipelines[name].refused = ""
        self._adopt(name, plan)
        log.info("declaration changed", pipeline=name, revision=new.revision)

    def _refuse(self, name: str, reason: str) -> None:
        told = f"changed declaration refused: {reason}"
        if self._health.pipelines[name].refused == told:
            return  # tried again, and nothing is new
        self._health.pipelines[name].refused = told
        self._metrics.reload_failures[(name,)].inc()
        log.error(
            "changed declaration refused, the last good one runs on", pipeline=name, reason=reason
        )


def _files(project: Project) -> dict[str, Path]:
    return {name: declared.document.file for name, declared in project.pipelines.items()}
