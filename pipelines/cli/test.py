"""`clearwater test`: run the tests that stand beside the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, err, out, print_json
from pipelines.cli.trials import trial_of
from pipelines.cli.workspace import Workspace
from pipelines.declaration.cases import CaseFile
from pipelines.declaration.project import Declared
from pipelines.engine.case_run import CaseResult, run_case
from pipelines.engine.trial import Trial
from pipelines.errors import ConfigError


def test(
    path: Annotated[Path, typer.Argument(help="Folder with pipelines and their *.test.yaml.")],
    *,
    as_json: Json = False,
) -> None:
    """Run every test beside the pipelines; exit 1 if one fails.

    Example: clearwater test pipelines/examples
    """
    workspace = Workspace.open(path).sound()
    trials = {name: trial_of(plan) for name, plan in workspace.plans.items()}
    rows: list[tuple[str, CaseResult]] = []
    for cases in workspace.project.cases:
        name = cases.model.pipeline or cases.document.file.name.split(".test.")[0]
        trial, encode = trials[name]
        for index, case in enumerate(cases.model.tests):
            try:
                result = run_case(case, trial, encode)
            except ConfigError as error:
                place = cases.document.problem(("tests", index, "given"), str(error))
                raise ConfigError([place]) from None
            rows.append((name, result))
            if not as_json:
                _show(name, result, cases, index)
    failed = [result for _, result in rows if result.failures]
    if as_json:
        print_json(
            [
                {"pipeline": name, "test": one.case, "failures": one.failures, "by": one.steps}
                for name, one in rows
            ]
        )
    else:
        untested = _untested(rows, trials)
        for name, ids in untested.items():
            err.print(f"{name}: no test decided by {', '.join(ids)}", style="yellow", markup=False)
        out.print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
    if not rows:
        raise ConfigError(f"{path}: no tests: write `tests:` into a file NAME.test.yaml")
    if failed:
        raise typer.Exit(1)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(test)


def _show(name: str, result: CaseResult, cases: Declared[CaseFile], index: int) -> None:
    if not result.failures:
        out.print(f"ok      {name}: {result.case}", markup=False)
        return
    line, _ = cases.document.positions.get(("tests", index), (1, 1))
    out.print(f"FAILED  {name}: {result.case}", style="red", markup=False)
    out.print(f"        {cases.document.file}:{line}", markup=False)
    for failure in result.failures:
        out.print(f"        {failure}", markup=False)


def _untested(
    rows: list[tuple[str, CaseResult]], trials: Mapping[str, tuple[Trial, object]]
) -> dict[str, list[str]]:
    """Return the ids of steps that can end a record, by pipeline, which no test reached."""
    found = {}
    for name, (trial, _) in trials.items():
        reached = {step for other, result in rows if other == name for step in result.steps}
        steps = trial.plan.blueprint.pipeline.steps
        ids = [step.id for step in steps if step.step == "drop" and step.id not in reached]
        if ids:
            found[name] = ids
    return found
