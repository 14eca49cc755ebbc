"""Following: health and gauges, in step with the group and the commits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from pipelines.runtime.app import ClearwaterApp
from pipelines.runtime.health import Health
from pipelines.runtime.ledger import Partition
from pipelines.runtime.ways_in import WayIn
from pipelines.telemetry.metrics import Metrics

_LAG_SECONDS = 1.0


class Following:
    """Keeps health and gauges in step with the group and the commits."""

    def __init__(
        self, app: ClearwaterApp, ways: Iterable[WayIn], metrics: Metrics, health: Health
    ) -> None:
        """Listen to an app.

        Args:
            app: The app.
            ways: The topics it reads.
            metrics: Gets lag, age of commits, and how many records wait.
            health: Gets what is assigned, and what is stopped.
        """
        self._app = app
        self._ways = {way.topic: way for way in ways}
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
        """Show lag, commit age and what waits, for ever."""
        while True:
            await asyncio.sleep(_LAG_SECONDS)
            if self._health.joined and not self._health.draining:
                for tp in self._app.consumer.assignment():
                    self._show(Partition(tp.topic, tp.partition), tp)

    def _show(self, partition: Partition, tp: Any) -> None:
        way = self._ways[partition.topic]
        name, step = way.pipeline, way.step
        high = self._app.consumer.highwater(tp)
        if high is None:
            return
        read = self._app.consumer._committed_offset.get(tp)  # noqa: SLF001 - Faust has no other
        committed, at = self._committed.get(partition, (read or 0, time.monotonic()))
        lag = max(0, high - committed)
        number = str(partition.partition)
        if step is not None:
            self._metrics.waiting[name, step, number].set(lag)
            return
        self._metrics.lag_records[name, number].set(lag)
        self._metrics.commit_age[name, number].set(time.monotonic() - at if lag else 0.0)

    def _on_committed(self, partition: Partition, offset: int) -> None:
        self._committed[partition] = (offset, time.monotonic())

    def _on_stopped(self, topic: str, reason: str) -> None:
        name = self._ways[topic].pipeline
        if not self._health.pipelines[name].stopped:
            self._health.pipelines[name].stopped = reason
        self._metrics.stopped[(name,)].set(1)
        for way in self._ways.values():
            if way.pipeline == name:
                self._app.stop_topic(way.topic, reason)

    async def _assigned(self, _: object, assigned: Any, **__: object) -> None:
        sources = [way for tp in assigned if (way := self._ways[tp.topic]).step is None]
        for name, health in self._health.pipelines.items():
            health.assigned = sum(way.pipeline == name for way in sources)
            self._metrics.assigned[(name,)].set(health.assigned)
        self._health.joined = True

    async def _revoked(self, _: object, revoked: Any, **__: object) -> None:
        self._health.joined = False
        self._metrics.rebalances.inc()
        for tp in revoked:
            self._committed.pop(Partition(tp.topic, tp.partition), None)
            way = self._ways[tp.topic]
            self._metrics.let_go(way.pipeline, tp.topic, tp.partition)
            if way.step is None:
                self._metrics.revoked(way.pipeline, tp.partition)
            else:
                self._metrics.stopped_waiting(way.pipeline, way.step, tp.partition)
