"""The topics of declarations: where a pipeline sends records, and what names a topic at all."""

from __future__ import annotations

from collections import Counter

from pipelines.declaration.document import Place
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import Project


def destinations(pipeline: Pipeline) -> dict[str, Place]:
    """Return every topic the pipeline may publish to, and where the file says so."""
    found: dict[str, Place] = {pipeline.publish.topic: ("publish", "topic")}
    for index, step in enumerate(pipeline.steps):
        for topic in step.destinations():
            found.setdefault(topic, ("steps", index, "to"))
    return found


def waiting_topics(pipeline: Pipeline) -> dict[str, str]:
    """Return the topic that records wait in, by the id of the step that they wait at."""
    source = pipeline.source.topic
    found = ((step.id, step.waiting_topic(source)) for step in pipeline.steps)
    return {step: topic for step, topic in found if topic is not None}


def topics_named(project: Project) -> set[str]:
    """Return the topics that the project knows of beside a single route.

    These are the topics that pipelines read and publish to, those with a policy of their own, those
    that a test expects records on, and those that several routes lead to.
    """
    found: set[str] = set()
    routed: Counter[str] = Counter()
    for declared in project.pipelines.values():
        pipeline = declared.model
        found |= {pipeline.source.topic, pipeline.publish.topic, *pipeline.privacy.destinations}
        routed.update(topic for step in pipeline.steps for topic in step.destinations())
    for cases in project.cases:
        for case in cases.model.tests:
            found |= {one.topic for one in case.expect or () if one.topic is not None}
    return found | {topic for topic, times in routed.items() if times > 1}
