"""`clearwater dead-letters`: what could not be processed, and the originals for the key's owner."""

from __future__ import annotations

import asyncio
import base64
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import TypeAdapter, ValidationError
from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

from pipelines.cli.commands.keys import Folder, key_folder
from pipelines.cli.output import Json, err, print_rows
from pipelines.errors import ConfigError
from pipelines.keyring import FolderKeyring
from pipelines.quantity import Duration, counted
from pipelines.runtime.dead_letter import Letter, LetterUnreadable, open_letter
from pipelines.runtime.letters import Choice, Filed, filed
from pipelines.runtime.original import Original
from pipelines.runtime.redrive import Redrive
from pipelines.runtime.security import client_arguments
from pipelines.settings import load_settings

_MOST_PREVIEW = 100  # characters: enough to know the record's shape by
_AGO: TypeAdapter[float] = TypeAdapter(Duration)

dead_letters = typer.Typer(help="What could not be processed.", no_args_is_help=True)

Topic = Annotated[str, typer.Argument(help="Dead letter topic.")]
Last = Annotated[int | None, typer.Option(min=1, help="Only the last so many per partition.")]
Pipeline = Annotated[str | None, typer.Option(help="Only those of this pipeline.")]
Step = Annotated[str | None, typer.Option(help="Only those that failed at this step or stage.")]
Code = Annotated[str | None, typer.Option(help="Only those with this reason code.")]
Since = Annotated[
    str | None,
    typer.Option(help="Only of records from then on: 2h, 3d, 2026-03-02, 2026-03-02T08:00:00Z."),
]


@dead_letters.command("list")
def list_(
    topic: Topic,
    last: Last = None,
    pipeline: Pipeline = None,
    step: Step = None,
    code: Code = None,
    since: Since = None,
    *,
    as_json: Json = False,
) -> None:
    """Count dead letters by pipeline, step and reason: how many are open, parked or sent back.

    A record that failed three times is parked.

    Example: clearwater dead-letters list orders.dead --since 2h
    """
    groups: dict[tuple[str, str, str], Counter[str]] = {}
    times: dict[tuple[str, str, str], list[int]] = {}
    for one in _letters(topic, _choice(pipeline, step, code, since, last)):
        group = (one.letter.pipeline, one.letter.step, one.letter.code)
        groups.setdefault(group, Counter())[one.state] += 1
        times.setdefault(group, []).append(one.letter.timestamp)
    rows = [
        (*group, counts.total(), counts["open"], counts["parked"], counts["redriven"],
         _time(min(times[group])), _time(max(times[group])))
        for group, counts in sorted(groups.items())
    ]  # fmt: skip
    if as_json:
        columns = (
            "pipeline", "step", "code", "letters", "open", "parked", "redriven", "first", "last",
        )  # fmt: skip
        print_rows(f"Dead letters in {topic}", columns, rows, as_json=True)
        return
    for of, at, why, count, still, parked, redriven, first, newest in rows:
        typer.echo(f"{of}, {at}: {why}  {first} to {newest}")
        letters = counted(count, "letter")
        typer.echo(f"  {letters}: {still} open, {parked} parked, {redriven} redriven")
    if not rows:
        typer.echo(f"none in {topic}")


@dead_letters.command()
def show(
    topic: Topic,
    last: Last = None,
    pipeline: Pipeline = None,
    step: Step = None,
    code: Code = None,
    since: Since = None,
    *,
    as_json: Json = False,
) -> None:
    """Show dead letters: where they come from, which step failed and why, a masked preview.

    Example: clearwater dead-letters show orders.dead --code decode_failed
    """
    letters = _letters(topic, _choice(pipeline, step, code, since, last))
    if as_json:
        columns = (
            "source", "timestamp", "pipeline", "step", "code", "revision", "attempt", "state",
            "preview",
        )  # fmt: skip
        rows = [
            (one.place, one.letter.timestamp, one.letter.pipeline, one.letter.step, one.letter.code,
             one.letter.revision, one.letter.attempt, one.state, one.letter.preview)
            for one in letters
        ]  # fmt: skip
        print_rows(f"Dead letters in {topic}", columns, rows, as_json=True)
        return
    for one in letters:  # as a table the preview would leave no room for the rest
        letter = one.letter
        state = f"{one.state}, attempt {letter.attempt}"
        typer.echo(f"{one.place}  {_time(letter.timestamp)}  {state}")
        typer.echo(f"  {letter.pipeline}, {letter.step}: {letter.code}  ({letter.revision})")
        typer.echo(f"  {letter.preview[:_MOST_PREVIEW]}")
    found = counted(len(letters), "dead letter") if letters else "none"
    typer.echo(f"{found} in {topic}")


