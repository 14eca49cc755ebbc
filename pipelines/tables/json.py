"""json: rows of a JSON file - JSON Lines, one array, or one object by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import orjson
from pydantic import Field

from pipelines.table import TableConfig
from pipelines.tables.file_table import FileTable
from pipelines.tables.index import Index
from pipelines.tables.rows import Rows


class JsonTable(TableConfig):
    """Looks up in a JSON file: with `key` one object a line, or an array of objects.

    Without `key` the file is one object, whose names are the keys and whose values are the rows:
    objects, texts, numbers or flags. A row is without its key field. The file is read again when
    it changes.
    """

    json_: Annotated[Path, Field(alias="json")]
    """The file, relative to the declaring one."""
    key: Annotated[str, Field(min_length=1)] | None = None
    """Name of the key field; no key may be there twice."""

    def load(self, folder: Path) -> FileTable:
        return FileTable(folder / self.json_, lambda file: read_json(file, self.key))


def read_json(file: Path, key: str | None) -> Index:
    """Return the rows of a JSON file by their key.

    Raises:
        ConfigError: Rows are wrong; each problem with its line, or its position in the array.
        OSError: The file cannot be read.
    """
    rows = Rows(file)
    raw = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if key is None:
        _add_by_name(rows, raw)
    elif raw.lstrip()[:1] == b"[":
        _add_each(rows, key, _elements(rows, raw))
    else:
        _add_each(rows, key, _lines(rows, raw))
    return rows.index()


def _parsed(rows: Rows, raw: bytes, place: int | None = None) -> Iterator[object]:
    try:
        yield orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        where = f"column {error.colno}" if place else f"line {error.lineno}, column {error.colno}"
        rows.fault(f"not JSON at {where}", place or error.lineno)


def _add_by_name(rows: Rows, raw: bytes) -> None:
    for document in _parsed(rows, raw):
        if not isinstance(document, dict):
            rows.fault("without `key` the file is one object: name the key field of its rows")
            continue
        rows.unit = "row"
        for place, (name, row) in enumerate(document.items(), 1):
            if isinstance(row, dict | str | int | float):
                rows.add(name, row, place)
            else:
                rows.fault("a row is an object, text, number or flag", place)


def _elements(rows: Rows, raw: bytes) -> Iterator[tuple[int, object]]:
    for document in _parsed(rows, raw):
        if isinstance(document, list):
            rows.unit = "row"
            yield from enumerate(document, 1)


def _lines(rows: Rows, raw: bytes) -> Iterator[tuple[int, object]]:
    for place, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            yield from ((place, row) for row in _parsed(rows, line, place))


def _add_each(rows: Rows, key: str, found: Iterable[tuple[int, object]]) -> None:
    for place, row in found:
        if not isinstance(row, dict):
            rows.fault("a row is an object", place)
        elif key not in row:
            rows.fault(f"the row has no field `{key}`", place)
        else:
            rows.add(row.pop(key), row, place)
