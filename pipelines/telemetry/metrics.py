"""Metrics: counts one chunk at a time and shows them to Prometheus."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics import MetricWrapperBase

from pipelines.fate import Fate
from pipelines.telemetry import catalogue
from pipelines.telemetry.catalogue import Declared

T = TypeVar("T", bound=MetricWrapperBase)


class CountedChunk(Protocol):
    """What one chunk became; the engine's `ChunkOutcome` is one."""

    @property
    def records_in(self) -> int:
        """Records read; equals the sum of `fates`."""

    @property
    def outputs(self) -> Mapping[str, Sequence[object]]:
        """Clean records by destination topic."""

    @property
    def fates(self) -> Mapping[tuple[str, Fate, str], int]:
        """Records by step or stage, fate and reason; the reason of a dead letter is its code."""

    @property
    def findings(self) -> Mapping[tuple[str, str], int]:
        """Findings by entity and treatment."""

    @property
    def step_records(self) -> Mapping[str, int]:
        """Records each step applied to."""


@dataclass(frozen=True, slots=True)
class ChunkFacts:
    """What the runtime knows of one chunk once its fate is durable.

    Attributes:
        input_bytes: Bytes of its keys and values.
        output_bytes: Bytes delivered, by destination topic.
        seconds: Time the engine took, seconds.
        newest_age: Age of its newest record, seconds.
        oldest_age: Age of its oldest record, seconds.
    """

    input_bytes: int = 0
    output_bytes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    newest_age: float = 0.0
    oldest_age: float = 0.0


class Series(dict[tuple[str, ...], T], Generic[T]):
    """The series of one metric by label values, each made once: `series["orders", "geo"]`."""

    def __init__(self, metric: T) -> None:
        super().__init__()
        self._metric = metric

    def __missing__(self, labels: tuple[str, ...]) -> T:
        series = self[labels] = self._metric.labels(*labels) if labels else self._metric
        return series

    def forget(self, *labels: str) -> None:
        """Stop showing a series, such as that of a partition given away."""
        if self.pop(labels, None) is not None:
            self._metric.remove(*labels)


