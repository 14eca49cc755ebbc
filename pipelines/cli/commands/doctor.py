"""`clearwater doctor`: what is wrong around a worker, and how to mend it."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, out, print_json, print_table
from pipelines.cli.workspace import Workspace
from pipelines.quantity import counted
from pipelines.runtime.checkup import Finding, brokers, machine, registry
from pipelines.settings import load_settings

_COLOURS = {"good": "green", "warning": "yellow", "bad": "red"}


def doctor(
    folder: Annotated[Path, typer.Argument(help="Folder with the pipelines.")],
    *,
    as_json: Json = False,
) -> None:
    """Look at everything a worker needs, and say what is wrong and how to mend it.

    Declarations, keys, certificates, limits of this machine, brokers, login, topics and their
    sizes, the group, the registry, the clock. Changes nothing; exit code 1 if something is bad.
    That we may write to a topic only shows in writing: compare with `clearwater acls print`.

    Example: clearwater doctor pipelines/
    """
    settings = load_settings()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what it sees is told below
    workspace = Workspace.open(folder, settings)
    pipelines = [one.model for one in workspace.project.pipelines.values()]
    now = time.time()

    async def asked() -> list[Finding]:
        return [one async for one in brokers(settings, pipelines)]

    found = [
        _declarations(workspace),
        *machine(settings, now),
        *asyncio.run(asked()),
        *registry(workspace.parts.registry, settings, pipelines, now),
    ]
    if as_json:
        print_json(
            [{"subject": one.subject, "state": one.state, "text": one.text} for one in found]
        )
    else:
        print_table(
            "What a worker needs",
            ("", "", ""),
            [(one.subject, one.state, one.text) for one in found],
        )
        counts = {state: sum(one.state == state for one in found) for state in _COLOURS}
        worst = next(state for state in ("bad", "warning", "good") if counts[state])
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        out.print(told, style=_COLOURS[worst])
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(doctor)


def _declarations(workspace: Workspace) -> Finding:
    errors = len(workspace.project.errors)
    if errors:
        return Finding(
            "declarations", "bad", f"{counted(errors, 'error')}: `clearwater check` shows them"
        )
    count = counted(len(workspace.project.pipelines), "pipeline")
    if not workspace.has_keys:
        text = f"{count}; CLEARWATER_KEYS is not set, and no worker starts without"
        return Finding("declarations", "bad", text)
    return Finding("declarations", "good", count)
