"""`clearwater demo`: the shipped examples on an embedded broker, before and after."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import orjson
import typer

from pipelines.cli.dev.playground import Playground
from pipelines.cli.output import err, out, print_table
from pipelines.cli.trial.records import trial_of
from pipelines.cli.workspace import Workspace
from pipelines.declaration.check import keys_needed
from pipelines.engine.plan import Plan
from pipelines.errors import ClearwaterError
from pipelines.fate import Fate
from pipelines.quantity import counted
from pipelines.runtime.browse import Browsed, browse

EXAMPLES = Path(__file__).parents[2] / "examples"
_SHOWN = 2
_PATIENCE_SECONDS = 180.0
_WIDTH = 300


def demo() -> None:
    """Run the three examples on an embedded Apache Kafka and show records before and after.

    Example: clearwater demo
    """
    began = time.monotonic()
    with Playground(EXAMPLES, _say, with_registry=False) as playground:
        workspace = Workspace.open(EXAMPLES, registers=True).sound()
        projects = workspace.project
        needed = [keys_needed(projects, one.model) for one in projects.pipelines.values()]
        playground.make_keys({name for keys in needed for name in keys})
        _say(f"made {counted(playground.make_topics(workspace), 'topic')}")
        fed = {}
        for name, plan in workspace.plans.items():
            fed[name] = playground.feed(plan, _samples(name))
            _say(f"produced {fed[name]} records to {plan.blueprint.pipeline.source.topic}")
        playground.start_worker()
        _say("the worker has joined its group")
        seconds = _wait(playground, fed)
        for name, plan in workspace.plans.items():
            _show(playground, name, plan)
        fates = playground.fates()
        code = playground.stop_worker()
    _report(fates, fed, seconds)
    out.print(f"done in {time.monotonic() - began:.1f} s; where to look next:")
    out.print(f"  the pipelines       {EXAMPLES}", markup=False)
    out.print("  try one on a file   clearwater try orders.yaml --input samples/orders.jsonl")
    out.print("  your own            clearwater dev DIR", markup=False)
    if code:
        raise ClearwaterError(f"the worker ended with {code}")


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(demo)


def _say(line: str) -> None:
    err.print(f"· {line}", style="dim", markup=False)


def _samples(name: str) -> Path:
    return EXAMPLES / "samples" / f"{name}.jsonl"


def _wait(playground: Playground, fed: Mapping[str, int]) -> float:
    """Wait until every record has met its fate; return the seconds since the worker joined.

    Raises:
        ClearwaterError: It takes too long.
    """
    began = time.monotonic()
    while sum(playground.fates().values()) < sum(fed.values()):
        if time.monotonic() - began > _PATIENCE_SECONDS:
            end = playground.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise ClearwaterError(f"not all records met their fate; the worker's log ends:\n{end}")
        time.sleep(0.1)
    return time.monotonic() - began


def _show(playground: Playground, name: str, plan: Plan) -> None:
    """Show a few records that left, as they were and as they are, read back from Kafka."""
    pipeline = plan.blueprint.pipeline
    source, destination = pipeline.source.topic, pipeline.publish.topic
    after = asyncio.run(_first(playground, destination, None))
    before = asyncio.run(_first(playground, source, {one.timestamp for one in after}))
    raw_by_time = {one.timestamp: one for one in before}
    wire_of = trial_of(plan)[0]
    read = plan.blueprint.wire
    out.print(f"\n{name}: {source} -> {destination}", style="bold", markup=False)
    for clean in after:
        raw = raw_by_time[clean.timestamp]
        shown = read.plain(raw.value or b"", of_source=True)  # type: ignore[attr-defined]
        out.print(f"  before  {_line(shown)}", markup=False, highlight=False)
        value = wire_of.read_value(destination, clean.value or b"")
        out.print(f"  after   {_line(value)}", markup=False, style="green", highlight=False)


async def _first(playground: Playground, topic: str, stamps: set[int] | None) -> list[Browsed]:
    """Return the first few records of a topic, or those with the timestamps."""
    found: list[Browsed] = []
    wanted = _SHOWN if stamps is None else len(stamps)
    async for browsed in browse(topic, playground.client):
        if stamps is None or browsed.timestamp in stamps:
            found.append(browsed)
        if len(found) >= wanted:
            break
    return found


def _line(value: object) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _report(
    fates: Mapping[tuple[str, str, str, str], int], fed: Mapping[str, int], seconds: float
) -> None:
    counted: Counter[tuple[str, str, str]] = Counter()
    for (pipeline, fate, step, reason), count in fates.items():
        decided = f"{step}: {reason}" if reason else step
        counted[pipeline, fate, "" if fate == Fate.PUBLISHED else decided] += count
    rows = [(*key, count) for key, count in sorted(counted.items()) if count]
    out.print()
    print_table("What became of them", ("pipeline", "fate", "decided by", "records"), rows)
    total = sum(fed.values())
    if seconds > 0.1:  # noqa: PLR2004 - shorter is no measurement
        out.print(f"{total:,} records in {seconds:.1f} s: {total / seconds:,.0f} records/s")
