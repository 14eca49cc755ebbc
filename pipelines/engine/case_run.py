"""Runs the test cases that stand beside a pipeline, and says where an output differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from pipelines.declaration.cases import Case, Expected, ExpectedFate, Given
from pipelines.engine.differences import Difference, differences
from pipelines.engine.trial import Trial, TrialRecord, TrialResult
from pipelines.fate import Fate
from pipelines.quantity import duration_text

Encode = Callable[[Given, int], TrialRecord]
"""Turns what a case gives into a raw record with that offset."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went.

    Attributes:
        case: Its id.
        failures: What differs; none: it passed.
        steps: Ids of the steps that decided.
    """

    case: str
    failures: tuple[Difference, ...]
    steps: tuple[str, ...]


def run_case(
    case: Case, trial: Trial, encode: Encode, before: Callable[[Given], None] | None = None
) -> CaseResult:
    """Run one case.

    Args:
        case: The case.
        trial: Runs records through its pipeline.
        encode: Makes them raw.
        before: Called before each record runs, to set the time for it.

    Raises:
        ConfigError: What it gives cannot be a record of this pipeline's source.
    """
    results: list[list[TrialResult]] = []
    last = []
    for given in case.records:
        if before is not None:
            before(given)
        for _ in range(given.times):
            results.append(trial.run(encode(given, len(results))))
        last.append(results[-1])
    failures = tuple(_failures(case, last, [one for several in results for one in several]))
    steps = dict.fromkeys(one.step for several in results for one in several)
    return CaseResult(case.id, failures, tuple(steps))


def _failures(
    case: Case, ends: Sequence[Sequence[TrialResult]], results: Sequence[TrialResult]
) -> Iterator[Difference]:
    last = ExpectedFate(by=case.by, fate=case.fate, reason=case.reason)
    yield from _fate(last, ends[-1], ())
    for index, (expected, end) in enumerate(zip(case.fates or (), ends, strict=False)):
        yield from _fate(expected, end, ("fates", index))
    if case.expect is not None:
        yield from _leaving(case.expect, results)
    if case.dead_letters is not None:
        yield from _dead_letters(case, results)
    for index, text in enumerate(case.not_anywhere):
        for place in dict.fromkeys(_places(text, results)):
            yield Difference(("not_anywhere", index), f"`{text}` leaves: {place}")


def _asked_for(expected: ExpectedFate, results: Sequence[TrialResult]) -> TrialResult:
    """Return the end that is asked for: the last one, or the delay before it that is named."""
    fate, by = expected.fate, expected.by
    delayed = [one for one in results if one.fate is Fate.DELAYED and by in {None, one.step}]
    asks = fate is Fate.DELAYED or (fate is None and by is not None)
    return delayed[-1] if asks and delayed else results[-1]


def _fate(
    expected: ExpectedFate, results: Sequence[TrialResult], place: tuple[str | int, ...]
) -> Iterator[Difference]:
    actual = _asked_for(expected, results)
    if expected.by is not None and actual.step != expected.by:
        message = f"decided by `{actual.step}` ({actual.fate}), not by `{expected.by}`"
        yield Difference((*place, "by"), message, expected.by, actual.step)
    if expected.fate is not None and actual.fate != expected.fate:
        reason = actual.reason or "no reason"
        message = f"fate is {actual.fate} ({actual.step}: {reason}), not {expected.fate}"
        yield Difference((*place, "fate"), message, expected.fate.value, actual.fate.value)
    if expected.reason is not None and actual.reason != expected.reason:
        message = f"reason is `{actual.reason}`, not `{expected.reason}`"
        yield Difference((*place, "reason"), message, expected.reason, actual.reason)


def _leaving(expect: Sequence[Expected], results: Sequence[TrialResult]) -> Iterator[Difference]:
    leaving = [one for one in results if one.fate is Fate.PUBLISHED]
    if len(leaving) != len(expect):
        ends = ", ".join(_told(one) for one in results) or "nothing"
        yield Difference(("expect",), f"{len(leaving)} published, not {len(expect)}: {ends}")
    for index, (expected, actual) in enumerate(zip(expect, leaving, strict=False)):
        yield from _compared(expected, actual, index)


def _compared(expected: Expected, actual: TrialResult, index: int) -> Iterator[Difference]:
    given, place = expected.model_fields_set, ("expect", index)
    if expected.topic is not None and expected.topic != actual.topic:
        message = f"`{actual.topic}`, not `{expected.topic}`"
        yield Difference((*place, "topic"), message, expected.topic, actual.topic)
    if expected.after is not None and expected.after != actual.after:
        wanted, found = duration_text(expected.after), duration_text(actual.after)
        yield Difference((*place, "after"), f"{found}, not {wanted}", wanted, found)
    if "key" in given:
        yield from differences(expected.key, actual.key, (*place, "key"), "exact")
    headers = {name: actual.headers.get(name) for name in expected.headers or {}}
    yield from differences(expected.headers or {}, headers, (*place, "headers"), "subset")
    if "value" in given:
        yield from differences(expected.value, actual.value, (*place, "value"), expected.match)


def _dead_letters(case: Case, results: Sequence[TrialResult]) -> Iterator[Difference]:
    expected = case.dead_letters or ()
    letters = [one for one in results if one.fate is Fate.DEAD_LETTERED]
    if len(letters) != len(expected):
        ends = ", ".join(_told(one) for one in results) or "nothing"
        message = f"{len(letters)} dead-lettered, not {len(expected)}: {ends}"
        yield Difference(("dead_letters",), message)
    for index, (wanted, letter) in enumerate(zip(expected, letters, strict=False)):
        place = ("dead_letters", index)
        yield from _fate(ExpectedFate(by=wanted.by, reason=wanted.reason), [letter], place)
        found = {"topic": letter.topic, "preview": letter.value}
        named = wanted.model_dump(include={"topic", "preview"}, exclude_none=True)
        yield from differences(named, found, place, "subset")


def _told(result: TrialResult) -> str:
    reason = f": {result.reason}" if result.reason else ""
    return f"{result.fate} by `{result.step}`{reason}"


def _places(text: str, results: Sequence[TrialResult]) -> Iterator[str]:
    """Yield where a text stands in what leaves and in the previews of dead letters."""
    for one in results:
        parts = {"key": one.key, "value": one.value, "headers": dict(one.headers)}
        for name, part in parts.items():
            if any(text in written for written in _texts(part)):
                yield f"{name} to {one.topic}"


def _texts(part: object) -> Iterator[str]:
    """Yield a value as JSON, and each of its texts as it is: JSON writes some of them otherwise."""
    yield orjson.dumps(part, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping | list):
        for one in part.values() if isinstance(part, Mapping) else part:
            if isinstance(one, str | Mapping | list):
                yield from _texts(one)
