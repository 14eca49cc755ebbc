"""`clearwater init`: a new pipeline with policy and tests, from samples or an Avro schema."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import fastavro
import orjson
import typer

from pipelines.cli.output import err, out
from pipelines.cli.proposal.proposed import plain, propose, write
from pipelines.cli.proposal.samples import read_samples
from pipelines.cli.trial.input import ENVELOPE
from pipelines.declaration.cases import Given
from pipelines.errors import ConfigError
from pipelines.profile.proposal import Source
from pipelines.quantity import counted

_MOST = 10_000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the pipelines; made if need be.")],
    sample: Annotated[
        Path | None,
        typer.Option("--sample", help="Records: JSON (lines, a list), CSV, Avro or text, or .gz."),
    ] = None,
    schema: Annotated[
        Path | None, typer.Option("--schema", help="Avro schema of the values (.avsc).")
    ] = None,
    topic: Annotated[
        str, typer.Option("--topic", help="Topic to read; default: the file's name and .raw.")
    ] = "",
    owner: Annotated[str, typer.Option("--owner", help="Team that answers for it.")] = "",
    policy: Annotated[
        str, typer.Option("--policy", help="A policy of the folder to use; default: a new one.")
    ] = "",
) -> None:
    """Propose a pipeline, its policy and its tests; on a terminal it asks for what is missing.

    Fields that hold personal data are treated, by what stands in the samples, or by the names and
    tags of the schema. No value of a sample is written: tests and samples hold made-up ones of the
    same shape. Nothing is written unless it all loads and every test passes.

    Example: clearwater init pipelines --sample orders.jsonl --topic orders.raw
    """
    if sample is None and schema is None:
        if not sys.stdin.isatty():
            raise ConfigError("name a file: --sample RECORDS, or --schema FILE.avsc")
        sample, schema = _asked_file()
        topic = topic or typer.prompt("Topic to read", default=_topic_of(sample or schema))
        owner = owner or typer.prompt("Team that answers for it", default="", show_default=False)
    topic = topic or _topic_of(sample or schema)
    if _UNSAFE.search(topic):
        raise ConfigError(f"`{topic}` is no topic name: letters, digits, `.`, `_` and `-`")
    given = _Samples() if sample is None else _read(sample)
    parsed = given.schema if schema is None else _schema(schema)
    kind = "avro" if parsed is not None else given.kind
    source = Source(topic, kind, None if parsed is not None else given.line_format)
    proposed = propose(
        source,
        given.records,
        parsed,
        parsed=given.parsed,
        owner=owner,
        policy=policy,
        folder=folder,
    )
    for file in write(proposed, folder):
        out.print(f"wrote {file}", markup=False)
    _tell_next(folder, source, proposed.keys, proposed.tests)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(init)


@dataclass(slots=True)
class _Samples:
    """What a file holds: records, how a topic would have them, their schema or parsed fields."""

    records: tuple[Given, ...] = ()
    kind: str = "avro"
    line_format: str | None = None
    schema: Any = None
    parsed: Sequence[Any] = ()


def _asked_file() -> tuple[Path | None, Path | None]:
    while True:
        asked = "File with sample records, or an Avro schema (.avsc)"
        file = Path(typer.prompt(asked)).expanduser()
        if file.is_file():
            return (None, file) if file.suffix == ".avsc" else (file, None)
        err.print(f"{file}: there is no such file", style="red", markup=False)


def _topic_of(file: Path | None) -> str:
    stem = "" if file is None else file.name.split(".")[0].removesuffix("-value")
    return f"{_UNSAFE.sub('-', stem).strip('-') or 'events'}.raw"


def _read(file: Path) -> _Samples:
    found = read_samples(file, _MOST)
    schema = None
    if found.value == "avro":
        with file.open("rb") as container:
            schema = fastavro.reader(container).writer_schema
    if found.unreadable:
        err.print(f"{found.unreadable} lines are not what the others are: left out")
    if found.line_format is not None or found.value == "text":
        with file.open("rb") as lines:
            texts = [line.decode("utf-8", "replace").rstrip("\r\n") for line in lines]
        records = tuple(Given(value=one) for one in texts[:_MOST] if one.strip())
    else:
        records = tuple(_described(file, found.values))
    parsed = found.values if found.line_format is not None else ()
    return _Samples(records, found.value, found.line_format, schema, parsed)


def _described(file: Path, values: Any) -> list[Given]:
    """Return records with what stands beside their values, where the lines of a file say it."""
    lines = [] if file.suffix == ".gz" else file.read_bytes().splitlines()
    described = []
    for line in lines[:_MOST]:
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(found, dict) and "value" in found and set(found) <= ENVELOPE:
            headers = {str(name): str(text) for name, text in (found.get("headers") or {}).items()}
            described.append(Given(value=found["value"], key=found.get("key"), headers=headers))
    return described or [Given(value=plain(one)) for one in values]


def _schema(file: Path) -> Any:
    try:
        schema = orjson.loads(file.read_bytes())
        fastavro.parse_schema(schema)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except Exception as error:  # noqa: BLE001 - whatever fastavro makes of what is no schema
        raise ConfigError(f"{file}: no Avro schema: {type(error).__name__}") from None
    return schema


def _tell_next(folder: Path, source: Source, keys: tuple[str, ...], tests: int) -> None:
    if tests:
        pass_ = "passes" if tests == 1 else "pass"
        out.print(f"it loads, and {counted(tests, 'test')} {pass_}; next:", style="bold green")
    else:
        out.print("it loads; write tests beside it; next:", style="bold yellow")
    file = folder / f"{source.name}.yaml"
    samples = folder / "samples" / f"{source.name}.jsonl"
    for line in (
        f"clearwater explain {file}",
        f"clearwater test {folder}",
        f"clearwater try {file} --input {samples}",
        f"clearwater keys create {' '.join(keys)} --keys KEYS",
        f"clearwater dev {folder}",
    ):
        out.print(f"  {line}", markup=False)
