"""Verify: reads a source and its outputs, and says whether they fit."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from pipelines.declaration.topics import waiting_topics
from pipelines.engine.coordinates import SRC, WAITED, parsed
from pipelines.engine.outcome import RawRecord
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError, RecordError
from pipelines.record import Record
from pipelines.runtime.browse import Browsed, browse
from pipelines.runtime.evidence import Evidence
from pipelines.runtime.ledger import Partition
from pipelines.runtime.refusal import refusal
from pipelines.runtime.waiting import ORIGIN
from pipelines.steps.throttle import Throttle

_AT_ONCE = 500

Decode = Callable[[bytes | None], object]
Progress = Callable[[str, int], None]


async def verify(
    plan: Plan,
    group: str,
    client: Mapping[str, Any],
    decode: Decode,
    destinations: Sequence[str],
    progress: Progress = lambda *_: None,
) -> Evidence:
    """Compare what a pipeline's source holds with what stands in its destinations.

    What should have left is what the plan makes of the source's records today; everything that
    the source still holds and the group has committed is looked at.

    Args:
        plan: The compiled pipeline.
        group: The consumer group that runs it.
        client: Connection arguments of an aiokafka client.
        decode: Reads a value of a destination.
        destinations: Which to read; the topic of dead letters is read, too.
        progress: Told the topic and how many records of it were read.

    Raises:
        ConfigError: A topic is not there, or the group has committed nothing.
        DeliveryError: The brokers or the registry do not answer.
    """
    pipeline = plan.blueprint.pipeline
    # first: what is committed by now has arrived by the time its topic is read
    committed = await _committed(group, pipeline.source.topic, client)
    ends = {at.partition: end for at, end in committed.items() if at.topic == pipeline.source.topic}
    may_drop = any(isinstance(one, Throttle) and one.excess == "drop" for one in pipeline.steps)
    evidence = Evidence(pipeline.source.topic, ends, may_drop)
    for topic in destinations:
        await _read_destination(plan, topic, client, decode, evidence, progress)
    await _read_letters(pipeline.dead_letter.topic, client, evidence, progress)
    for topic in waiting_topics(pipeline).values():
        await _read_waiting(topic, client, committed, evidence, progress)
    await _read_source(plan, client, set(destinations), evidence, progress)
    return evidence


async def _committed(group: str, topic: str, client: Mapping[str, Any]) -> dict[Partition, int]:
    """Return all that a group has committed, of which something must be of `topic`."""
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        offsets = await admin.list_consumer_group_offsets(group)
    except KafkaError as error:
        raise refusal(error) from None
    finally:
        await admin.close()
    found = {
        Partition(part.topic, part.partition): held.offset
        for part, held in offsets.items()
        if held.offset >= 0
    }
    if not any(at.topic == topic for at in found):
        raise ConfigError(
            f"group `{group}` has committed nothing of `{topic}`: name the group that runs the "
            "pipeline with --group"
        )
    return found


async def _read_destination(
    plan: Plan,
    topic: str,
    client: Mapping[str, Any],
    decode: Decode,
    evidence: Evidence,
    progress: Progress,
) -> None:
    gate = plan.newest.exits[topic].gate
    waiting: list[tuple[Browsed, Record]] = []
    count = 0

    def search() -> None:
        records = [record for _, record in waiting]
        scanned = gate.scan(records, Counter())
        for index in {*scanned.changed, *scanned.failed}:
            one, _ = waiting[index]
            evidence.raw.add(topic, one.partition, one.offset)
        waiting.clear()

    async for one in browse(topic, client):
        count += 1
        held = dict(one.headers)
        came_from = parsed(held.get(SRC, b""))
        at = Partition(topic, one.partition)
        evidence.found(at, one.offset, came_from, held.get(WAITED, b""))
        try:
            waiting.append((one, _record(one, topic, decode)))
        except RecordError:  # what cannot be read cannot be proven clean
            evidence.raw.add(topic, one.partition, one.offset)
        if len(waiting) >= _AT_ONCE:
            search()
            progress(topic, count)
    search()
    progress(topic, count)


def _record(one: Browsed, topic: str, decode: Decode) -> Record:
    try:
        key = None if one.key is None else one.key.decode()
    except UnicodeDecodeError:
        raise RecordError("key_not_text", "verify") from None
    headers = [(name, raw) for name, raw in one.headers if not name.startswith("x-clearwater-")]
    return Record(decode(one.value), key, headers, topic, one.partition, one.offset, one.timestamp)


async def _read_letters(
    topic: str, client: Mapping[str, Any], evidence: Evidence, progress: Progress
) -> None:
    count = 0
    async for one in browse(topic, client):
        held = dict(one.headers)
        if held.get("x-clearwater-topic", b"").decode("ascii", "replace") != evidence.source:
            continue
        try:
            partition = int(held["x-clearwater-partition"])
            offset = int(held["x-clearwater-offset"])
        except (KeyError, ValueError):
            continue
        count += 1
        evidence.found_letter(topic, partition, offset)
    progress(topic, count)


async def _read_waiting(
    topic: str,
    client: Mapping[str, Any],
    committed: Mapping[Partition, int],
    evidence: Evidence,
    progress: Progress,
) -> None:
    """Read what a step still held back when the commits were read."""
    count = 0
    async for one in browse(topic, client):
        if one.offset < committed.get(Partition(topic, one.partition), 0):
            continue
        with suppress(ValueError):  # nothing of ours
            partition, offset, _ = map(int, dict(one.headers).get(ORIGIN, b"").split(b"/"))
            evidence.found_waiting(partition, offset)
            count += 1
    progress(topic, count)


async def _read_source(
    plan: Plan,
    client: Mapping[str, Any],
    destinations: set[str],
    evidence: Evidence,
    progress: Progress,
) -> None:
    waiting: dict[int, list[Browsed]] = {}
    count = 0

    async def run(partition: int) -> None:
        records = waiting.pop(partition)
        for schema_id in plan.unknown_schemas(records):
            await asyncio.to_thread(plan.learn, schema_id)
        where = _ends(plan, records, partition, destinations)
        for one in records:
            evidence.wanted(partition, one.offset, where.get(one.offset, ()))

    async for one in browse(evidence.source, client):
        count += 1
        waiting.setdefault(one.partition, []).append(one)
        if len(waiting[one.partition]) >= _AT_ONCE:
            await run(one.partition)
            progress(evidence.source, count)
    for partition in list(waiting):
        await run(partition)
    progress(evidence.source, count)


def _ends(
    plan: Plan, records: Sequence[RawRecord], partition: int, destinations: set[str]
) -> dict[int, set[str]]:
    """Return the topics that records should end in, by offset; what waits is taken to its end."""
    pipeline = plan.blueprint.pipeline
    where: dict[int, set[str]] = {}
    rest: list[tuple[str | None, Sequence[RawRecord]]] = [(None, records)]
    while rest:
        waited_at, some = rest.pop()
        outcome = plan.run(some, pipeline.source.topic, partition, waited_at)
        for topic, outputs in outcome.outputs.items():
            for output in outputs if topic in destinations else ():
                where.setdefault(output.offset, set()).add(topic)
        for letter in outcome.dead_letters:
            where.setdefault(letter.raw.offset, set()).add(pipeline.dead_letter.topic)
        by_step: dict[str, list[RawRecord]] = {}
        for one in outcome.waiting:
            by_step.setdefault(one.step, []).append(one.raw)
        rest += by_step.items()
    return where
