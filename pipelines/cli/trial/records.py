"""Trials for the commands without Kafka: plain JSON in, plain JSON out."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from pipelines.declaration.cases import Given
from pipelines.engine.outcome import ChunkOutcome
from pipelines.engine.plan import Plan
from pipelines.engine.trial import Trial, TrialRecord
from pipelines.errors import ConfigError, RecordError
from pipelines.steps import AnyStep
from pipelines.wire import json
from pipelines.wire.formats import PipelineWire
from pipelines.wire.keys import encode_text

Encode = Callable[[Given, int], TrialRecord]


def trial_of(
    plan: Plan, seen: Callable[[ChunkOutcome], None] | None = None
) -> tuple[Trial, Encode]:
    """Return how to run plain records through a plan, and how to make them raw.

    Args:
        plan: The compiled pipeline.
        seen: Called with the outcome of each record.
    """
    wire = plan.blueprint.wire
    if not isinstance(wire, PipelineWire):
        raise TypeError(type(wire).__name__)
    key_format = plan.blueprint.pipeline.source.key

    def encode(given: Given, offset: int) -> TrialRecord:
        try:
            value = None if given.value is None else wire.raw(given.value)
        except RecordError as error:
            raise ConfigError(f"the value does not fit the source's schema: {error}") from None
        key = None
        if given.key is not None:
            key = json.encode(given.key) if key_format == "json" else encode_text(given.key)
        headers = tuple((name, text.encode()) for name, text in given.headers.items())
        return TrialRecord(offset, given.timestamp, key, value, headers)

    def read_key(raw: bytes) -> object:
        return json.decode(raw) if key_format == "json" else raw.decode("utf-8", "replace")

    return Trial(plan, read_key, lambda _, raw: wire.plain(raw), seen), encode


def remembers(step: AnyStep) -> bool:
    """Return True for a step whose answer depends on the records before."""
    return step.step == "throttle"


def parsed_line(line: bytes, plan: Plan, *, bare: bool) -> Given:
    """Return the record that an input line gives.

    Raises:
        ConfigError: It is not JSON, or not of the form {"value", "key"?, "headers"?}.
    """
    is_text = plan.blueprint.pipeline.source.value == "text"
    if bare and is_text:
        return Given(value=line.decode("utf-8", "replace"))
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise ConfigError("not JSON") from None
    if bare:
        return Given(value=found)
    known = {"value", "key", "headers", "timestamp", "partition", "offset", "topic"}
    if not isinstance(found, dict) or "value" not in found or not set(found) <= known:
        raise ConfigError(
            'write {"value": …, "key"?: …, "headers"?: {…}}; add --bare if a line is a value alone'
        )
    headers = found.get("headers") or {}
    if not isinstance(headers, dict):
        raise ConfigError("headers are an object of texts")
    return Given(
        value=found["value"],
        key=found.get("key"),
        headers={str(name): str(text) for name, text in headers.items()},
        timestamp=int(found.get("timestamp") or 0),
    )
