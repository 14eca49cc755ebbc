"""One worker process: plans, Faust app, status port, everything that runs beside."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import structlog

from pipelines.declaration.pipeline import Pipeline
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError
from pipelines.quantity import Rate
from pipelines.runtime.allocator import tune_allocator
from pipelines.runtime.app import WorkerConfig, build_app
from pipelines.runtime.expiry import expiries
from pipelines.runtime.following import Following
from pipelines.runtime.handler import Handler
from pipelines.runtime.health import Health, PipelineHealth, watch_loop
from pipelines.runtime.host import Fetching
from pipelines.runtime.http import Pages, StatusServer
from pipelines.runtime.live_handler import LiveHandler
from pipelines.runtime.reload import Reloader, Sources
from pipelines.runtime.security import client_arguments, faust_credentials
from pipelines.runtime.supervisor import stop_without_supervisor
from pipelines.runtime.tls import tls_context
from pipelines.runtime.topics import missing_topics, partition_counts, uneven_topics
from pipelines.runtime.ways_in import paces, topic_handlers, ways_in
from pipelines.runtime.worker import run_app
from pipelines.settings import Settings
from pipelines.table import RefreshingTable
from pipelines.telemetry.metrics import Metrics
from pipelines.treatment import Keyring

_EXIT_MARGIN_SECONDS = 4.0
_TABLE_SECONDS = 2.0
_EXPIRY_SECONDS = 60.0
REVISION = "x-clearwater-revision"
"""Header of every record that leaves: the revision of the pipeline that it went through."""

log = structlog.get_logger(__name__)


async def run_worker(
    plans: Mapping[str, Plan],
    settings: Settings,
    keys: Keyring,
    sources: Sources | None = None,
) -> int:
    """Run the pipelines until the process is told to stop.

    Args:
        plans: The compiled pipelines by name.
        settings: The process settings.
        keys: Of treatments and dead letters.
        sources: Where changed declarations are found; None: nothing is taken up.

    Returns:
        The exit code: 0 after an orderly end.

    Raises:
        ConfigError: Topics are missing, or the status port is taken.
        DeliveryError: The brokers do not answer.
    """
    tune_allocator()
    declared = [plan.blueprint.pipeline for plan in plans.values()]
    counts = await partition_counts(client_arguments(settings))
    if missing := missing_topics(declared, counts):
        raise ConfigError(
            f"topics are missing: {', '.join(missing)}; `clearwater topics ensure DIR` makes them"
        )
    if uneven := uneven_topics(declared, counts):
        raise ConfigError("; ".join(uneven))
    ways = [way for pipeline in declared for way in ways_in(pipeline)]
    waiting: dict[str, Rate | None] = {}
    metrics = Metrics()
    health = Health(liveness_timeout=settings.liveness_timeout)
    running = dict(plans)

    def handlers(name: str, plan: Plan) -> dict[str, Handler]:
        plan.own_headers = ((REVISION, plan.blueprint.revision.encode()),)
        partitions = counts[plan.blueprint.pipeline.source.topic]
        plan.blueprint.running.partitions = partitions
        waiting.update(paces(plan.blueprint.pipeline, partitions))
        return topic_handlers(
            plan, keys, metrics, health.pipelines[name], settings.max_batch_bytes - 1024
        )

    def adopt(name: str, plan: Plan) -> None:
        for topic, handler in handlers(name, plan).items():
            live[topic].current = handler
        running[name] = plan

    health.pipelines = {name: PipelineHealth() for name in plans}
    live = {
        topic: LiveHandler(handler)
        for name, plan in plans.items()
        for topic, handler in handlers(name, plan).items()
    }
    exact = {one.pipeline for one in declared if one.delivery == "exactly_once"}
    app = build_app(
        worker_config(settings),
        live,
        exactly_once=[way.topic for way in ways if way.pipeline in exact],
        waiting=waiting,
    )
    follow = Following(app, ways, metrics, health)
    beside: list[Callable[[], Any]] = [
        lambda: watch_loop(health, metrics.loop_lag.observe),
        lambda: refresh_tables(running),
        follow.lag,
        lambda: _show_expiries(settings, metrics),
    ]
    if sources is not None and settings.reload_interval:
        client = client_arguments(settings)

        async def missing_now(pipeline: Pipeline) -> list[str]:
            return missing_topics([pipeline], await partition_counts(client))

        reloader = Reloader(
            sources,
            running,
            adopt,
            missing_now,
            metrics,
            health,
        )
        beside.append(lambda: reloader.run(settings.reload_interval))
    if settings.supervisor is not None:
        parent = settings.supervisor
        beside.append(lambda: stop_without_supervisor(parent))
    async with status_server(settings, Pages(health.live, health.ready, metrics.exposition)):
        log.info("worker starting", group=settings.group, count=len(plans))
        deadline = settings.drain_timeout + _EXIT_MARGIN_SECONDS
        return await run_app(app, beside, deadline, follow.draining)


@contextlib.asynccontextmanager
async def status_server(settings: Settings, pages: Pages) -> AsyncIterator[StatusServer]:
    """Serve the status pages while inside."""
    server = StatusServer(settings.http_host, settings.http_port, pages)
    server.start()
    log.info("status pages", host=settings.http_host, port=server.port)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.stop)


def worker_config(settings: Settings) -> WorkerConfig:
    """Return what the runtime needs of the settings."""
    return WorkerConfig(
        brokers=settings.brokers,
        group=settings.group,
        instance_id=settings.instance_id,
        auto_offset_reset=settings.auto_offset_reset,
        commit_interval=settings.commit_interval,
        transaction_interval=settings.transaction_interval,
        drain_timeout=settings.drain_timeout,
        session_timeout=settings.session_timeout,
        request_timeout=settings.request_timeout,
        fetching=Fetching(settings.client_rack, settings.fetch_min_bytes, settings.fetch_max_wait),
        max_fetch_bytes=settings.max_fetch_bytes,
        max_batch_bytes=settings.max_batch_bytes,
        compression=settings.compression,
        credentials=faust_credentials(settings),
        tls=tls_context(settings),
    )


async def _show_expiries(settings: Settings, metrics: Metrics) -> None:
    """Show when certificates and tokens end, for ever: files may be replaced."""
    while True:
        for name, end in (await asyncio.to_thread(expiries, settings)).items():
            metrics.credential_expiry[(name,)].set(end)
        await asyncio.sleep(_EXPIRY_SECONDS)


async def refresh_tables(plans: Mapping[str, Plan]) -> None:
    """Take up changed table files, for ever; lookups never wait for it."""
    while True:
        await asyncio.sleep(_TABLE_SECONDS)
        tables = [
            (name, table)
            for plan in plans.values()
            for name, table in plan.blueprint.tables.items()
            if isinstance(table, RefreshingTable)
        ]
        for name, table in tables:
            try:
                if await asyncio.to_thread(table.refresh):
                    log.info("table changed", table=name)
            except ConfigError:
                log.warning("table file cannot be read, the last good one stays", table=name)
