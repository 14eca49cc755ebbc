"""Bursts: a record that comes so often that a throttle has enough of it, as a test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.cli.cases.sample_runs import SampleRuns
from pipelines.cli.cases.scrubbing import Way
from pipelines.declaration.cases import MOST_TIMES, Given
from pipelines.engine.branch import Branch
from pipelines.engine.trial import TrialResult
from pipelines.fate import Fate

_LATER_SECONDS = (1, 60, 3600)  # what may have to pass until the throttle lets one through again


def entered_by(one: object, excess: Branch) -> bool:
    """Return True for the branch by which a record comes to a throttle."""
    if not isinstance(one, Branch) or (one.name, one.what) != (excess.name, excess.what):
        return False
    return one.kind == "step" or (one.kind == "when" and one.outcome == "true")


def burst(
    branch: Branch, records: Iterable[tuple[Given, Way]], runs: SampleRuns
) -> dict[str, Any] | None:
    """Return a test: as many records as a throttle lets through, one more, and one later.

    Args:
        branch: What is to be reached: the throttle's excess.
        records: Records that may be written to a file, with the branches that they take.
        runs: Runs them.

    Returns:
        The test; None if no record comes there, or too many would be needed.
    """
    best = None
    for given, way in records:
        if not any(entered_by(one, branch) for one in way):
            continue
        found = _test(branch, given, runs)
        if found is None:
            break
        if all(one["fate"] == Fate.PUBLISHED for one in (found["fates"][0], found["fates"][-1])):
            return found
        best = best or found
    return best


def _test(branch: Branch, given: Given, runs: SampleRuns) -> dict[str, Any] | None:
    through, (way, results) = 0, runs.run(given)
    fates = []
    while branch not in way:
        through += 1
        fates = [_fate(results)]
        if through > MOST_TIMES:
            return None
        way, results = runs.run_next(given)
    several = [given.model_copy(update={"times": through}), given]
    fates.append(_fate(results))
    for seconds in _LATER_SECONDS:
        later = given.model_copy(update={"timestamp": given.timestamp + seconds * 1000})
        way, results = runs.run_next(later)
        if branch not in way:
            several.append(later)
            fates.append(_fate(results))
            break
    return {
        "id": str(branch),
        "given": [one.model_dump(exclude_defaults=True) for one in several],
        "fates": fates,
    }


def _fate(results: list[TrialResult]) -> dict[str, str]:
    last = results[-1]
    found = {"fate": last.fate.value, "by": last.step, "reason": last.reason}
    return {name: text for name, text in found.items() if text}
