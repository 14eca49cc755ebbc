"""Pipelines beside the agents of a Faust app that somebody else made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import faust
from faust.types.enums import ProcessingGuarantee

from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError, Problem
from pipelines.runtime.app import WorkerConfig, add_agents
from pipelines.runtime.dead_letter import Sealer
from pipelines.runtime.driver.transport import SCHEME, register
from pipelines.runtime.health import PipelineHealth
from pipelines.runtime.host import host_of
from pipelines.runtime.mounted import Mounted
from pipelines.runtime.pipeline_handler import PipelineHandler
from pipelines.runtime.process import REVISION, refresh_tables
from pipelines.runtime.transactions import Transactions
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
    problems = [*_unfit(app)]
    if problems:
        raise ConfigError(problems)
    mounted = Mounted(Metrics(), {name: PipelineHealth() for name in plans})
    handlers = {}
    for name, plan in plans.items():
        declared, revision = plan.blueprint.pipeline, plan.blueprint.revision
        sealer = Sealer.of_pipeline(
            keys,
            declared.dead_letter.key,
            pipeline=name,
            revision=revision,
            topic=declared.source.topic,
            max_bytes=settings.max_batch_bytes - 1024,
        )
        plan.own_headers = ((REVISION, revision.encode()),)
        handler = PipelineHandler(plan, sealer, mounted.metrics, mounted.health[name])
        handlers[declared.source.topic] = handler
    seconds = app.conf.producer_request_timeout
    host = host_of(app)
    declared_all = [plan.blueprint.pipeline for plan in plans.values()]
    host.transactions = Transactions(
        [one.source.topic for one in declared_all if one.delivery == "exactly_once"],
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
