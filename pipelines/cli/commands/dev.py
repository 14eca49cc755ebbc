"""`clearwater dev`: a folder of pipelines running on an embedded broker, taken up on each save."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.dev.playground import Playground
from pipelines.cli.dev.session import DevSession
from pipelines.cli.output import err, out
from pipelines.cli.workspace import Workspace
from pipelines.errors import ClearwaterError
from pipelines.runtime.watch import Watch

_LOOK_SECONDS = 0.2
_COUNT_SECONDS = 0.5
_MOST_LOOKS = 10

Fates = dict[tuple[str, str, str, str], int]
"""Records by pipeline, fate, step and reason."""


def dev(folder: Annotated[Path, typer.Argument(help="Folder with the pipelines.")]) -> None:
    """Run a folder's pipelines on an embedded Apache Kafka until Ctrl-C, and follow its files.

    Topics and keys are made, schemas of `schemas/` registered, `samples/PIPELINE.jsonl` fed. Each
    save shows what is wrong, or how the tests went and what becomes of the last records now; while
    something is wrong the last good version runs on.

    Example: clearwater dev pipelines/examples
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does, in order
    watch = Watch(folder, tests=True)  # before anything is read: what changes from now on is seen
    workspace = Workspace.open(folder).sound()
    with Playground(folder, _say, with_registry=_uses_avro(workspace)) as playground:
        session = DevSession(folder, playground, _say)
        session.begin()
        _introduce(playground, session.workspace)
        try:
            _follow(session, watch)
        except KeyboardInterrupt:
            err.print("\nstopping")
        if code := playground.stop_worker():
            raise ClearwaterError(f"the worker ended with {code}; its log is {playground.log}")


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(dev)


def _say(line: str) -> None:
    err.print(f"· {line}", style="dim", markup=False)


def _uses_avro(workspace: Workspace) -> bool:
    return any(one.model.source.value == "avro" for one in workspace.project.pipelines.values())


def _introduce(playground: Playground, workspace: Workspace) -> None:
    out.print("\nrunning; in another terminal:", style="bold")
    for name, value in playground.environment.items():
        out.print(f"  export {name}={value}", markup=False)
    for one in workspace.project.pipelines.values():
        out.print(f"  clearwater tail {one.model.publish.topic} --before-after", markup=False)
    out.print("save a file and see here what it changes; Ctrl-C ends it, the data go with it\n")


def _follow(session: DevSession, watch: Watch) -> None:
    """Show what becomes of records, and take up each save, until Ctrl-C."""
    counts = _Counts()
    due = 0.0
    while True:
        if time.monotonic() >= due:
            counts.look(session.playground.fates())
            due = time.monotonic() + _COUNT_SECONDS
        if watch.changed():
            out.rule(f"saved, {time.strftime('%H:%M:%S')}", align="left")
            if session.take_up():
                counts = _Counts()
        time.sleep(_LOOK_SECONDS)


class _Counts:
    """Shows what became of records, once the counts have come to rest or some seconds have gone."""

    def __init__(self) -> None:
        self._shown: Fates = {}
        self._seen: Fates = {}
        self._since = 0

    def look(self, now: Fates) -> None:
        """Take the counts of now."""
        at_rest, self._seen = now == self._seen, now
        self._since += 1
        if now == self._shown or not (at_rest or self._since >= _MOST_LOOKS):
            return
        for key, count in sorted(now.items()):
            if count != self._shown.get(key, 0):
                pipeline, fate, step, reason = key
                decided = f"{step}: {reason}" if reason else step
                out.print(f"{pipeline:<16} {fate:<14} {count:>8}  {decided}", markup=False)
        self._shown, self._since = now, 0
