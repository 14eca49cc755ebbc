"""Rights: the least that a worker may do on the brokers, from the pipelines it runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.topics import waiting_topics
from pipelines.runtime.ledger import Partition
from pipelines.runtime.topics import needed
from pipelines.runtime.transactional import transactional_id

Kind = Literal["topic", "group", "transactional-id"]

_OPERATIONS = {
    "source": ("Read",),
    "destination": ("Write",),
    "delay": ("Read", "Write"),
    "dead_letter": ("Write",),
}


@dataclass(frozen=True, slots=True)
class Right:
    """What may be done with one resource.

    Attributes:
        kind: What it is.
        name: Its name.
        operations: Kafka's names of the operations.
        why: Which pipeline wants it for what.
        prefixed: All whose names begin so.
    """

    kind: Kind
    name: str
    operations: tuple[str, ...]
    why: str
    prefixed: bool = False


def rights(pipelines: Iterable[Pipeline], group: str, *, redrive: bool = False) -> list[Right]:
    """Return the rights a worker needs, the group's first.

    Brokers before 3.0 also want IdempotentWrite on the cluster (KIP-679).

    Args:
        pipelines: What it runs.
        group: Its consumer group.
        redrive: Also what `clearwater dead-letters redrive` needs.
    """
    found: dict[tuple[Kind, str], Right] = {}

    def add(kind: Kind, name: str, operations: Sequence[str], why: str) -> None:
        known = found.get((kind, name))
        held = known.operations if known else ()
        reasons = dict.fromkeys([*(known.why.split("; ") if known else []), why])
        both = tuple(dict.fromkeys([*held, *operations]))
        found[kind, name] = Right(kind, name, both, "; ".join(reasons))

    add("group", group, ("Read", "Describe"), "the consumer group")
    for pipeline in pipelines:
        for topic, role in needed(pipeline):
            said = f"{pipeline.pipeline}: {role.replace('_', ' ')}"
            add("topic", topic, (*_OPERATIONS[role], "Describe"), said)
        if pipeline.delivery == "exactly_once":
            why = f"{pipeline.pipeline}: exactly once"
            for topic in (pipeline.source.topic, *waiting_topics(pipeline).values()):
                begin = transactional_id(group, Partition(topic, 0)).removesuffix("0")
                found["transactional-id", begin] = Right(
                    "transactional-id", begin, ("Write", "Describe"), why, prefixed=True
                )
        if redrive:
            dead, why = pipeline.dead_letter.topic, f"{pipeline.pipeline}: redrive"
            add("topic", dead, ("Read", "Write", "Describe"), why)
            add("topic", pipeline.source.topic, ("Write", "Describe"), why)
            name = f"clearwater-redrive-{dead}"
            add("transactional-id", name, ("Write", "Describe"), why)
    return list(found.values())


def kafka_acls(wanted: Iterable[Right], user: str) -> Iterator[str]:
    """Yield a `kafka-acls.sh` command line for each right, its reason before it."""
    for right in wanted:
        operations = " ".join(f"--operation {one}" for one in right.operations)
        yield f"# {right.why}"
        yield (
            f"kafka-acls.sh --bootstrap-server $BROKERS --command-config admin.properties --add"
            f" --allow-principal {_shell(f'User:{user}')} {operations}"
            f" --{right.kind} {_shell(right.name)}"
            f"{' --resource-pattern-type prefixed' if right.prefixed else ''}"
        )


def strimzi_user(wanted: Iterable[Right], user: str) -> dict[str, object]:
    """Return a KafkaUser of Strimzi that holds the rights."""
    kinds = {"topic": "topic", "group": "group", "transactional-id": "transactionalId"}
    acls = [
        {
            "resource": {
                "type": kinds[one.kind],
                "name": one.name,
                "patternType": "prefix" if one.prefixed else "literal",
            },
            "operations": list(one.operations),
            "host": "*",
        }
        for one in wanted
    ]
    return {
        "apiVersion": "kafka.strimzi.io/v1beta2",
        "kind": "KafkaUser",
        "metadata": {"name": user, "labels": {"strimzi.io/cluster": "CLUSTER"}},
        "spec": {
            "authentication": {"type": "tls"},
            "authorization": {"type": "simple", "acls": acls},
        },
    }


def _shell(text: str) -> str:
    plain = all(one.isalnum() or one in "._:-" for one in text)
    return text if plain else json.dumps(text).replace("$", "\\$")
