"""The topics that pipelines need: which there are, and making those that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.topics import destinations, waiting_topics
from pipelines.runtime.refusal import refusal
from pipelines.steps.delay import LONGEST_SECONDS

_REPLICATION = 3
_DELAY_SETTINGS = {
    "cleanup.policy": "delete",
    "retention.ms": str(round(2 * LONGEST_SECONDS * 1000)),
}


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic that a pipeline needs.

    Attributes:
        topic: Its name.
        role: `source`, `destination`, `delay` or `dead_letter`.
        pipeline: Which pipeline needs it.
        partitions: How many it has, or got.
        state: `there` or `made`.
    """

    topic: str
    role: str
    pipeline: str
    partitions: int
    state: str


def needed(pipeline: Pipeline) -> list[tuple[str, str]]:
    """Return topic and role of every topic the pipeline needs, its source first."""
    found = [(pipeline.source.topic, "source")]
    found += [(topic, "destination") for topic in destinations(pipeline)]
    found += [(topic, "delay") for topic in waiting_topics(pipeline).values()]
    return [*found, (pipeline.dead_letter.topic, "dead_letter")]


async def ensure_topics(
    pipelines: Iterable[Pipeline],
    client: Mapping[str, Any],
    *,
    partitions: int,
    replication: int | None,
) -> list[TopicState]:
    """Make every topic that is missing.

    A destination gets as many partitions as its source has, so that the order of keys is kept
    without hashing; so does the topic of a delay, which keeps records for two weeks. Dead letters
    get one partition.

    Args:
        pipelines: Whose topics.
        client: Connection arguments of an aiokafka client.
        partitions: For sources that are made.
        replication: For all topics that are made; None: three, or as many as there are brokers.

    Raises:
        DeliveryError: The brokers do not answer or refuse.
    """
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        counts = await _partition_counts(admin)
        if replication is None:
            cluster = await admin.describe_cluster()
            replication = min(_REPLICATION, len(cluster["brokers"]))
        states = []
        for pipeline in pipelines:
            for topic, role in needed(pipeline):
                wanted = {
                    "source": partitions,
                    "destination": counts.get(pipeline.source.topic, partitions),
                    "delay": counts.get(pipeline.source.topic, partitions),
                    "dead_letter": 1,
                }[role]
                settings = _DELAY_SETTINGS if role == "delay" else {}
                state = "there"
                if topic not in counts:
                    await _make(admin, NewTopic(topic, wanted, replication, topic_configs=settings))
                    counts[topic] = wanted
                    state = "made"
                states.append(TopicState(topic, role, pipeline.pipeline, counts[topic], state))
    except KafkaError as error:
        raise refusal(error) from None
    finally:
        await admin.close()
    return states


def missing_topics(pipelines: Iterable[Pipeline], there: Mapping[str, int]) -> list[str]:
    """Return the topics that pipelines need and that are not there."""
    wanted = [topic for pipeline in pipelines for topic, _ in needed(pipeline)]
    return [topic for topic in dict.fromkeys(wanted) if topic not in there]


def uneven_topics(pipelines: Iterable[Pipeline], counts: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the topics that records wait in, one sentence each.

    Each partition of the source has one of its own there: order is kept through it.

    Args:
        pipelines: Whose topics.
        counts: How many partitions each topic has.
    """
    return [
        f"`{topic}` has {counts[topic]} partitions and its source `{source}` {counts[source]}: "
        "give both as many"
        for pipeline in pipelines
        for source in (pipeline.source.topic,)
        for topic in waiting_topics(pipeline).values()
        if topic in counts and source in counts and counts[topic] != counts[source]
    ]


async def partition_counts(client: Mapping[str, Any]) -> dict[str, int]:
    """Return every topic and how many partitions it has.

    Raises:
        DeliveryError: The brokers do not answer.
    """
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        return await _partition_counts(admin)
    except KafkaError as error:
        raise refusal(error) from None
    finally:
        await admin.close()


async def _partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    described = await admin.describe_topics()
    return {
        str(topic["topic"]): len(topic["partitions"])
        for topic in described
        if topic["error_code"] == 0
    }


async def _make(admin: AIOKafkaAdminClient, topic: NewTopic) -> None:
    try:
        await admin.create_topics([topic])
    except TopicAlreadyExistsError:
        return  # another process was quicker
