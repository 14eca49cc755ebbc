"""`clearwater test`: run the tests that stand beside the pipelines."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.cases.report import run_json, show_run, show_too_low, write_junit
from pipelines.cli.cases.runs import TestRun, run_tests
from pipelines.cli.cases.writing import write_cases
from pipelines.cli.output import Json, err, out, print_json, print_problems
from pipelines.cli.workspace import Workspace
from pipelines.errors import ClearwaterError, ConfigError
from pipelines.runtime.watch import Watch

_LOOK_SECONDS = 0.2


def test(
    path: Annotated[
        Path, typer.Argument(help="Folder with pipelines and their *.test.yaml, or one pipeline.")
    ],
    fail_under: Annotated[
        float,
        typer.Option(
            "--fail-under", min=0, max=100, help="Least % reached of each pipeline and policy."
        ),
    ] = 0,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write JUnit XML into this file.")
    ] = None,
    generate: Annotated[
        Path | None,
        typer.Option("--generate", help="Write tests from these samples instead; no value stays."),
    ] = None,
    pipeline: Annotated[
        str, typer.Option("--pipeline", help="Which pipeline the samples are of.")
    ] = "",
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again whenever a file changes, until Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run every test beside the pipelines; exit 1 if one fails or too little is reached.

    Keys are made from their names, so that results are the same on every machine. What is reached
    is counted by steps, conditions true and false, rules, tags, findings and destinations; what no
    test reaches is named.

    `--generate` runs samples through a pipeline and writes one test for each branch they reach,
    with made-up values of the same shape in place of theirs.

    Example: clearwater test pipelines/examples
    """
    if generate is not None:
        write_cases(path, generate, pipeline)
        return
    if watch:
        _watched(path)
        return
    run = _run(path)
    if as_json:
        print_json(run_json(run))
    else:
        show_run(run)
    if junit is not None:
        write_junit(run, junit)
    too_low = show_too_low(run.coverage, fail_under)
    if run.failed or too_low:
        raise typer.Exit(1)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(test)


def _run(path: Path) -> TestRun:
    run = run_tests(Workspace.open(path, tests=True).sound())
    if not run.cases:
        raise ConfigError(
            f"{path}: no tests: write `tests:` into a file NAME.test.yaml beside the pipeline, or "
            f"make them from samples: clearwater test {path} --generate SAMPLES.jsonl"
        )
    return run


def _watched(path: Path) -> None:
    """Run the tests now and at every change, until Ctrl-C; what is wrong is shown."""
    folder = path if path.is_dir() else path.parent
    watch = Watch(folder, tests=True)
    asked: list[int] = []  # a KeyboardInterrupt may be lost where a library calls back
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        while not asked:
            try:
                show_run(_run(path))
            except ConfigError as error:
                print_problems(error.problems)
            except ClearwaterError as error:
                err.print(str(error), style="red", markup=False)
            out.print(f"watching {folder}; Ctrl-C ends it", style="dim", markup=False)
            while not asked and not watch.changed():
                time.sleep(_LOOK_SECONDS)
            if not asked:
                out.rule(f"saved, {time.strftime('%H:%M:%S')}", align="left")
    finally:
        signal.signal(signal.SIGINT, before)
    err.print("stopped")