class Metrics:
    """Every metric of one process; see `catalogue` for what each means."""

    def __init__(self) -> None:
        disable_created_metrics: Callable[[], None] = prometheus_client.disable_created_metrics
        disable_created_metrics()  # they double the series and tell nothing
        self.registry = CollectorRegistry()
        # a scrape between two of a chunk's counts would break `in = sum of fates`
        self._whole_chunks = threading.Lock()
        self._records_in = self._counter(catalogue.RECORDS_IN)
        self._fates = self._counter(catalogue.FATES)
        self._step_records = self._counter(catalogue.STEP_RECORDS)
        self._input_bytes = self._counter(catalogue.INPUT_BYTES)
        self._output_records = self._counter(catalogue.OUTPUT_RECORDS)
        self._output_bytes = self._counter(catalogue.OUTPUT_BYTES)
        self._dead_letters = self._counter(catalogue.DEAD_LETTERS)
        self._findings = self._counter(catalogue.FINDINGS)
        self._chunk_seconds = self._histogram(catalogue.CHUNK_SECONDS)
        self._chunk_records = self._histogram(catalogue.CHUNK_RECORDS)
        self._latency = self._histogram(catalogue.LATENCY_SECONDS)
        self._closed_offset = self._gauge(catalogue.CLOSED_OFFSET)
        self._unaccounted = self._counter(catalogue.UNACCOUNTED)
        self.errors = self._counter(catalogue.ERRORS)
        self.resumed = self._counter(catalogue.RESUMED)
        self.waiting = self._gauge(catalogue.WAITING)
        self.lag_records = self._gauge(catalogue.LAG_RECORDS)
        self.commit_age = self._gauge(catalogue.COMMIT_AGE_SECONDS)
        self.assigned = self._gauge(catalogue.ASSIGNED)
        self.stopped = self._gauge(catalogue.STOPPED)
        self.unclassified_fields = self._gauge(catalogue.UNCLASSIFIED_FIELDS)
        self.reload_failures = self._counter(catalogue.RELOAD_FAILURES)
        self._pipeline_info = self._gauge(catalogue.PIPELINE_INFO)
        self.rebalances = self._counter(catalogue.REBALANCES)[()]
        self.loop_lag = self._histogram(catalogue.LOOP_LAG_SECONDS)[()]
        self.credential_expiry = self._gauge(catalogue.CREDENTIAL_EXPIRY)
        self.worker_up = self._gauge(catalogue.WORKER_UP)
        self.worker_restarts = self._counter(catalogue.WORKER_RESTARTS)
        prometheus_client.ProcessCollector(registry=self.registry)
        prometheus_client.GCCollector(registry=self.registry)

    def observe(self, pipeline: str, outcome: CountedChunk, facts: ChunkFacts) -> None:
        """Count one chunk; call it once the chunk's fate is durable."""
        with self._whole_chunks:
            self._records_in[(pipeline,)].inc(outcome.records_in)
            for (step, fate, reason), count in outcome.fates.items():
                self._fates[pipeline, step, fate, reason].inc(count)
                if fate is Fate.DEAD_LETTERED:
                    self._dead_letters[pipeline, reason].inc(count)
            for step, count in outcome.step_records.items():
                self._step_records[pipeline, step].inc(count)
            for (entity, treatment), count in outcome.findings.items():
                self._findings[pipeline, entity, treatment].inc(count)
            for topic, outputs in outcome.outputs.items():
                self._output_records[pipeline, topic].inc(len(outputs))
            for topic, size in facts.output_bytes.items():
                self._output_bytes[pipeline, topic].inc(size)
            self._input_bytes[(pipeline,)].inc(facts.input_bytes)
            self._chunk_seconds[(pipeline,)].observe(facts.seconds)
            self._chunk_records[(pipeline,)].observe(outcome.records_in)
            self._latency[pipeline, "newest"].observe(facts.newest_age)
            self._latency[pipeline, "oldest"].observe(facts.oldest_age)

    def closed(
        self, pipeline: str, topic: str, partition: int, next_: int, unaccounted: int
    ) -> None:
        """Note that a range of offsets is closed.

        Args:
            pipeline: Whose.
            topic: Its source, or the topic of what waited at a step of it.
            partition: Of that topic.
            next_: Offset behind the range.
            unaccounted: Records fetched in it, less the sum of their fates.
        """
        labels = (pipeline, topic, str(partition))
        self._closed_offset[labels].set(next_)
        self._unaccounted[labels].inc(abs(unaccounted))

    def let_go(self, pipeline: str, topic: str, partition: int) -> None:
        """Stop showing up to where a partition given away is closed."""
        self._closed_offset.forget(pipeline, topic, str(partition))

    def started(self, pipeline: str, revision: str) -> None:
        """Show a pipeline, with zeros, before its first record; or its new revision."""
        for labels in [labels for labels in self._pipeline_info if labels[0] == pipeline]:
            self._pipeline_info.forget(*labels)
        self._pipeline_info[pipeline, revision].set(1)
        self.stopped[(pipeline,)].set(0)
        self._records_in[(pipeline,)].inc(0)
        self._input_bytes[(pipeline,)].inc(0)

    def revoked(self, pipeline: str, partition: int) -> None:
        """Stop showing what another process knows better from now on."""
        self.lag_records.forget(pipeline, str(partition))
        self.commit_age.forget(pipeline, str(partition))

    def stopped_waiting(self, pipeline: str, step: str, partition: int) -> None:
        """Stop showing how many wait in a partition given away."""
        self.waiting.forget(pipeline, step, str(partition))

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return all metrics as text and its content type, as the `Accept` header asks."""
        encode, content_type = choose_encoder(accept)
        with self._whole_chunks:
            return encode(self.registry), content_type

    def _counter(self, declared: Declared) -> Series[Counter]:
        name = declared.name.removesuffix("_total")
        return Series(Counter(name, declared.meaning, declared.labels, registry=self.registry))

    def _gauge(self, declared: Declared) -> Series[Gauge]:
        gauge = Gauge(declared.name, declared.meaning, declared.labels, registry=self.registry)
        return Series(gauge)

    def _histogram(self, declared: Declared) -> Series[Histogram]:
        return Series(
            Histogram(
                declared.name,
                declared.meaning,
                declared.labels,
                buckets=declared.buckets,
                registry=self.registry,
            )
        )
