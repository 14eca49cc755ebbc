"""What two versions of a pipeline make of the same records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from pipelines.cli.trials import trial_of
from pipelines.engine.outcome import RawRecord
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord, TrialResult
from pipelines.field_path import MISSING

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One record that two versions make different things of.

    Attributes:
        place: Which, as `partition@offset`.
        told: What differs, one line each: the fate, or what leaves. Clean values only.
    """

    place: str
    told: tuple[str, ...]


def changes(old: Plan, new: Plan, records: Iterable[tuple[int, RawRecord]]) -> Iterator[Change]:
    """Yield the records of a source that the new plan makes something else of than the old one.

    Args:
        old: The plan that ran.
        new: The plan that is to run.
        records: Partition and raw record.
    """
    (before, _), (after, _) = trial_of(old), trial_of(new)
    for partition, one in records:
        raw = TrialRecord(one.offset, one.timestamp or 0, one.key, one.value, tuple(one.headers))
        told = tuple(_told(before.run(raw), after.run(raw)))
        if told:
            yield Change(f"{partition}@{one.offset}", told)


def _told(old: list[TrialResult], new: list[TrialResult]) -> Iterator[str]:
    ends = [f"{one[-1].fate} ({_decided(one[-1])})" for one in (old, new)]
    if ends[0] != ends[1]:
        yield f"{ends[0]} → {ends[1]}"
    by_topic = [{one.topic: one for one in results if one.topic} for results in (old, new)]
    for topic in sorted({*by_topic[0], *by_topic[1]}):
        one, other = (results.get(topic) for results in by_topic)
        if one is None or other is None:
            yield f"{topic}: {'leaves here now' if one is None else 'leaves here no more'}"
            continue
        parts = (("key", one.key, other.key), ("value", one.value, other.value))
        headers = ("headers", _shown(one.headers), _shown(other.headers))
        for name, left, right in (*parts, headers):
            for path, was, now in differing(left, right, name):
                yield f"{path}: {_text(was)} → {_text(now)}"


def differing(old: object, new: object, path: str) -> Iterator[tuple[str, object, object]]:
    """Yield path, old and new of every innermost value that differs; absent ones included."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from differing(old.get(name, MISSING), new.get(name, MISSING), f"{path}.{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differing(one, other, f"{path}[{index}]")
    elif type(old) is not type(new) or old != new:
        yield path, old, new


def _decided(result: TrialResult) -> str:
    return f"{result.step}: {result.reason}" if result.reason else result.step


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in headers.items() if not name.startswith("x-clearwater-")}


def _text(value: object) -> str:
    if value is MISSING:
        return "(absent)"
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
