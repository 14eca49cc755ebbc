"""Runs the tests beside the pipelines of a workspace: each from nothing, watched for coverage."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter

from pipelines.cli.trial.records import Encode, trial_of
from pipelines.cli.workspace import TrialKeyring, Workspace
from pipelines.declaration.cases import Case, CaseFile, Given
from pipelines.declaration.project import Declared
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.branch import Coverage
from pipelines.engine.case_run import CaseResult, run_case
from pipelines.engine.differences import Difference
from pipelines.engine.trial import Trial
from pipelines.engine.watched import Watched
from pipelines.errors import ConfigError
from pipelines.step import Running


@dataclass(frozen=True, slots=True)
class RanCase:
    """One test that ran.

    Attributes:
        pipeline: The pipeline under test.
        file: The file it stands in.
        index: Which one of that file, from 0.
        result: How it went.
        seconds: What it took.
    """

    pipeline: str
    file: Declared[CaseFile]
    index: int
    result: CaseResult
    seconds: float

    def line_of(self, place: tuple[str | int, ...] = ()) -> int:
        """Return the line of a place in the case, or of the nearest around it that is written."""
        problem = self.file.document.problem(("tests", self.index, *place), "")
        return problem.line or 1


@dataclass(slots=True)
class TestRun:
    """Every test of a workspace.

    Attributes:
        cases: How each went, in the order of the files.
        coverage: What they reached together.
    """

    cases: list[RanCase] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def failed(self) -> list[RanCase]:
        """The tests that did not pass."""
        return [one for one in self.cases if one.result.failures]


def run_tests(workspace: Workspace) -> TestRun:
    """Run every test of a sound workspace."""
    run = TestRun()
    for name, plan in workspace.plans.items():
        Watched(replace(plan.blueprint, keys=_CaseKeyring({})), run.coverage)
        for file in workspace.project.cases:
            if pipeline_of(file) == name:
                for index in range(len(file.model.tests)):
                    run.cases.append(run_one(file, index, plan.blueprint, run.coverage))
    return run


def run_one(
    file: Declared[CaseFile], index: int, blueprint: Blueprint, coverage: Coverage
) -> RanCase:
    """Run one test of a file; what it cannot give is a failure like any other.

    Args:
        file: The test file.
        index: Which test of it.
        blueprint: The pipeline under test.
        coverage: Counts what it reaches.
    """
    case = file.model.tests[index]
    began = perf_counter()
    try:
        clock = _Clock(case.now or file.model.now)
        trial, encode = _prepared(file, case, blueprint, coverage, clock)
        result = run_case(case, trial, encode, clock.take)
    except ConfigError as error:
        given = tuple(Difference(("given",), one.message) for one in error.problems)
        result = CaseResult(case.id, given, ())
    return RanCase(pipeline_of(file), file, index, result, perf_counter() - began)


def pipeline_of(file: Declared[CaseFile]) -> str:
    """Return the name of the pipeline that a test file is about."""
    return file.model.about(file.document.file)


def trial_blueprint(blueprint: Blueprint, now: datetime | None = None) -> Blueprint:
    """Return a pipeline as tests run it: with keys that are the same on every machine.

    Args:
        blueprint: The pipeline.
        now: The time that `now()` says; None: the clock's.
    """
    clock = blueprint.now if now is None else (lambda: now)
    return replace(blueprint, keys=_CaseKeyring({}), now=clock, running=Running())


def _prepared(
    file: Declared[CaseFile],
    case: Case,
    blueprint: Blueprint,
    coverage: Coverage,
    clock: _Clock,
) -> tuple[Trial, Encode]:
    secrets = {**file.model.secrets, **case.secrets}
    given = {**file.model.tables, **case.tables}
    unknown = [name for name in given if name not in blueprint.tables]
    if unknown:
        known = ", ".join(blueprint.tables) or "none"
        raise ConfigError(f"the pipeline looks up in no table `{unknown[0]}`; it has: {known}")
    tables = {name: table.load(file.folder) for name, table in given.items()}
    prepared = replace(
        blueprint,
        keys=_CaseKeyring(secrets),
        tables={**blueprint.tables, **tables},
        running=Running(),
        now=blueprint.now if clock.default is None and not _has_times(case) else clock,
    )
    # compiled anew: no case meets what another one left behind
    watched = Watched(prepared, coverage)
    return trial_of(watched.plan, watched.seen)


def _has_times(case: Case) -> bool:
    return any(one.now is not None for one in case.records)


class _Clock:
    """The time that a case gives."""

    def __init__(self, default: datetime | None) -> None:
        self.default = default
        self._now = default

    def take(self, given: Given) -> None:
        """Set the time at which a record is processed."""
        self._now = given.now or self._now

    def __call__(self) -> datetime:
        if self._now is None:
            raise ConfigError("give `now` to the case or to each of its records")
        return self._now


class _CaseKeyring:
    """Keys made from the texts that a case gives, else from their names."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets

    def key(self, name: str) -> bytes:
        if name not in self._secrets:
            return TrialKeyring().key(name)
        return hashlib.sha256(b"clearwater test secret " + self._secrets[name].encode()).digest()
