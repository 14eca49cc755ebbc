"""DevSession: a folder's pipelines on a playground, and what each save of a file does to them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pipelines.cli.cases.report import failure_lines
from pipelines.cli.cases.runs import run_tests
from pipelines.cli.dev.playground import Playground
from pipelines.cli.masked import masked, shown
from pipelines.cli.output import out, print_problems
from pipelines.cli.trial.comparison import Comparing
from pipelines.cli.trial.records import trial_of
from pipelines.cli.trial.report import show_comparison
from pipelines.cli.workspace import Workspace
from pipelines.declaration.cases import Given
from pipelines.declaration.check import keys_needed
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import load, ordered
from pipelines.embedded.java import Say
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from pipelines.errors import ClearwaterError, ConfigError, RecordError
from pipelines.quantity import counted
from pipelines.runtime.assembly import schema_folder
from pipelines.runtime.browse import Browsed, browse
from pipelines.runtime.reload import needing_restart
from pipelines.settings import load_settings
from pipelines.wire.file_registry import FileRegistry
from pipelines.wire.registry import HttpRegistry

LAST = 5
"""Records of each partition of a source that a changed pipeline is tried on."""

_TAKEN_UP_SECONDS = 60.0  # on a machine with many at work


class DevSession:
    """What runs on a playground.

    Attributes:
        playground: Where it runs.
        workspace: The last good version: the one that runs.
    """

    def __init__(self, folder: Path, playground: Playground, say: Say) -> None:
        """Take the folder; nothing is started."""
        self.playground = playground
        self._folder = folder
        self._say = say
        self._samples: dict[str, float] = {}
        self._schemas: dict[str, str] = {}
        self._registry = playground.environment.get("CLEARWATER_SCHEMA_REGISTRY")

    def begin(self) -> None:
        """Make what the pipelines need, start the worker, feed the samples.

        Raises:
            ConfigError: A declaration is wrong.
        """
        self.workspace = self._opened().sound()
        self._make_topics(self.workspace)
        self.playground.start_worker()
        self._feed()

    def take_up(self) -> bool:
        """Look at what was saved and show it; return True if the worker was started anew."""
        try:
            workspace = self._opened()
            print_problems(ordered(workspace.project.problems))
            if workspace.project.errors:
                count = counted(len(workspace.project.errors), "error")
                out.print(f"{count}; the last good version runs on", style="bold red")
                return False
            self._make_topics(workspace)
            self._test(workspace)
            self._compare(workspace)
            return self._exchange(workspace)
        except ConfigError as error:
            print_problems(error.problems)
            out.print("the last good version runs on", style="bold red")
        except ClearwaterError as error:
            out.print(str(error), style="red", markup=False)
        return False

    def _opened(self) -> Workspace:
        """Load and compile the folder anew; make its keys and register schemas that changed."""
        project = load(self._folder)
        needed = [keys_needed(project, one.model) for one in project.pipelines.values()]
        self.playground.make_keys({name for names in needed for name in names})
        options = {"keys": self.playground.environment["CLEARWATER_KEYS"]}
        if self._registry is not None:
            options["schema_registry"] = self._registry
            self._register_schemas(self._registry)
        settings = load_settings(options)
        return Workspace.open(self._folder, settings, registers=self._registry is not None)

    def _make_topics(self, workspace: Workspace) -> None:
        if made := self.playground.make_topics(workspace):
            self._say(f"made {counted(made, 'topic')}")

    def _register_schemas(self, url: str) -> None:
        beside = schema_folder(self._folder)
        if beside is None:
            return
        files, registry = FileRegistry(beside), HttpRegistry(url)
        try:
            for file in sorted(beside.glob("*.avsc")):
                schema = files.latest(file.stem)[1]
                if self._schemas.get(file.stem) != repr(schema):
                    registry.register(file.stem, schema)
                    self._schemas[file.stem] = repr(schema)
                    self._say(f"registered {file.stem}")
        finally:
            registry.close()

    def _feed(self) -> None:
        """Produce the sample files that are new or have changed."""
        for name, plan in self.workspace.plans.items():
            samples = self._folder / "samples" / f"{name}.jsonl"
            if not samples.is_file() or self._samples.get(name) == samples.stat().st_mtime:
                continue
            self._samples[name] = samples.stat().st_mtime
            count = counted(self.playground.feed(plan, samples), "record")
            self._say(f"produced {count} to {plan.blueprint.pipeline.source.topic}")

    def _test(self, workspace: Workspace) -> None:
        ran = run_tests(workspace).cases
        for name in workspace.plans:
            own = [one for one in ran if one.pipeline == name]
            failed = [one for one in own if one.result.failures]
            passed = counted(len(own) - len(failed), "test")
            told = f"{name}: {passed} passed, {len(failed)} failed"
            out.print(told, style="red" if failed else "green", markup=False)
            for one in failed:
                out.print(f"  {one.result.case}", style="red", markup=False)
                for line, style in failure_lines(one):
                    out.print(f"    {line}", style=style, markup=False)

    def _compare(self, workspace: Workspace) -> None:
        for name, new in workspace.plans.items():
            old = self.workspace.plans.get(name)
            if old is None or old.blueprint.revision == new.blueprint.revision:
                continue
            topic = old.blueprint.pipeline.source.topic
            if topic != new.blueprint.pipeline.source.topic:
                continue
            comparing = Comparing(partial(shown, scan=new.blueprint.scan), masked)
            for number, one in enumerate(asyncio.run(self._last(topic)), 1):
                _add(comparing, number, one, (old, new))
            out.print(f"\n{name}, the last records of {topic}:", style="bold", markup=False)
            show_comparison(comparing.found)

    async def _last(self, topic: str) -> list[Browsed]:
        return [one async for one in browse(topic, self.playground.client, last=LAST)]

    def _exchange(self, workspace: Workspace) -> bool:
        """Make a sound version the one that runs; return True if it took a restart."""
        waits = needing_restart(_models(self.workspace), _models(workspace))
        ended = not self.playground.readiness()
        self.workspace = workspace
        if waits or ended:
            for name, reason in waits.items():
                self._say(f"{name}: {reason}")
            self.playground.stop_worker()
            self.playground.start_worker()
        else:
            self._wait()
        self._feed()
        revisions = ", ".join(
            f"{name} {plan.blueprint.revision}" for name, plan in sorted(workspace.plans.items())
        )
        out.print(f"running: {revisions}", style="green", markup=False)
        return bool(waits or ended)

    def _wait(self) -> None:
        """Wait until the worker runs what was saved.

        Raises:
            ClearwaterError: It does not; with what it says about it.
        """
        wanted = {name: plan.blueprint.revision for name, plan in self.workspace.plans.items()}
        deadline = time.monotonic() + _TAKEN_UP_SECONDS
        while self.playground.revisions() != wanted:
            if time.monotonic() > deadline:
                told = self.playground.readiness().get("pipelines", {})
                reasons = [one["degraded"] for one in told.values() if one["degraded"]]
                raise ClearwaterError("; ".join(reasons) or "the worker has not taken it up yet")
            time.sleep(0.1)


def _add(comparing: Comparing, number: int, one: Browsed, plans: tuple[Plan, Plan]) -> None:
    """Compare what two versions of a pipeline make of a record."""
    raw = TrialRecord(one.offset, one.timestamp, one.key, one.value, one.headers)
    (before, _), (after, _) = (trial_of(plan) for plan in plans)
    headers = {name: (text or b"").decode("utf-8", "replace") for name, text in one.headers}
    key = None if one.key is None else one.key.decode("utf-8", "replace")
    try:
        value = before.plan.blueprint.wire.plain(one.value or b"null", of_source=True)  # type: ignore[attr-defined] # every pipeline's wire has it
    except (RecordError, ConfigError):
        value = None  # what cannot be read is a dead letter of both
    given = Given(value=value, key=key, headers=headers)
    comparing.add(number, given, before.run(raw), after.run(raw))


def _models(workspace: Workspace) -> Mapping[str, Pipeline]:
    return {name: one.model for name, one in workspace.project.pipelines.items()}
