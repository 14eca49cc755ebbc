"""`clearwater dead-letters`: what could not be processed, and the originals for the key's owner."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from pipelines.cli.keys import Folder, key_folder
from pipelines.cli.output import Json, err, print_rows
from pipelines.errors import ConfigError
from pipelines.keyring import FolderKeyring
from pipelines.runtime.browse import Browsed, browse
from pipelines.runtime.dead_letter import (
    Letter,
    LetterUnreadable,
    Original,
    open_letter,
    read_letter,
)
from pipelines.runtime.security import client_arguments
from pipelines.settings import load_settings

dead_letters = typer.Typer(help="What could not be processed.", no_args_is_help=True)

Topic = Annotated[str, typer.Argument(help="Dead letter topic.")]
Last = Annotated[int | None, typer.Option(min=1, help="Only the last so many per partition.")]
Pipeline = Annotated[str | None, typer.Option(help="Only those of this pipeline.")]
Code = Annotated[str | None, typer.Option(help="Only those with this reason code.")]


@dead_letters.command()
def show(
    topic: Topic,
    last: Last = None,
    pipeline: Pipeline = None,
    code: Code = None,
    *,
    as_json: Json = False,
) -> None:
    """List dead letters: where they come from, which step failed and why, a masked preview.

    Example: clearwater dead-letters show orders.dead --code decode_failed
    """
    letters = [letter for _, letter in _letters(topic, last, pipeline, code)]
    columns = ("source", "timestamp", "pipeline", "step", "code", "revision", "preview")
    rows = [
        (_place(one), one.timestamp, one.pipeline, one.step, one.code, one.revision, one.preview)
        for one in letters
    ]
    print_rows(f"Dead letters in {topic}", columns, rows, as_json=as_json)


@dead_letters.command()
def decrypt(
    topic: Topic,
    last: Last = None,
    pipeline: Pipeline = None,
    code: Code = None,
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
    for browsed, letter in _letters(topic, last, pipeline, code):
        try:
            original = open_letter(browsed.value or b"", keys.key(letter.encryption.key))
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


def register(app: typer.Typer, name: str) -> None:
    """Add the commands."""
    app.add_typer(dead_letters, name=name)


def _letters(
    topic: str, last: int | None, pipeline: str | None, code: str | None
) -> list[tuple[Browsed, Letter]]:
    client = client_arguments(load_settings())

    async def collect() -> list[tuple[Browsed, Letter]]:
        found = []
        async for browsed in browse(topic, client, last=last):
            letter = read_letter(browsed.value or b"")
            if pipeline in (None, letter.pipeline) and code in (None, letter.code):
                found.append((browsed, letter))
        return found

    return asyncio.run(collect())


def _place(letter: Letter) -> str:
    return f"{letter.topic}[{letter.partition}]@{letter.offset}"


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
