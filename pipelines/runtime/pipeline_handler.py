"""PipelineHandler: one compiled pipeline behind the runtime's seam."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import structlog

from pipelines.declaration.topics import waiting_topics
from pipelines.engine.explain import explain
from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.engine.plan import Plan
from pipelines.errors import DeliveryError, Problem
from pipelines.retry import SCHEMA
from pipelines.runtime.dead_letter import Sealer
from pipelines.runtime.dead_letter_rate import DeadLetterRate
from pipelines.runtime.handler import Closed
from pipelines.runtime.health import PipelineHealth
from pipelines.runtime.waiting import WaitingSealer
from pipelines.telemetry.metrics import ChunkFacts, Metrics

_TIMESTAMP = attrgetter("timestamp")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is known of a chunk between work and delivery."""

    seconds: float
    newest: float
    oldest: float


class PipelineHandler:
    """Runs a plan for the runtime: learns schemas, seals dead letters, counts.

    Attributes:
        dead_letter_topic: Where dead letters go.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        plan: Plan,
        sealer: Sealer,
        metrics: Metrics,
        health: PipelineHealth,
        waiting: WaitingSealer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the compiled pipeline and who wants to know of it.

        Args:
            plan: The pipeline.
            sealer: Of its dead letters.
            metrics: Gets every chunk.
            health: Gets why it is stopped or degraded.
            waiting: Seals records that wait.
            clock: Seconds that never go back.
        """
        declared = plan.blueprint.pipeline
        self.dead_letter_topic = declared.dead_letter.topic
        self._plan = plan
        self._name = declared.pipeline
        self._sealer = sealer
        self._waiting = waiting
        self._topics = waiting_topics(declared)
        self._metrics = metrics
        self._health = health
        self.clock = clock
        limit, window = declared.dead_letter.stop_above, declared.dead_letter.window
        self._rate = None if limit is None else DeadLetterRate(limit, window)
        self._work: dict[int, _Work] = {}
        metrics.started(self._name, plan.blueprint.revision)
        self._count_unclassified()

    def pinned(self) -> PipelineHandler:
        """Return itself: see `handler.Current`."""
        return self

    async def prepare(self, records: Sequence[RawRecord]) -> None:
        """Learn the schemas that these records need, waiting for the registry if it is down."""
        for schema_id in self._plan.unknown_schemas(records):
            retrying = SCHEMA.awaiting(DeliveryError, after=self._registry_down)
            # in a thread: the registry's client blocks
            problems: tuple[Problem, ...] = await retrying(
                asyncio.to_thread, self._plan.learn, schema_id
            )
            self._health.degraded = ""
            self._count_unclassified()
            for problem in problems:
                log.warning(
                    "schema learned with problems",
                    pipeline=self._name,
                    schema_id=schema_id,
                    message=problem.message,
                )

    def process(self, records: Sequence[RawRecord], partition: int) -> ChunkOutcome:
        """Run the pipeline."""
        began = self.clock()
        outcome = self.run(records, partition)
        seconds = self.clock() - began
        self.worked(outcome, seconds, [one or 0 for one in map(_TIMESTAMP, records)])
        return outcome

    def run(
        self, records: Sequence[RawRecord], partition: int, waited_at: str | None = None
    ) -> ChunkOutcome:
        """Run the pipeline, or what comes behind a step; what is to wait is an output, sealed."""
        outcome = self._plan.run(
            records, self._plan.blueprint.pipeline.source.topic, partition, waited_at
        )
        now = round(time.time() * 1000)
        for wait in outcome.waiting:
            sealed = self._waiting.seal(wait, partition, now)
            topic = self._topics[wait.step]
            outcome.outputs.setdefault(topic, []).append(sealed)
            size = outcome.output_bytes.get(topic, 0)
            outcome.output_bytes[topic] = size + len(sealed.value or b"")
        return outcome

    def worked(self, outcome: ChunkOutcome, seconds: float, times: Sequence[int]) -> None:
        """Note how long the work on records took, and since when each could be worked on.

        Args:
            outcome: What they became; it is counted when it is delivered.
            seconds: The work took.
            times: Milliseconds since the epoch, one a record.
        """
        stamps = times or [round(time.time() * 1000)]
        self._work[id(outcome)] = _Work(seconds, max(stamps) / 1000, min(stamps) / 1000)

    def came_back(self, step: str, count: int) -> None:
        """Count records that have waited, and are durable."""
        self._metrics.resumed[self._name, step].inc(count)

    def seal(self, letter: DeadLettered, partition: int) -> Output:
        """Return the dead letter to publish."""
        raw = letter.raw
        sealed = self._sealer.seal(letter, partition)
        return Output(raw.offset, raw.timestamp or 0, None, sealed.value, sealed.headers)

    def delivered(self, outcomes: Sequence[ChunkOutcome], closed: Closed) -> bool:
        """Count what is durable; True if there are too many dead letters to go on."""
        must_stop = False
        accounted = sum(outcome.fates.total() for outcome in outcomes)
        now = time.time()
        for outcome in outcomes:
            work = self._work.pop(id(outcome))
            ages = (max(0.0, now - work.newest), max(0.0, now - work.oldest))
            for topic in self._topics.values():  # what waits has not left
                outcome.outputs.pop(topic, None)
                outcome.output_bytes.pop(topic, None)
            facts = ChunkFacts(outcome.input_bytes, outcome.output_bytes, work.seconds, *ages)
            self._metrics.observe(self._name, outcome, facts)
            if self._rate is not None:
                dead = len(outcome.dead_letters)
                must_stop |= self._rate.observe(outcome.records_in, dead, self.clock())
        topic, partition, next_, read = closed
        self._metrics.closed(self._name, topic, partition, next_, read - accounted)
        if must_stop:
            self._stop()
        return must_stop

    def _count_unclassified(self) -> None:
        if self._plan.learned:
            exits = explain(self._plan.blueprint, self._plan.newest).exits
            names = {field.path for way in exits for field in way.fields if not field.why}
            self._metrics.unclassified_fields[(self._name,)].set(len(names))

    def failed(self, error: str) -> None:
        """Count an error that is no record's fault."""
        self._metrics.errors[self._name, "chunk", error].inc()

    def _registry_down(self) -> None:
        self._health.degraded = "the schema registry does not answer"
        self._metrics.errors[self._name, "registry", "DeliveryError"].inc()
        log.warning("schema registry does not answer, waiting", pipeline=self._name)

    def _stop(self) -> None:
        share = 0.0 if self._rate is None else round(self._rate.share, 4)
        self._health.stopped = "too many dead letters: see dead_letter.stop_above"
        self._metrics.stopped[(self._name,)].set(1)
        log.error("pipeline stopped: too many dead letters", pipeline=self._name, share=share)
