"""`clearwater try`: records from a file through one pipeline, no Kafka."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter_ns
from typing import Annotated, BinaryIO

import orjson
import typer
from rich.progress import track

from pipelines.cli.masked import masked, shown
from pipelines.cli.output import Json, err, print_json
from pipelines.cli.trial.comparison import Comparing
from pipelines.cli.trial.input import read_input
from pipelines.cli.trial.records import Encode, remembers, trial_of
from pipelines.cli.trial.report import comparison_json, show_comparison, show_trace, trace_json
from pipelines.cli.workspace import Workspace
from pipelines.declaration.cases import Given
from pipelines.engine.plan import Plan
from pipelines.engine.trace import Trace
from pipelines.engine.trial import Trial, TrialRecord, TrialResult
from pipelines.errors import ConfigError
from pipelines.fate import Fate
from pipelines.quantity import counted
from pipelines.step import Running

_WARM = 3  # runs before the one that is timed: caches are filled, as in a worker


def try_(
    pipeline: Annotated[
        Path, typer.Argument(help="Pipeline file; what it names stands beside it.")
    ],
    source: Annotated[
        Path,
        typer.Option("--input", help="JSON Lines, text or an Avro container; - is standard input."),
    ] = Path("-"),
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Where the results go; default: standard output."),
    ] = None,
    diff: Annotated[
        Path | None,
        typer.Option("--diff", help="Folder (or file) of the old version to compare with."),
    ] = None,
    trace: Annotated[
        int | None, typer.Option("--trace", min=1, help="Show each step for this line alone.")
    ] = None,
    *,
    bare: Annotated[
        bool, typer.Option("--bare", help="Each line is a value (of a text topic: the line).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run records through a pipeline and print what becomes of each, one JSON line per output.

    Input lines are {"value", "key"?, "headers"?}, of a text topic also the bare line; output lines
    {"fate", "step", "reason", "topic", "key", "value", "headers"}. A record that is delayed has a
    line for that, and then those of its end: "after" says how many seconds later.

    `--diff` runs an old version over the same records and says which become something else, which
    fields change, and which values of the input leave now and did not before (then exit 1).
    `--trace` shows for one record what each step saw (masked), decided, changed and took.

    Example: clearwater try orders.yaml --input samples/orders.jsonl
    """
    plan, has_keys = _opened(pipeline)
    if not has_keys:
        err.print("CLEARWATER_KEYS is not set: pseudonyms are made with trial keys", style="yellow")
    records = read_input(source, plan, bare=bare)
    if trace is not None:
        _trace(plan, source, records, trace, as_json=as_json)
    elif diff is not None:
        _compare(plan, diff, source, records, as_json=as_json)
    else:
        _run(plan, source, records, output)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(try_)


def _opened(pipeline: Path) -> tuple[Plan, bool]:
    """Return the plan of one pipeline file, and whether there are keys."""
    if pipeline.is_dir():
        raise ConfigError(f"{pipeline} is a folder: name one pipeline file in it")
    workspace = Workspace.open(pipeline).sound()
    (plan,) = workspace.plans.values()
    return plan, workspace.has_keys


def _run(plan: Plan, source: Path, records: list[tuple[int, Given]], output: Path | None) -> None:
    trial, encode = trial_of(plan)
    fates: Counter[str] = Counter()
    with _writing(output) as sink:
        name = plan.blueprint.pipeline.pipeline
        progress: Iterable[tuple[int, Given]] = records
        if err.is_terminal:
            progress = track(records, description=name, console=err)
        for line, given in progress:
            results = trial.run(_raw(encode, given, source, line))
            fates.update(one.fate.value for one in results if one.fate is Fate.DELAYED)
            fates[results[-1].fate.value] += 1
            for result in results:
                sink.write(_line(result))
    summary = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
    err.print(f"{counted(len(records), 'record')}: {summary or 'none'}")


def _trace(
    plan: Plan, source: Path, records: list[tuple[int, Given]], line: int, *, as_json: bool
) -> None:
    given = dict(records).get(line)
    if given is None:
        raise ConfigError(f"{source}: no record in line {line}; there are {len(records)} records")
    trace = Trace(plan.blueprint, perf_counter_ns)
    trial, encode = trial_of(trace.plan, trace.seen)
    raw = _raw(encode, given, source, line)
    results: list[TrialResult] = []
    has_memory = any(map(remembers, plan.blueprint.pipeline.steps))
    for _ in range(1 if has_memory else _WARM):
        trace.begin()
        results = trial.run(raw)
    if as_json:
        print_json(trace_json(trace.steps, results))
    else:
        show_trace(line, trace.steps, results)


def _compare(
    plan: Plan, other: Path, source: Path, records: list[tuple[int, Given]], *, as_json: bool
) -> None:
    name = plan.blueprint.pipeline.pipeline
    workspace = Workspace.open(other).sound()
    if name not in workspace.plans:
        known = ", ".join(workspace.plans)
        raise ConfigError(f"{other}: no pipeline `{name}` to compare with; there are: {known}")
    now = datetime.now(UTC)  # the same for both: time itself is no difference
    new, old = (_at(one, now) for one in (plan, workspace.plans[name]))
    scan = plan.blueprint.scan
    comparing = Comparing(partial(shown, scan=scan), masked)
    for line, given in records:
        before, after = (
            trial.run(_raw(encode, given, source, line)) for trial, encode in (old, new)
        )
        comparing.add(line, given, before, after)
    if as_json:
        print_json(comparison_json(comparing.found))
    else:
        show_comparison(comparing.found)
    if comparing.found.leaving:
        raise typer.Exit(1)


def _at(plan: Plan, now: datetime) -> tuple[Trial, Encode]:
    timed = Plan(replace(plan.blueprint, now=lambda: now, running=Running()))
    timed.learn(None)
    return trial_of(timed)


def _raw(encode: Encode, given: Given, source: Path, line: int) -> TrialRecord:
    try:
        return encode(given, line - 1)
    except ConfigError as error:
        raise ConfigError(f"{source}: line {line}: {error}") from None


def _line(result: TrialResult) -> bytes:
    fields: dict[str, object] = {
        "fate": result.fate.value,
        "step": result.step,
        "reason": result.reason,
        "topic": result.topic,
        "key": result.key,
        "value": result.value,
        "headers": dict(result.headers),
    }
    if result.after:
        fields["after"] = result.after
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


class _writing:  # noqa: N801 - reads as a function where it is used
    """A file to write, or standard output left open."""

    def __init__(self, output: Path | None) -> None:
        self._file: BinaryIO | None = None
        if output is not None:
            try:
                self._file = output.open("wb")
            except OSError as error:
                raise ConfigError(f"{output}: {error.strerror}") from None

    def __enter__(self) -> BinaryIO:
        return self._file or sys.stdout.buffer

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        else:
            sys.stdout.buffer.flush()
