"""`clearwater tail`: a topic's records, decoded, and only through the gate."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer

from pipelines.cli.before_after import before
from pipelines.cli.output import err, out
from pipelines.engine.coordinates import SRC, parsed
from pipelines.errors import ConfigError, RecordError
from pipelines.privacy.gate import Gate
from pipelines.privacy.policy import Privacy
from pipelines.privacy.scan import Scan
from pipelines.record import Record
from pipelines.runtime.assembly import registry_from
from pipelines.runtime.browse import Browsed, Records, browse, records
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
    before_after: Annotated[
        bool,
        typer.Option("--before-after", help="Show beside each clean record what it was, masked."),
    ] = False,
) -> None:
    """Print records as JSON lines. What detectors find is replaced by its entity type.

    With `--before-after`, a record that a pipeline wrote is shown beside its source: values that
    left unchanged as they are, every other as stars of its length.

    Example: clearwater tail orders.clean --last 3
    """
    settings = load_settings()
    client = client_arguments(settings)
    gate = Gate.compile(Privacy(), None, ANY, _NoKeys(), Scan(), strict_types=False)
    view = _View(topic, gate, registry_from(settings, Path.cwd()), value)

    async def show() -> None:
        async with records(client) as sources:
            async for browsed in browse(topic, client, last=last, follow=follow):
                shown = view.shown(browsed)
                if before_after:
                    shown |= await view.source(browsed, shown.get("value"), sources)
                _print(topic, shown)

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


class _View:
    """Records of one topic, as they may be shown."""

    def __init__(self, topic: str, gate: Gate, registry: Registry | None, value: Format) -> None:
        self._topic = topic
        self._gate = gate
        self._registry = registry
        self._value = value

    def shown(self, browsed: Browsed) -> dict[str, Any]:
        """Return a record through the gate, or why it cannot be read."""
        place = {"partition": browsed.partition, "offset": browsed.offset}
        try:
            record = Record(
                decoded(browsed.value, self._registry, self._value),
                None if browsed.key is None else browsed.key.decode(),
                list(browsed.headers),
                self._topic,
                browsed.partition,
                browsed.offset,
                browsed.timestamp,
            )
            self._gated(record)
        except (RecordError, UnicodeDecodeError) as error:
            code = error.code if isinstance(error, RecordError) else "key_not_text"
            return {**place, "unreadable": code}
        headers = {name: (raw or b"").decode("utf-8", "replace") for name, raw in record.headers}
        return {**place, "key": record.key, "value": record.value, "headers": headers}

    async def source(self, browsed: Browsed, clean: object, sources: Records) -> dict[str, Any]:
        """Return where a record came from and what it was there, masked; or why that is unknown."""
        own = next((content for name, content in browsed.headers if name == SRC), b"")
        found = parsed(own)
        if found is None:
            return {"source": None, "before": None}
        place = f"{found.topic}/{found.partition}@{found.offset}"
        raw = await sources.at(found.topic, found.partition, found.offset)
        if raw is None:
            return {"source": f"{place} (not there any more)", "before": None}
        try:
            masked = before(decoded(raw.value, self._registry, "auto"), clean)
            record = Record(masked, None, [], *found[:3], raw.timestamp)
            self._gated(record)
        except RecordError as error:
            return {"source": f"{place} ({error.code})", "before": None}
        return {"source": place, "before": record.value}

    def _gated(self, record: Record) -> None:
        failed = self._gate.treat([record]) or self._gate.scan([record], Counter()).failed
        for error in failed.values():
            raise error


def _print(topic: str, shown: dict[str, Any]) -> None:
    """Print a JSON line; on a terminal, before and after one below the other."""
    if "before" not in shown or not out.is_terminal:
        typer.echo(orjson.dumps(shown))
        return
    place = f"{topic}/{shown['partition']}@{shown['offset']}"
    out.print(f"{place} from {shown['source'] or 'an unknown source'}", style="bold", markup=False)
    for name, value in (("before", shown["before"]), ("after", shown.get("value"))):
        style = "green" if name == "after" else None
        out.print(f"  {name:<7} {orjson.dumps(value).decode()}", style=style, markup=False)


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
