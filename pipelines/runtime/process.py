"""One worker process: plans, Faust app, status port, everything that runs beside."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import structlog

from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError
from pipelines.runtime.app import ClearwaterApp, WorkerConfig, build_app
from pipelines.runtime.dead_letter import Sealer
from pipelines.runtime.expiry import expiries
from pipelines.runtime.health import Health, PipelineHealth, watch_loop
from pipelines.runtime.http import Pages, StatusServer
from pipelines.runtime.ledger import Partition
from pipelines.runtime.live_handler import LiveHandler
from pipelines.runtime.pipeline_handler import PipelineHandler
from pipelines.runtime.reload import Reloader, Sources
from pipelines.runtime.security import client_arguments, faust_credentials, tls_context
from pipelines.runtime.supervisor import stop_without_supervisor
from pipelines.runtime.topics import missing_topics
from pipelines.runtime.worker import run_app
from pipelines.settings import Settings
from pipelines.table import RefreshingTable
from pipelines.telemetry.metrics import Metrics
from pipelines.treatment import Keyring
from pipelines.wire.json import tune_allocator

_EXIT_MARGIN_SECONDS = 4.0
_TABLE_SECONDS = 2.0
_LAG_SECONDS = 1.0
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
    missing = await missing_topics(declared, client_arguments(settings))
    if missing:
        raise ConfigError(
            f"topics are missing: {', '.join(missing)}; `clearwater topics ensure DIR` makes them"
        )
    metrics = Metrics()
    health = Health(liveness_timeout=settings.liveness_timeout)
    running = dict(plans)

    def handler(name: str, plan: Plan) -> PipelineHandler:
        pipeline, revision = plan.blueprint.pipeline, plan.blueprint.revision
        sealer = Sealer.of_pipeline(
            keys,
            pipeline.dead_letter.key,
            pipeline=name,
            revision=revision,
            topic=pipeline.source.topic,
            max_bytes=settings.max_batch_bytes - 1024,
        )
        plan.own_headers = ((REVISION, revision.encode()),)
        return PipelineHandler(plan, sealer, metrics, health.pipelines[name])

    def adopt(name: str, plan: Plan) -> None:
        live[plan.blueprint.pipeline.source.topic].current = handler(name, plan)
        running[name] = plan

    health.pipelines = {name: PipelineHealth() for name in plans}
    live = {
        plan.blueprint.pipeline.source.topic: LiveHandler(handler(name, plan))
        for name, plan in plans.items()
    }
    exactly_once = [one.source.topic for one in declared if one.delivery == "exactly_once"]
    app = build_app(worker_config(settings), live, exactly_once)
    by_topic = {plan.blueprint.pipeline.source.topic: name for name, plan in plans.items()}
    follow = _Following(app, by_topic, metrics, health)
    beside: list[Callable[[], Any]] = [
        lambda: watch_loop(health, metrics.loop_lag.observe),
        lambda: refresh_tables(running),
        follow.lag,
        lambda: _show_expiries(settings, metrics),
    ]
    if sources is not None and settings.reload_interval:
        client = client_arguments(settings)
        reloader = Reloader(
            sources,
            running,
            adopt,
            lambda pipeline: missing_topics([pipeline], client),
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
        client_rack=settings.client_rack,
        auto_offset_reset=settings.auto_offset_reset,
        commit_interval=settings.commit_interval,
        transaction_interval=settings.transaction_interval,
        drain_timeout=settings.drain_timeout,
        session_timeout=settings.session_timeout,
        request_timeout=settings.request_timeout,
        max_fetch_bytes=settings.max_fetch_bytes,
        max_batch_bytes=settings.max_batch_bytes,
        compression=settings.compression,
        credentials=faust_credentials(settings),
        tls=tls_context(settings),
    )


class _Following:
    """Keeps health and gauges in step with the group and the commits."""

    def __init__(
        self, app: ClearwaterApp, by_topic: Mapping[str, str], metrics: Metrics, health: Health
    ) -> None:
        self._app = app
        self._by_topic = by_topic
        self._metrics = metrics
        self._health = health
        self._committed: dict[Partition, tuple[int, float]] = {}
        app.on_committed = self._on_committed
        app.on_stopped = self._on_stopped
        app.on_partitions_assigned.connect(self._assigned)
        app.on_partitions_revoked.connect(self._revoked)

    def draining(self) -> None:
        """Note that the process was told to stop."""
        self._health.draining = True

    async def lag(self) -> None:
        """Show lag and commit age, for ever."""
        while True:
            await asyncio.sleep(_LAG_SECONDS)
            if self._health.joined and not self._health.draining:
                for tp in self._app.consumer.assignment():
                    self._show(Partition(tp.topic, tp.partition), tp)

    def _show(self, partition: Partition, tp: Any) -> None:
        name = self._by_topic[partition.topic]
        high = self._app.consumer.highwater(tp)
        if high is None:
            return
        read = self._app.consumer._committed_offset.get(tp)  # noqa: SLF001 - Faust has no other
        committed, at = self._committed.get(partition, (read or 0, time.monotonic()))
        lag = max(0, high - committed)
        labels = (name, str(partition.partition))
        self._metrics.lag_records[labels].set(lag)
        self._metrics.commit_age[labels].set(time.monotonic() - at if lag else 0.0)

    def _on_committed(self, partition: Partition, offset: int) -> None:
        self._committed[partition] = (offset, time.monotonic())

    def _on_stopped(self, topic: str, reason: str) -> None:
        name = self._by_topic[topic]
        self._health.pipelines[name].stopped = reason
        self._metrics.stopped[(name,)].set(1)

    async def _assigned(self, _: object, assigned: Any, **__: object) -> None:
        for name, health in self._health.pipelines.items():
            health.assigned = sum(self._by_topic[tp.topic] == name for tp in assigned)
            self._metrics.assigned[(name,)].set(health.assigned)
        self._health.joined = True

    async def _revoked(self, _: object, revoked: Any, **__: object) -> None:
        self._health.joined = False
        self._metrics.rebalances.inc()
        for tp in revoked:
            self._committed.pop(Partition(tp.topic, tp.partition), None)
            self._metrics.revoked(self._by_topic[tp.topic], tp.partition)


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
