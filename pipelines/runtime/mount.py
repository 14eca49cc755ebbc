"""Pipelines beside the agents of a Faust app that somebody else made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import faust
from faust.types.enums import ProcessingGuarantee

from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError, Problem
from pipelines.quantity import Rate
from pipelines.runtime.app import WorkerConfig, add_agents
from pipelines.runtime.driver.transport import SCHEME, register
from pipelines.runtime.handler import Handler
from pipelines.runtime.health import PipelineHealth
from pipelines.runtime.host import host_of
from pipelines.runtime.mounted import Mounted
from pipelines.runtime.process import REVISION, refresh_tables
from pipelines.runtime.transactions import Transactions
from pipelines.runtime.ways_in import paces, topic_handlers, ways_in
from pipelines.settings import Settings
from pipelines.telemetry.metrics import Metrics
from pipelines.treatment import Keyring

_NEEDED: dict[str, tuple[object, str]] = {
    "stream_wait_empty": (True, "what is in flight is finished before partitions are let go"),
    "producer_threaded": (False, "a threaded producer breaks at every end"),
    "cython_optimizations": (False, "they acknowledge what is not delivered yet"),
    "processing_guarantee": (
        ProcessingGuarantee.AT_LEAST_ONCE,
        "Faust's own transactions are not safe; say `delivery: exactly_once` in the pipeline",
    ),
}
"""Settings of the app without which records would be lost or doubled: value and why."""


def mount(app: faust.App, plans: Mapping[str, Plan], keys: Keyring, settings: Settings) -> Mounted:
    """Add pipelines to an app: one agent per source topic, beside the app's own agents.

    Args:
        app: An app on `clearwater://`, not started.
        plans: The compiled pipelines by name.
        keys: Of their dead letters.
        settings: How long a transaction lasts and how large a batch may be; brokers, group and
            login are the app's.

    Raises:
        ConfigError: The app is on another transport, or set up so that records would be lost.
    """
    register()
    problems = [*_unfit(app), *_throttled(plans)]
    if problems:
        raise ConfigError(problems)
    mounted = Mounted(Metrics(), {name: PipelineHealth() for name in plans})
    handlers: dict[str, Handler] = {}
    waiting: dict[str, Rate | None] = {}
    exactly_once: list[str] = []
    for name, plan in plans.items():
        declared = plan.blueprint.pipeline
        plan.own_headers = ((REVISION, plan.blueprint.revision.encode()),)
        handlers |= topic_handlers(
            plan, keys, mounted.metrics, mounted.health[name], settings.max_batch_bytes - 1024
        )
        waiting |= paces(declared, 1)
        if declared.delivery == "exactly_once":
            exactly_once += [way.topic for way in ways_in(declared)]
    seconds = app.conf.producer_request_timeout
    host = host_of(app)
    host.waiting = waiting
    host.transactions = Transactions(
        exactly_once,
        app.conf.id,
        lambda name: app.producer.transactional(name),  # noqa: PLW0108 - there is no producer yet
        seconds,
        host.stop_topic,
    )
    config = WorkerConfig(
        tuple(f"{url.host}:{url.port}" for url in app.conf.broker),
        app.conf.id,
        transaction_interval=settings.transaction_interval,
        request_timeout=seconds,
    )
    add_agents(app, config, handlers)

    async def follow_tables() -> None:
        await refresh_tables(plans)

    app.task(follow_tables)
    return mounted


def _throttled(plans: Mapping[str, Plan]) -> Iterator[Problem]:
    """Yield the steps that ask how many partitions there are, which no app knows yet."""
    for plan in plans.values():
        pipeline = plan.blueprint.pipeline
        for step in pipeline.steps:
            if step.step == "throttle":
                name = pipeline.pipeline
                yield Problem(f"pipeline `{name}`: `{step.id}` throttles: use `clearwater run`")


def _unfit(app: Any) -> list[Problem]:
    schemes = {url.scheme for url in app.conf.broker}
    found = []
    if schemes != {SCHEME}:
        written = ", ".join(sorted(schemes))
        found.append(Problem(f"the app's broker is on {written}://: write {SCHEME}://host:port"))
    for name, (wanted, why) in _NEEDED.items():
        if getattr(app.conf, name) != wanted:
            shown = wanted.value if isinstance(wanted, ProcessingGuarantee) else wanted
            found.append(Problem(f"the app's setting `{name}` must be {shown}: {why}"))
    return found
