"""`clearwater check`: everything wrong with a folder of pipelines, before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, err, out, print_json, print_problems, problem_json
from pipelines.cli.workspace import Workspace
from pipelines.declaration.project import ordered


def check(
    folder: Annotated[Path, typer.Argument(help="Folder with pipelines, policies and tests.")],
    *,
    as_json: Json = False,
) -> None:
    """Report every problem with file, line and how to mend it; exit 2 if there is an error.

    Example: clearwater check pipelines/examples
    """
    workspace = Workspace.open(folder)
    problems = ordered(workspace.project.problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        print_json(
            {
                "pipelines": sorted(workspace.project.pipelines),
                "problems": [problem_json(problem) for problem in problems],
            }
        )
    else:
        print_problems(problems)
        counted = f"{len(workspace.project.pipelines)} pipelines, {len(errors)} errors, "
        counted += f"{len(problems) - len(errors)} warnings"
        (err if errors else out).print(counted)
    if errors:
        raise typer.Exit(2)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(check)
