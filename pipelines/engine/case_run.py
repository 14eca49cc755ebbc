"""Runs the test cases that stand beside a pipeline, and says where an output differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.declaration.cases import Case, Expected, Given
from pipelines.engine.trial import Trial, TrialRecord, TrialResult
from pipelines.fate import Fate

Encode = Callable[[Given, int], TrialRecord]
"""Turns what a case gives into a raw record with that offset."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went.

    Attributes:
        case: Its id.
        failures: What differs, one sentence each; none: it passed. Cases hold invented values
            only, so a failure may quote them.
        steps: Ids of the steps that decided.
    """

    case: str
    failures: tuple[str, ...]
    steps: tuple[str, ...]


def run_case(case: Case, trial: Trial, encode: Encode) -> CaseResult:
    """Run one case.

    Raises:
        ConfigError: What it gives cannot be a record of this pipeline's source.
    """
    given = (case.given,) if isinstance(case.given, Given) else case.given
    by_record = [trial.run(encode(one, offset)) for offset, one in enumerate(given)]
    results = [result for one in by_record for result in one]
    failures = list(_failures(case, results))
    return CaseResult(case.id, tuple(failures), tuple(dict.fromkeys(one.step for one in results)))


def _failures(case: Case, results: Sequence[TrialResult]) -> Iterator[str]:
    last = results[-1]
    if case.by is not None and last.step != case.by:
        yield f"decided by `{last.step}` ({last.fate}), not by `{case.by}`"
    if case.fate is not None and last.fate != case.fate:
        yield f"fate is {last.fate} ({last.step}: {last.reason or 'no reason'}), not {case.fate}"
    if case.reason is not None and last.reason != case.reason:
        yield f"reason is `{last.reason}`, not `{case.reason}`"
    leaving = [one for one in results if one.fate is Fate.PUBLISHED]
    if case.expect is not None:
        if len(leaving) != len(case.expect):
            ends = ", ".join(f"{one.fate} by `{one.step}`" for one in results) or "nothing"
            yield f"{len(leaving)} records leave, not {len(case.expect)}: {ends}"
        for index, (expected, actual) in enumerate(zip(case.expect, leaving, strict=False)):
            yield from _compared(expected, actual, f"expect[{index}]")
    for text in case.not_anywhere:
        if any(text in repr((one.key, one.value, dict(one.headers))) for one in leaving):
            yield f"`{text}` leaves"


def _compared(expected: Expected, actual: TrialResult, place: str) -> Iterator[str]:
    given = expected.model_fields_set
    if expected.topic is not None and expected.topic != actual.topic:
        yield f"{place}.topic: `{actual.topic}`, not `{expected.topic}`"
    if "key" in given:
        yield from differences(expected.key, actual.key, f"{place}.key", subset=False)
    for name, text in (expected.headers or {}).items():
        if actual.headers.get(name) != text:
            yield f'{place}.headers["{name}"]: {actual.headers.get(name)!r}, not {text!r}'
    if "value" in given:
        subset = expected.match == "subset"
        yield from differences(expected.value, actual.value, f"{place}.value", subset=subset)


def differences(expected: object, actual: object, place: str, *, subset: bool) -> Iterator[str]:
    """Yield where two plain values differ; with `subset`, further fields may stand in `actual`."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name, value in expected.items():
            if name in actual:
                yield from differences(value, actual[name], f"{place}.{name}", subset=subset)
            else:
                yield f"{place}.{name}: is missing"
        if not subset:
            yield from (f"{place}.{name}: is there" for name in actual if name not in expected)
    elif isinstance(expected, list | tuple) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{place}: {len(actual)} elements, not {len(expected)}"
        for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, f"{place}[{index}]", subset=subset)
    elif isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        yield f"{place}: {actual!r}, not {expected!r}"
