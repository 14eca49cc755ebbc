"""What needs a restart is said, pipeline by pipeline; nothing else does."""

import asyncio
import re
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import Project
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError, DeliveryError
from pipelines.runtime.health import Health, PipelineHealth
from pipelines.runtime.reload import Reloader, Sources, needing_restart
from pipelines.runtime.watch import Watch
from pipelines.settings import load_settings
from pipelines.telemetry.metrics import Metrics

EXAMPLES = Path(__file__).parents[2] / "pipelines" / "examples"
LONGEST_PAUSE_SECONDS = 0.1


def _pipeline(name: str = "orders", **changes: Any) -> dict[str, Pipeline]:
    declared: dict[str, Any] = {
        "pipeline": name,
        "owner": "team",
        "source": {"topic": f"{name}.raw", "value": "json"},
        "privacy": {"policy": "default"},
        "publish": {"topic": f"{name}.clean", "value": "json"},
        "dead_letter": {"topic": f"{name}.dead"},
    }
    return {name: Pipeline.model_validate({**declared, **changes})}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        pytest.param(
            _pipeline(source={"topic": "other.raw", "value": "json"}), "source topic", id="source"
        ),
        pytest.param({}, "removed pipeline", id="removed"),
        pytest.param(
            _pipeline(steps=[{"step": "delay", "id": "d", "for": "1m"}]), "wait in", id="a delay"
        ),
        pytest.param(_pipeline(delivery="exactly_once"), "way of delivery", id="delivery"),
    ],
)
def test_what_the_group_was_joined_with_needs_a_restart(
    changed: dict[str, Pipeline], word: str
) -> None:
    assert word in needing_restart(_pipeline(), changed)["orders"]


def test_a_new_pipeline_needs_a_restart_and_its_neighbour_none() -> None:
    changed = {**_pipeline(), **_pipeline("users")}
    assert list(needing_restart(_pipeline(), changed)) == ["users"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"steps": [{"step": "remove", "id": "r", "fields": ["a"]}]}, id="steps"),
        pytest.param({"publish": {"topic": "else.clean", "value": "json"}}, id="destination"),
    ],
)
def test_what_only_the_plan_knows_needs_none(changes: dict[str, Any]) -> None:
    assert needing_restart(_pipeline(), _pipeline(**changes)) == {}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConfigError("orders.yaml:3:1: wrong"), "orders.yaml:3:1: wrong"),
        (DeliveryError("the registry does not answer"), "the registry does not answer"),
        (OSError("what somebody wrote"), "OSError"),
    ],
    ids=["declaration", "registry", "anything else"],
)
async def test_whatever_goes_wrong_what_runs_goes_on(
    error: Exception, told: str, tmp_path: Path
) -> None:
    def compiled() -> NoReturn:
        raise error

    metrics, health = Metrics(), Health()
    health.pipelines["orders"] = PipelineHealth()
    plan: Any = SimpleNamespace(learned=())
    reloader = Reloader(
        Sources(Watch(tmp_path), compiled, Project(tmp_path)),
        {"orders": plan},
        lambda *_: pytest.fail("nothing was to be adopted"),
        lambda _: pytest.fail("no topic was to be asked for"),
        metrics,
        health,
    )
    await reloader.take_up()
    refused = health.pipelines["orders"].refused
    assert refused == f"changed declaration refused: {told}"
    assert metrics.reload_failures["orders",]._value.get() == 1
    await reloader.take_up()  # what is tried again and fails again is told once
    assert metrics.reload_failures["orders",]._value.get() == 1


async def test_the_event_loop_is_never_held_for_long_while_a_change_is_taken_up(
    tmp_path: Path,
) -> None:
    folder = shutil.copytree(EXAMPLES, tmp_path / "declared")
    settings = load_settings()
    first = Workspace.open(folder, settings)
    running = dict(first.plans)

    def compiled() -> tuple[Project, dict[str, Plan]]:
        again = Workspace.open(folder, settings, parts=first.parts)
        return again.project, again.plans

    async def none(_: Pipeline) -> list[str]:
        return []

    health = Health(pipelines={name: PipelineHealth() for name in running})
    sources = Sources(Watch(folder), compiled, first.project)
    reloader = Reloader(sources, running, running.__setitem__, none, Metrics(), health)
    held = []
    for owner in ("one", "two", "three"):
        before = {name: plan.blueprint.revision for name, plan in running.items()}
        for name in before:
            file = folder / f"{name}.yaml"
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"owner: \S+", f"owner: {owner}", text), encoding="utf-8")
        held.append(await _longest_hold(asyncio.create_task(reloader.take_up())))
        assert all(before[name] != plan.blueprint.revision for name, plan in running.items())

    # what holds the loop holds it each time; once, a busy machine may have run our threads only
    assert min(held) < LONGEST_PAUSE_SECONDS


async def _longest_hold(turn: asyncio.Task[Any]) -> float:
    """Return the longest processor time, in seconds, between two turns of the loop."""
    longest, last = 0.0, time.process_time()
    while not turn.done():
        await asyncio.sleep(0)
        now = time.process_time()
        longest, last = max(longest, now - last), now
    return longest


async def test_what_waits_for_a_topic_is_tried_again_without_another_save(tmp_path: Path) -> None:
    def plan(revision: str) -> Any:
        pipeline = _pipeline()["orders"]
        return SimpleNamespace(
            learned=(), blueprint=SimpleNamespace(pipeline=pipeline, revision=revision)
        )

    declared: Any = SimpleNamespace(
        model=_pipeline()["orders"], document=SimpleNamespace(file=tmp_path / "orders.yaml")
    )
    project = Project(tmp_path, pipelines={"orders": declared})
    watch = Watch(tmp_path)
    (tmp_path / "orders.yaml").write_text("saved")
    adopted = asyncio.Event()
    topics = [["orders.tidy"], ["orders.tidy"], []]

    async def missing(_: Pipeline) -> list[str]:
        return topics.pop(0)

    health = Health()
    health.pipelines["orders"] = PipelineHealth()
    reloader = Reloader(
        Sources(watch, lambda: (project, {"orders": plan("new")}), project),
        {"orders": plan("old")},
        lambda *_: adopted.set(),
        missing,
        Metrics(),
        health,
    )
    looking = asyncio.create_task(reloader.run(0.01))
    await asyncio.wait_for(adopted.wait(), 60)
    looking.cancel()
    assert topics == []
    assert health.pipelines["orders"].refused == ""
