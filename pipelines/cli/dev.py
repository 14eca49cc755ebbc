"""`clearwater dev`: a folder of pipelines running on an embedded broker, to try things out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import err, out
from pipelines.cli.playground import Playground
from pipelines.cli.workspace import Workspace
from pipelines.declaration.check import keys_needed
from pipelines.declaration.project import Project
from pipelines.errors import ClearwaterError
from pipelines.runtime.assembly import schema_folder
from pipelines.settings import load_settings
from pipelines.wire.file_registry import FileRegistry
from pipelines.wire.registry import HttpRegistry


def dev(
    folder: Annotated[Path, typer.Argument(help="Folder with the pipelines.")],
    *,
    once: Annotated[
        bool, typer.Option("--once", help="End when the samples are through.", hidden=True)
    ] = False,
) -> None:
    """Run a folder's pipelines on an embedded Apache Kafka until Ctrl-C.

    Topics and keys are made, schemas of `schemas/` registered, `samples/PIPELINE.jsonl` fed.

    Example: clearwater dev pipelines/examples
    """
    workspace = Workspace.open(folder).sound()
    project = workspace.project
    uses_avro = any(one.model.source.value == "avro" for one in project.pipelines.values())
    with Playground(folder, _say, with_registry=uses_avro) as playground:
        playground.make_keys(
            {name for one in project.pipelines.values() for name in keys_needed(project, one.model)}
        )
        registry = playground.environment.get("CLEARWATER_SCHEMA_REGISTRY")
        if registry is not None:
            _register_schemas(folder, registry)
            settings = load_settings({"schema_registry": registry})
            workspace = Workspace.open(folder, settings, registers=True).sound()
        _say(f"made {playground.make_topics(workspace)} topics")
        playground.start_worker()
        fed = 0
        for name, plan in workspace.plans.items():
            samples = folder / "samples" / f"{name}.jsonl"
            if samples.is_file():
                count = playground.feed(plan, samples)
                fed += count
                _say(f"produced {count} records to {plan.blueprint.pipeline.source.topic}")
        _introduce(playground, project)
        _follow(playground, fed, once=once)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(dev)


def _say(line: str) -> None:
    err.print(f"· {line}", style="dim", markup=False)


def _register_schemas(folder: Path, url: str) -> None:
    beside = schema_folder(folder)
    if beside is None:
        return
    files, registry = FileRegistry(beside), HttpRegistry(url)
    for file in sorted(beside.glob("*.avsc")):
        registry.register(file.stem, files.latest(file.stem)[1])
        _say(f"registered {file.stem}")
    registry.close()


def _introduce(playground: Playground, project: Project) -> None:
    out.print("\nrunning; in another terminal:", style="bold")
    for name, value in playground.environment.items():
        out.print(f"  export {name}={value}", markup=False)
    for one in project.pipelines.values():
        out.print(f"  clearwater tail {one.model.publish.topic}", markup=False)
    out.print("Ctrl-C ends it; the data goes with it\n")


def _follow(playground: Playground, fed: int, *, once: bool) -> None:
    """Print what became of records whenever that changes, until Ctrl-C."""
    before: dict[tuple[str, str, str, str], int] = {}
    try:
        while True:
            time.sleep(1)
            fates = playground.fates()
            for key, count in sorted(fates.items()):
                if count != before.get(key, 0):
                    pipeline, fate, step, reason = key
                    decided = f"{step}: {reason}" if reason else step
                    out.print(f"{pipeline:<16} {fate:<14} {count:>8}  {decided}", markup=False)
            before = fates
            if once and sum(fates.values()) >= fed:
                break
    except KeyboardInterrupt:
        err.print("\nstopping")
    if code := playground.stop_worker():
        raise ClearwaterError(f"the worker ended with {code}; its log is {playground.log}")
