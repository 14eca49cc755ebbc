"""Samples: the records in a file, whatever usual kind of file it is."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import fastavro

from pipelines.errors import ConfigError, RecordError
from pipelines.field_path import MISSING
from pipelines.steps.parse import FORMATS
from pipelines.wire import json

_LOOKED_AT = 200  # lines that decide what a file is
_MOSTLY = 0.9
_LINE_FORMATS = ("combined", "common", "syslog", "logfmt")


@dataclass(frozen=True, slots=True)
class Samples:
    """The records of a file.

    Attributes:
        value: Their format as a topic would have it: `json`, `avro` or `text`.
        values: The records, decoded; those of a named line format as its fields.
        line_format: The named format of text lines, if they are of one.
        unreadable: How many records were left out because they are not what the others are.
    """

    value: str
    values: Sequence[Any]
    line_format: str | None = None
    unreadable: int = 0


def read_samples(file: Path, most: int) -> Samples:
    """Return the records of a file: JSON (lines, a list, one object), CSV, Avro or text.

    What it is, is told by its content, for CSV and TSV by its name. `.gz` is opened.

    Raises:
        ConfigError: It cannot be read, or holds no record.
    """
    try:
        raw = file.read_bytes()
        name = file.name.lower()
        if name.endswith(".gz"):
            raw, name = gzip.decompress(raw), name.removesuffix(".gz")
    except (OSError, EOFError) as error:
        raise ConfigError(f"{file}: {getattr(error, 'strerror', None) or 'no gzip file'}") from None
    if raw.startswith(b"Obj\x01"):
        return Samples("avro", _avro(file, raw, most))
    if name.endswith((".csv", ".tsv")):
        return Samples("json", _table(file, raw, "\t" if name.endswith(".tsv") else ",", most))
    samples = _json(raw, most) or _lines(
        [line.decode("utf-8", "replace") for line in _split(raw)[:most]]
    )
    if not samples.values:
        raise ConfigError(f"{file}: there is no record in it")
    return samples


def _avro(file: Path, raw: bytes, most: int) -> list[Any]:
    try:
        return list(islice(fastavro.reader(io.BytesIO(raw)), most))
    except Exception as error:  # noqa: BLE001 - whatever fastavro chokes on may be quoted
        raise ConfigError(f"{file}: no Avro container: {type(error).__name__}") from None


def _table(file: Path, raw: bytes, delimiter: str, most: int) -> list[Any]:
    text = io.StringIO(raw.decode("utf-8-sig", "replace"), newline="")
    try:
        rows = csv.DictReader(text, delimiter=delimiter)
        found = [{str(name): cell for name, cell in row.items()} for row in islice(rows, most)]
    except csv.Error:
        raise ConfigError(f"{file}: not a table with a header line") from None
    if not found:
        raise ConfigError(f"{file}: there is no row below the header line")
    return found


def _json(raw: bytes, most: int) -> Samples | None:
    """Return the records of a JSON document or of JSON Lines; None where it is neither."""
    lines = _split(raw)
    first = [_value(line) for line in lines[:_LOOKED_AT]]
    if sum(isinstance(one, str) for one in first) >= _MOSTLY * len(first) > 0:
        texts = [_value(line) for line in lines[:most]]
        return _lines([one for one in texts if isinstance(one, str)])
    objects = sum(isinstance(one, dict | list) for one in first)
    if objects >= _MOSTLY * len(first) and len(lines) > 1:
        values = [_value(line) for line in lines[:most]]
        good = [one for one in values if one is not MISSING]
        return Samples("json", good, unreadable=len(values) - len(good))
    whole = _value(raw)
    if isinstance(whole, dict):
        return Samples("json", [whole])
    return Samples("json", whole[:most]) if isinstance(whole, list) else None


def _lines(lines: Sequence[str]) -> Samples:
    for name in _LINE_FORMATS:
        read = FORMATS[name].read
        first = [_parsed(read, line) for line in lines[:_LOOKED_AT]]
        if sum(isinstance(one, dict) for one in first) >= _MOSTLY * len(first) and _tells(first):
            values = [_parsed(read, line) for line in lines]
            good = [one for one in values if isinstance(one, dict)]
            return Samples("text", good, name, len(values) - len(good))
    return Samples("text", [{"line": line} for line in lines])


def _tells(parsed: Sequence[Any]) -> bool:
    """Return True if the fields say something: any word is a flag in logfmt."""
    filled = [
        sum(cell is not None for cell in one.values()) for one in parsed if one is not MISSING
    ]
    return bool(filled) and sum(filled) >= 2 * len(filled)


def _parsed(read: Any, line: str) -> Any:
    try:
        return read(line, 0)
    except RecordError:
        return MISSING


def _value(raw: bytes) -> Any:
    try:
        value = json.decode(raw)
    except RecordError:
        return MISSING
    # what `clearwater try` reads and `tail` writes: the record with what belongs to it
    if isinstance(value, dict) and "value" in value and set(value) <= _RECORD:
        return value["value"]
    return value


_RECORD = {"value", "key", "headers", "partition", "offset", "topic", "timestamp"}


def _split(raw: bytes) -> list[bytes]:
    return [line for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