@dead_letters.command()
def decrypt(
    topic: Topic,
    last: Last = None,
    pipeline: Pipeline = None,
    step: Step = None,
    code: Code = None,
    since: Since = None,
    folder: Folder = None,
    output: Annotated[
        Path | None, typer.Option(help="File for the originals; default: standard output.")
    ] = None,
) -> None:
    """Print the original records, one JSON line each. They are raw: mind who reads along.

    Bytes that are no UTF-8 text are given as {"$bytes": base64}.

    Example: clearwater dead-letters decrypt orders.dead --output originals.jsonl
    """
    keys = FolderKeyring(key_folder(folder))
    unreadable = 0
    lines: list[bytes] = []
    for one in _letters(topic, _choice(pipeline, step, code, since, last)):
        letter = one.letter
        try:
            original = open_letter(one.browsed.value or b"", keys.key(letter.encryption.key))
        except (LetterUnreadable, ConfigError) as error:
            err.print(str(error), style="red", markup=False)
            unreadable += 1
            continue
        lines.append(orjson.dumps(_opened(letter, original), option=orjson.OPT_APPEND_NEWLINE))
    if output is None:
        typer.echo(b"".join(lines), nl=False)
    else:
        output.touch(mode=0o600)
        output.write_bytes(b"".join(lines))
    if unreadable:
        raise typer.Exit(1)


@dead_letters.command()
def redrive(
    topic: Topic,
    last: Last = None,
    pipeline: Pipeline = None,
    step: Step = None,
    code: Code = None,
    since: Since = None,
    folder: Folder = None,
    *,
    parked: Annotated[bool, typer.Option("--parked", help="Parked ones, too.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Send records back to the topic they came from: the pipeline as it is now works on them.

    Each letter is sent back once, however often you ask. A record that failed three times is
    parked and stays, unless you say --parked. It comes behind newer records of its key.

    Example: clearwater dead-letters redrive orders.dead --code enrich_missing --dry-run
    """
    choice = _choice(pipeline, step, code, since, last)
    client = client_arguments(load_settings())
    counts: Counter[tuple[str, str, str, str]] = Counter()
    with _progress(topic) as advance:

        def told(one: Filed, end: str) -> None:
            counts[one.letter.pipeline, one.letter.step, one.letter.code, end] += 1
            advance()

        if dry_run:
            for one in _letters(topic, choice, quiet=True):
                goes = one.state == "open" or (one.state == "parked" and parked)
                told(one, "to send" if goes else one.state)
        else:
            keys = FolderKeyring(key_folder(folder))
            work = Redrive(topic, client, keys).run(choice, parked=parked, told=told)
            asyncio.run(work)
    rows = [(*group, count) for group, count in sorted(counts.items())]
    if rows or as_json:
        columns = ("pipeline", "step", "code", "end", "letters")
        print_rows(f"Dead letters in {topic}", columns, rows, as_json=as_json)
    else:
        typer.echo(f"none in {topic}")
    if any(end == "unreadable" for *_, end in counts):
        err.print("unreadable: another key of that name, or the original was too large to go along")
        raise typer.Exit(1)


def register(app: typer.Typer, name: str) -> None:
    """Add the commands."""
    app.add_typer(dead_letters, name=name)


@contextmanager
def _progress(topic: str) -> Iterator[Callable[[], None]]:
    """Show how many letters were gone through, on a terminal; give what counts one."""
    columns = (
        SpinnerColumn(),
        "{task.description}",
        "{task.completed} letters",
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task(topic, total=None)
        yield lambda: progress.advance(bar)


def _letters(topic: str, choice: Choice, *, quiet: bool = False) -> list[Filed]:
    client = client_arguments(load_settings())

    async def collect(advance: Callable[[], None]) -> list[Filed]:
        found = []
        async for one in filed(topic, client, choice):
            found.append(one)
            advance()
        return found

    if quiet:  # somebody else shows how far it is
        return asyncio.run(collect(lambda: None))
    with _progress(topic) as advance:
        return asyncio.run(collect(advance))


def _choice(
    pipeline: str | None, step: str | None, code: str | None, since: str | None, last: int | None
) -> Choice:
    return Choice(pipeline, step, code, 0.0 if since is None else _moment(since), last)


def _moment(text: str) -> float:
    """Return seconds since the epoch of a moment, or of so long ago."""
    try:
        return time.time() - _AGO.validate_python(text)
    except ValidationError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError("--since: write 30m, 2h, 3d, 2026-03-02 or 2026-03-02T08:00Z") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _opened(letter: Letter, original: Original) -> dict[str, Any]:
    return {
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "timestamp": letter.timestamp,
        "code": letter.code,
        "key": _plain(original.key),
        "value": _plain(original.value),
        "headers": [[name, _plain(content)] for name, content in original.headers],
    }


def _plain(raw: bytes | None) -> object:
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"$bytes": base64.b64encode(raw).decode("ascii")}
