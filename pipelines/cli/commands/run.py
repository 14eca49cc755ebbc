"""`clearwater run`: the worker."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import print_problems
from pipelines.cli.workspace import Workspace
from pipelines.declaration.project import Project
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError
from pipelines.keyring import FolderKeyring
from pipelines.runtime.allocator import share_arena
from pipelines.runtime.health import Health, watch_loop
from pipelines.runtime.process import run_worker, status_server
from pipelines.runtime.reload import Sources
from pipelines.runtime.supervisor import supervisor
from pipelines.runtime.watch import Watch
from pipelines.runtime.workers_status import workers_status
from pipelines.settings import Settings, load_settings
from pipelines.telemetry.logs import configure
from pipelines.telemetry.metrics import Metrics


def run(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder with the pipelines.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Worker processes, one per core.")
    ] = None,
) -> None:
    """Run the pipelines of a folder until told to stop.

    Every setting is an option too: `--brokers kafka:9092` is CLEARWATER_BROKERS; see
    `clearwater settings`.

    Example: clearwater run pipelines/ --brokers kafka:9092 --keys ./keys --workers 4
    """
    share_arena()
    options = options_of(context.args)
    if workers is not None:
        options["workers"] = str(workers)
    settings = load_settings(options)
    configure(settings.log_level, settings.log_format)
    sys.exit(asyncio.run(_run(folder, settings)))


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    extra = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(name, context_settings=extra)(run)


def options_of(arguments: list[str]) -> dict[str, str]:
    """Return settings given as options: `--commit-interval 2s` or `--commit-interval=2s`.

    Raises:
        ConfigError: An argument is no option with a value.
    """
    options: dict[str, str] = {}
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if not name.startswith("--"):
            raise ConfigError(f"`{argument}` is no option: settings are given as --name value")
        if not equals:
            found = next(waiting, None)
            if found is None:
                raise ConfigError(f"{name} needs a value")
            value = found
        options[name[2:].replace("-", "_")] = value
    return options


async def _run(folder: Path, settings: Settings) -> int:
    if settings.keys is None:
        raise ConfigError(
            "CLEARWATER_KEYS is not set: name the folder with the key files; "
            "`clearwater keys create NAME` makes one"
        )
    # before anything is read: what changes from now on is seen
    watch = await asyncio.to_thread(Watch, folder)
    # compiled here even with a supervisor: a wrong declaration starts nothing
    workspace = await asyncio.to_thread(lambda: _opened(folder, settings))
    print_problems(one for one in workspace.project.problems if settings.supervisor is None)
    if settings.workers > 1 and settings.supervisor is None:
        return await _supervise(folder, settings)

    def compiled() -> tuple[Project, dict[str, Plan]]:
        found = Workspace.open(folder, settings, registers=True, parts=workspace.parts)
        return found.project, found.plans

    sources = Sources(watch, compiled, workspace.project)
    return await run_worker(workspace.plans, settings, FolderKeyring(settings.keys), sources)


def _opened(folder: Path, settings: Settings) -> Workspace:
    supervises = settings.workers > 1 and settings.supervisor is None
    return Workspace.open(folder, settings, registers=not supervises).sound()


async def _supervise(folder: Path, settings: Settings) -> int:
    health, metrics = Health(liveness_timeout=settings.liveness_timeout), Metrics()
    command = [sys.executable, "-m", "pipelines", "run", str(folder)]
    running = supervisor(settings, command)
    running.on_restart = lambda index: metrics.worker_restarts[(str(index),)].inc()
    turning = asyncio.create_task(watch_loop(health))
    async with status_server(settings, workers_status(running.workers, health, metrics)):
        code = await running.run()
    turning.cancel()
    return code
