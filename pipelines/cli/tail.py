"""`clearwater tail`: a topic's records, decoded, and only through the gate."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer

from pipelines.cli.output import err
from pipelines.errors import ConfigError, RecordError
from pipelines.privacy.gate import Gate
from pipelines.privacy.policy import Privacy
from pipelines.privacy.scan import Scan
from pipelines.record import Record
from pipelines.runtime.assembly import registry_from
from pipelines.runtime.browse import Browsed, browse
from pipelines.runtime.security import client_arguments
from pipelines.settings import load_settings
from pipelines.shape import ANY
from pipelines.wire import avro, json
from pipelines.wire.registry import Registry

Format = Literal["auto", "json", "avro", "text"]


def tail(
    topic: Annotated[str, typer.Argument(help="Topic to read.")],
    last: Annotated[int, typer.Option(min=1, help="Start so many before each end.")] = 10,
    value: Annotated[Format, typer.Option(help="How values are encoded.")] = "auto",
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what is written.")] = False,
) -> None:
    """Print records as JSON lines. What detectors find is replaced by its entity type.

    Example: clearwater tail orders.clean --last 3
    """
    settings = load_settings()
    registry = registry_from(settings, Path.cwd())
    client = client_arguments(settings)
    gate = Gate.compile(Privacy(), None, ANY, _NoKeys(), Scan(), strict_types=False)

    async def show() -> None:
        async for browsed in browse(topic, client, last=last, follow=follow):
            typer.echo(orjson.dumps(_shown(browsed, topic, gate, registry, value)))

    try:
        asyncio.run(show())
    except KeyboardInterrupt:
        err.print("ended")


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(tail)


class _NoKeys:
    """No treatment of the gate used here needs a key."""

    def key(self, name: str) -> bytes:
        raise ConfigError(f"no key `{name}`")


def _shown(
    browsed: Browsed, topic: str, gate: Gate, registry: Registry | None, value: Format
) -> dict[str, Any]:
    place = {"partition": browsed.partition, "offset": browsed.offset}
    try:
        record = Record(
            decoded(browsed.value, registry, value),
            None if browsed.key is None else browsed.key.decode(),
            list(browsed.headers),
            topic,
            browsed.partition,
            browsed.offset,
            browsed.timestamp,
        )
        gate.treat(record)
        scanned = gate.scan([record], Counter())
        for error in scanned.failed.values():
            raise error
    except (RecordError, UnicodeDecodeError) as error:
        code = error.code if isinstance(error, RecordError) else "key_not_text"
        return {**place, "unreadable": code}
    headers = {name: (raw or b"").decode("utf-8", "replace") for name, raw in record.headers}
    return {**place, "key": record.key, "value": record.value, "headers": headers}


def decoded(raw: bytes | None, registry: Registry | None, value: Format) -> Any:
    """Return a value in the format asked for, or in the first that fits."""
    if raw is None:
        return None
    framed = raw[:1] == b"\0" and registry is not None
    if value == "avro" or (value == "auto" and framed):
        if registry is None:
            raise ConfigError("avro needs CLEARWATER_SCHEMA_REGISTRY")
        schema = registry.by_id(avro.schema_id(raw))
        return json.decode(json.encode(avro.decoder(schema)(raw)))
    if value in ("auto", "json"):
        try:
            return json.decode(raw)
        except RecordError:
            if value == "json":
                raise
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise RecordError("decode_failed", "decode", "not text") from None
