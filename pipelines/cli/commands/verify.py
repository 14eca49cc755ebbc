"""`clearwater verify`: proof from both ends that nothing was lost, doubled, reordered or raw."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from pipelines.cli.commands.tail import decoded
from pipelines.cli.output import Json, err, out, print_json, print_table
from pipelines.cli.workspace import Workspace
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError
from pipelines.runtime.evidence import Evidence
from pipelines.runtime.security import client_arguments
from pipelines.runtime.verify import verify as compared
from pipelines.settings import load_settings


def verify(
    path: Annotated[Path, typer.Argument(help="Folder of pipelines, or one of its files.")],
    from_: Annotated[str, typer.Option("--from", help="Source topic.")] = "",
    to: Annotated[
        list[str] | None,
        typer.Option(help="Destination to look at; repeat it. Default: all of the pipeline."),
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Consumer group. Default: CLEARWATER_GROUP.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Read a source topic and its destinations, and compare them record by record.

    Each record that leaves carries its coordinates, so what is missing, there twice or out of
    order shows, and the gate searches every output again. Looked at is what the source still
    holds and the group has committed; the pipeline as declared now says what should have left.
    Only places are printed, no values. Exit code 1 if something is wrong; under at_least_once a
    double is none, for a crash may cause it.

    Example: clearwater verify pipelines --from orders.raw --to orders.clean
    """
    settings = load_settings()
    workspace = Workspace.open(path, settings).sound()
    plan = _plan(workspace, from_)
    known = list(plan.newest.exits)
    wanted = to or known
    for topic in wanted:
        if topic not in known:
            raise ConfigError(
                f"`{topic}` is no destination of the pipeline; known: {', '.join(known)}"
            )
    registry = workspace.parts.registry
    value = plan.blueprint.pipeline.publish.value or plan.blueprint.pipeline.source.value
    with Progress(console=err, transient=True) as bar:
        tasks = {
            topic: bar.add_task(topic, total=None)
            for topic in (
                *wanted,
                plan.blueprint.pipeline.dead_letter.topic,
                plan.blueprint.pipeline.source.topic,
            )
        }

        def progress(topic: str, count: int) -> None:
            bar.update(tasks[topic], completed=count, description=f"{topic}: {count} records")

        evidence = asyncio.run(
            compared(
                plan,
                group or settings.group,
                client_arguments(settings),
                lambda raw: decoded(raw, registry, "avro" if value == "avro" else "auto"),
                wanted,
                progress,
            )
        )
    may_double = plan.blueprint.pipeline.delivery == "at_least_once"
    _show(evidence, plan, may_double=may_double, as_json=as_json)
    if any(evidence.faults(may_double=may_double)):
        raise typer.Exit(1)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(verify)


def _plan(workspace: Workspace, topic: str) -> Plan:
    by_topic = {plan.blueprint.pipeline.source.topic: plan for plan in workspace.plans.values()}
    if not topic and len(by_topic) == 1:
        return next(iter(by_topic.values()))
    if topic not in by_topic:
        raise ConfigError(
            f"no pipeline reads `{topic}`; known: {', '.join(sorted(by_topic))}"
            if topic
            else f"several pipelines: name a source with --from; known: {', '.join(by_topic)}"
        )
    return by_topic[topic]


def _show(evidence: Evidence, plan: Plan, *, may_double: bool, as_json: bool) -> None:
    faults = dict(evidence.faults(may_double=may_double))
    rows: list[tuple[str, int, str]] = [
        ("records of the source", evidence.expected, "committed, and still there"),
        ("should have left", evidence.published, "dead letters included"),
        ("waiting", evidence.waiting, "held back by a delay: they have yet to arrive"),
        ("arrived", evidence.arrived, "records that carry this source"),
        ("another end than declared", evidence.elsewhere, "the declaration may have changed"),
        ("of another origin", evidence.strange, "without coordinates of this source"),
        ("lost", evidence.lost.count, ""),
        ("doubled", evidence.doubled.count, "a crash may, at least once" if may_double else ""),
        ("reordered", evidence.reordered.count, ""),
        ("raw", evidence.raw.count, "a detector still finds something, or it cannot be read"),
    ]
    if as_json:
        print_json(
            {
                "pipeline": plan.blueprint.pipeline.pipeline,
                "holds": not faults,
                "counts": {name: count for name, count, _ in rows},
                "places": {name: fault.places for name, fault in faults.items()},
            }
        )
        return
    print_table(f"{evidence.source}: what became of it", ("", "records", ""), rows)
    for name, fault in faults.items():
        out.print(f"{name}: {', '.join(fault.places)}", markup=False, style="red")
    if not faults:
        doubled = "" if evidence.doubled.count else " doubled,"
        out.print(f"holds: nothing lost,{doubled} reordered or raw", style="green")
