"""`clearwater produce`: records from a file into a topic, to try things out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer
from pydantic import ValidationError

from pipelines.cli.output import out
from pipelines.declaration.cases import Given
from pipelines.errors import ConfigError, RecordError
from pipelines.quantity import counted
from pipelines.runtime.assembly import registry_from
from pipelines.runtime.produce import Outgoing
from pipelines.runtime.produce import produce as write
from pipelines.runtime.security import client_arguments
from pipelines.settings import load_settings
from pipelines.wire import avro, json
from pipelines.wire.registry import Registry

Format = Literal["auto", "json", "avro", "text"]


def produce(
    topic: Annotated[str, typer.Argument(help="Topic to write to.")],
    file: Annotated[Path, typer.Option("--file", help="JSON Lines; text with `--value text`.")],
    value: Annotated[
        Format,
        typer.Option(help="How to encode values; auto: as Avro where TOPIC-value has a schema."),
    ] = "auto",
    *,
    bare: Annotated[
        bool, typer.Option("--bare", help="Each line is a value, without key and headers.")
    ] = False,
) -> None:
    """Write the records of a file to a topic; each line is {"value", "key"?, "headers"?}.

    A line of the form that `try` and the samples have; `timestamp`, milliseconds since the epoch,
    may stand in it, too.

    Example: clearwater produce orders.raw --file samples/orders.jsonl
    """
    settings = load_settings()
    client = client_arguments(settings)
    encode = _encoder(topic, value, registry_from(settings, Path.cwd()))
    records = [
        Outgoing(
            _key(given.key),
            encode(given.value),
            tuple((name, text.encode()) for name, text in given.headers.items()),
            given.timestamp or None,
        )
        for given in _given(file, bare=bare, is_text=value == "text")
    ]
    if any(one.key is None and one.value is None for one in records):
        raise ConfigError(f"{file}: null without a key says nothing: give the record a key")
    count = asyncio.run(write(topic, records, client))
    out.print(f"{counted(count, 'record')} written to {topic}", markup=False)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(produce)


def _given(file: Path, *, bare: bool, is_text: bool) -> Iterator[Given]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if bare and is_text:
                yield Given(value=line.decode())
            else:
                found = orjson.loads(line)
                yield Given(value=found) if bare else Given.model_validate(found)
        except (orjson.JSONDecodeError, UnicodeDecodeError):
            raise ConfigError(f"{file}: line {number}: not JSON in UTF-8") from None
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            form = 'write {"value": …, "key"?: …, "headers"?: {…}}, or use --bare'
            raise ConfigError(f"{file}: line {number}: {where or 'the line'}: {form}") from None


def _encoder(topic: str, value: Format, registry: Registry | None) -> Callable[[Any], bytes | None]:
    """Return how values become bytes.

    Raises:
        ConfigError: Avro is asked for, and there is no schema.
    """
    subject = f"{topic}-value"
    encode: Callable[[Any], bytes] = _plain
    if value == "avro" or (value == "auto" and registry is not None):
        if registry is None:
            raise ConfigError("avro needs CLEARWATER_SCHEMA_REGISTRY")
        try:
            number, schema = registry.latest(subject)
        except ConfigError:
            if value == "avro":
                raise
        else:
            write = avro.encoder(schema, number)

            def encode(given: Any) -> bytes:
                return write(avro.from_json(given, schema))

    elif value == "json":
        encode = json.encode

    def encoded(given: Any) -> bytes | None:
        try:
            return None if given is None else encode(given)
        except RecordError as error:
            raise ConfigError(f"a value does not fit {subject}: {error}") from None

    return encoded


def _plain(given: Any) -> bytes:
    return given.encode() if isinstance(given, str) else json.encode(given)


def _key(given: Any) -> bytes | None:
    return None if given is None else _plain(given)
