"""`clearwater try`: records from a file through one pipeline, no Kafka."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from rich.progress import track

from pipelines.cli.output import err
from pipelines.cli.trials import parsed_line, trial_of
from pipelines.cli.workspace import Workspace
from pipelines.engine.trial import TrialResult
from pipelines.errors import ConfigError


def try_(
    pipeline: Annotated[
        Path, typer.Argument(help="Pipeline file; what it names stands beside it.")
    ],
    source: Annotated[Path, typer.Option("--input", help="JSON Lines; `-` for standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Where the results go; default: standard output."),
    ] = None,
    *,
    bare: Annotated[
        bool, typer.Option("--bare", help="Each line is a value (of a text topic: the line).")
    ] = False,
) -> None:
    """Run records through a pipeline and print what becomes of each, one JSON line per output.

    Input lines are {"value", "key"?, "headers"?}, output lines
    {"fate", "step", "reason", "topic", "key", "value", "headers"}.

    Example: clearwater try orders.yaml --input samples/orders.jsonl
    """
    workspace = Workspace.open(pipeline).sound()
    ((name, plan),) = workspace.plans.items()
    if not workspace.has_keys:
        err.print("CLEARWATER_KEYS is not set: pseudonyms are made with trial keys", style="yellow")
    trial, encode = trial_of(plan)
    lines = _lines(source)
    fates: Counter[str] = Counter()
    with _opened(output) as sink:
        shown = track(lines, description=name, console=err) if err.is_terminal else lines
        for offset, line in enumerate(shown):
            if not line.strip():
                continue
            try:
                given = parsed_line(line, plan, bare=bare)
                raw = encode(given, offset)
            except ConfigError as error:
                raise ConfigError(f"{source}: line {offset + 1}: {error}") from None
            results = trial.run(raw)
            fates[results[0].fate.value] += 1
            for result in results:
                sink.write(_line(result))
    summary = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    err.print(f"{fates.total()} records: {summary or 'none'}")


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(try_)


def _line(result: TrialResult) -> bytes:
    fields = {
        "fate": result.fate.value,
        "step": result.step,
        "reason": result.reason,
        "topic": result.topic,
        "key": result.key,
        "value": result.value,
        "headers": dict(result.headers),
    }
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


def _lines(source: Path) -> list[bytes]:
    try:
        raw = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
    except OSError as error:
        raise ConfigError(f"{source}: {error.strerror}") from None
    lines = raw.split(b"\n")
    return [line.removesuffix(b"\r") for line in (lines[:-1] if lines[-1] == b"" else lines)]


class _opened:  # noqa: N801 - reads as a function where it is used
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
