"""Records for trials: JSON Lines, text or an Avro container, from a file or standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import fastavro
import orjson

from pipelines.cli.output import err
from pipelines.cli.trial.records import parsed_line
from pipelines.declaration.cases import Given
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError
from pipelines.wire import json

_AVRO = b"Obj\x01"
ENVELOPE = {"value", "key", "headers", "timestamp", "partition", "offset", "topic"}
"""What may stand beside a value in a line that describes a record."""


def read_input(source: Path, plan: Plan, *, bare: bool) -> list[tuple[int, Given]]:
    """Return the records of a file with their line, or place in an Avro container, from 1.

    Args:
        source: The file; `-` for standard input.
        plan: The pipeline that they are for.
        bare: Each line is a value alone. An Avro container holds nothing else, and of a text topic
            a line that describes no record is one.

    Raises:
        ConfigError: It cannot be read, or a line is no record.
    """
    if str(source) == "-" and sys.stdin.isatty():
        err.print("records, one a line; Ctrl-D ends them", style="dim")
    try:
        raw = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
    except OSError as error:
        raise ConfigError(f"{source}: {error.strerror}") from None
    if raw.startswith(_AVRO):
        return list(enumerate(_container(source, raw), start=1))
    found = []
    is_text = plan.blueprint.pipeline.source.value == "text"
    for number, line in enumerate(raw.split(b"\n"), start=1):
        text = line.removesuffix(b"\r")
        if not text.strip():
            continue
        try:
            alone = bare or (is_text and not _describes_a_record(text))
            found.append((number, parsed_line(text, plan, bare=alone)))
        except ConfigError as error:
            raise ConfigError(f"{source}: line {number}: {error}") from None
    return found


def are_bare(source: Path) -> bool:
    """Return True if the first line of a file is a value alone, not a record with a `value`."""
    with source.open("rb") as lines:
        return not _describes_a_record(next((one for one in lines if one.strip()), b""))


def _describes_a_record(line: bytes) -> bool:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and "value" in found and set(found) <= ENVELOPE


def _container(source: Path, raw: bytes) -> Iterator[Given]:
    try:
        for value in fastavro.reader(io.BytesIO(raw)):
            yield Given(value=json.decode(json.encode(value)))
    except Exception as error:  # noqa: BLE001 - whatever fastavro chokes on may be quoted
        raise ConfigError(f"{source}: no Avro container: {type(error).__name__}") from None
