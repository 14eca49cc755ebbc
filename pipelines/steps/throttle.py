"""throttle: let so many records through in a second."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Literal, Self

import orjson
from pydantic import model_validator

from pipelines.canonical_text import canonical_text
from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.quantity import Rate, WrittenRate
from pipelines.record import Record
from pipelines.step import Cel, Delayed, Ended, Resources, StepConfig, TopicName, Transform
from pipelines.token_bucket import TokenBuckets

MOST_KEYS = 10_000
"""Keys that are told apart at a time; the ones not seen longest are forgotten."""


class Throttle(StepConfig):
    """Let so many records or bytes through in a second; the others are dropped, or wait.

    What is left of one second may go in the next. The rate of a pipeline is shared out evenly to
    the partitions of its source, which different workers may have; that of a key counts in each
    partition, and so exactly where `per` comes from the record key. Bytes are those of a record's
    value as JSON.

    With `drop` and `dead_letter` time is that of arrival, the records' Kafka timestamps: what
    piled up while nobody read it is not too much. With `delay` every record waits its turn in a
    topic of the step's own, as at the step `delay`, and goes on in order as fast as the rate
    allows, by the clock: what piled up does not flood what comes behind. Tombstones are let
    through, or wait like records. A record that waits at a later step counts once.
    """

    step: Literal["throttle"] = "throttle"
    rate: WrittenRate
    """How much: `100/s`, `6000/m` records, or `1MiB/s`."""
    per: Literal["pipeline"] | Cel = "pipeline"
    """What has that rate: the `pipeline`, or each value of an expression."""
    excess: Literal["delay", "drop", "dead_letter"]
    """What becomes of records above it."""
    topic: TopicName | None = None
    """Topic that records wait in, for this step alone; default `SOURCE.throttle.ID`."""

    @model_validator(mode="after")
    def _waits_in_one_row(self) -> Self:
        if self.excess == "delay" and self.per != "pipeline":
            message = "records wait in one row: a busy key would hold up all others; drop them"
            raise ValueError(message)
        if self.excess != "delay" and self.topic is not None:
            message = "`topic` is where records wait: only with `excess: delay`"
            raise ValueError(message)
        return self

    def build(self, resources: Resources) -> Transform:
        if self.excess == "delay":
            waits = Delayed(Fate.DELAYED, "throttled", 0, 0)
            return lambda _: waits
        step_id, rate, running = self.id, self.rate, resources.running
        buckets = running.kept(step_id, lambda: TokenBuckets(MOST_KEYS))
        key_of = None if self.per == "pipeline" else _keys(resources.expression(self.per, self.id))
        cost = _bytes if rate.of == "bytes" else _one
        ended = Ended(Fate.DROPPED, "throttled") if self.excess == "drop" else None

        def throttle(record: Record) -> Ended | None:
            partition = record.partition
            if key_of is None:
                bucket = buckets.of(partition, rate.per_second / running.partitions)
            else:
                bucket = buckets.of((partition, key_of(record)), rate.per_second)
            if bucket.take(cost(record), record.timestamp / 1000):
                return None
            if ended is None:
                raise RecordError("throttled", step_id)
            return ended

        return throttle

    def waiting_topic(self, source: str) -> str | None:
        if self.excess != "delay":
            return None
        return self.topic or f"{source}.throttle.{self.id}"

    def counts(self) -> bool:
        return True

    def pace(self) -> Rate | None:
        return self.rate if self.excess == "delay" else None

    def expressions(self) -> dict[str, str]:
        found = super().expressions()
        return {name: text for name, text in found.items() if (name, text) != ("per", "pipeline")}

    def sentence(self) -> str:
        whose = "" if self.per == "pipeline" else f" for each {self.per}"
        ends = {"delay": "the others wait", "drop": "drops the others"}
        end = ends.get(self.excess, "dead-letters the others")
        return f"Lets {self.rate} through{whose}; {end}."


def _keys(compute: Callable[[Record], object]) -> Callable[[Record], Hashable]:
    def key(record: Record) -> bytes:
        text = canonical_text(compute(record)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=16).digest()  # however long the key is

    return key


def _one(_: Record) -> int:
    return 1


def _bytes(record: Record) -> int:
    try:
        return len(orjson.dumps(record.value, default=str, option=orjson.OPT_NON_STR_KEYS))
    except orjson.JSONEncodeError:
        return len(str(record.value))
