"""The ways in: the topics that a pipeline reads, and what is done with the records of each."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.topics import waiting_topics
from pipelines.engine.plan import Plan
from pipelines.quantity import Rate
from pipelines.runtime.dead_letter import Sealer
from pipelines.runtime.handler import Handler
from pipelines.runtime.health import PipelineHealth
from pipelines.runtime.pipeline_handler import PipelineHandler
from pipelines.runtime.resumed_handler import ResumedHandler
from pipelines.runtime.waiting import WaitingSealer
from pipelines.telemetry.metrics import Metrics
from pipelines.treatment import Keyring


class WayIn(NamedTuple):
    """One topic that a pipeline reads.

    Attributes:
        topic: The topic.
        pipeline: The pipeline's name.
        step: Id of the step that records wait at in it; None: the pipeline's source.
        pace: How fast they may go on; None: at their times.
    """

    topic: str
    pipeline: str
    step: str | None
    pace: Rate | None = None


def ways_in(pipeline: Pipeline) -> list[WayIn]:
    """Return every topic that a pipeline reads, its source first."""
    name = pipeline.pipeline
    paces = {step.id: step.pace() for step in pipeline.steps}
    return [
        WayIn(pipeline.source.topic, name, None),
        *(
            WayIn(topic, name, step, paces[step])
            for step, topic in waiting_topics(pipeline).items()
        ),
    ]


def paces(pipeline: Pipeline, partitions: int) -> dict[str, Rate | None]:
    """Return how fast records that wait in a topic may go on, in each of so many partitions."""
    return {
        way.topic: way.pace and Rate(way.pace.per_second / partitions, way.pace.of)
        for way in ways_in(pipeline)
        if way.step is not None
    }


def topic_handlers(
    plan: Plan, keys: Keyring, metrics: Metrics, health: PipelineHealth, max_bytes: int
) -> dict[str, Handler]:
    """Return the handler of every topic that a pipeline reads.

    Args:
        plan: The pipeline.
        keys: With the key of its dead letters.
        metrics: Gets every chunk.
        health: Gets why the pipeline is stopped or degraded.
        max_bytes: Largest value of a dead letter.

    Raises:
        ConfigError: There is no such key.
    """
    pipeline, revision = plan.blueprint.pipeline, plan.blueprint.revision
    source, name, key = pipeline.source.topic, pipeline.pipeline, pipeline.dead_letter.key

    def sealer(topic: str) -> Sealer:
        return Sealer.of_pipeline(
            keys, key, pipeline=name, revision=revision, topic=topic, max_bytes=max_bytes
        )

    waiting = WaitingSealer(keys.key(key), name, source)
    first = PipelineHandler(plan, sealer(source), metrics, health, waiting)
    resumed = {
        topic: ResumedHandler(first, step, waiting, sealer(topic))
        for step, topic in waiting_topics(pipeline).items()
    }
    return {source: first, **resumed}
