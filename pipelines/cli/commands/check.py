"""`clearwater check`: everything wrong with a folder of pipelines, before anything starts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import err, out, print_json, print_problems
from pipelines.cli.reports import Format
from pipelines.cli.reports.facts import problem_facts
from pipelines.cli.reports.github import github_report
from pipelines.cli.reports.sarif import sarif_report
from pipelines.cli.workspace import Workspace
from pipelines.declaration.project import ordered
from pipelines.errors import ConfigError, Problem
from pipelines.quantity import counted


def check(
    folder: Annotated[Path, typer.Argument(help="Folder with pipelines, policies and tests.")],
    report: Annotated[
        Format,
        typer.Option(
            "--format",
            help="text: excerpts for people. json, sarif: for programs. "
            "github: annotations in a workflow of GitHub Actions.",
        ),
    ] = "text",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Report every problem with its place and how to mend it; exit 2 if there is an error.

    Each has a stable code, which `clearwater help` explains: `clearwater help CW0103`.

    Example: clearwater check pipelines/examples --format github
    """
    names: list[str] = []
    try:
        project = Workspace.open(folder).project
        problems, names = ordered(project.problems), sorted(project.pipelines)
    except ConfigError as error:
        problems = ordered(error.problems)
    _print(problems, names, "json" if as_json else report)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(2)


def _print(problems: Sequence[Problem], names: Sequence[str], report: Format) -> None:
    if report == "json":
        print_json({"pipelines": names, "problems": [problem_facts(one) for one in problems]})
    elif report == "sarif":
        print_json(sarif_report(problems))
    elif report == "github":
        for line in github_report(problems):
            typer.echo(line)
    else:
        print_problems(problems)
        errors = sum(problem.severity == "error" for problem in problems)
        told = ((len(names), "pipeline"), (errors, "error"), (len(problems) - errors, "warning"))
        summary = ", ".join(counted(number, word) for number, word in told)
        (err if errors else out).print(summary)
        if any(problem.code for problem in problems):
            err.print("`clearwater help CODE` explains a code, with an example.", markup=False)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(check)
