"""csv: rows of a CSV file (RFC 4180) with a header line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from pipelines.shape import STRING, Shape
from pipelines.table import TableConfig
from pipelines.tables.file_table import FileTable
from pipelines.tables.index import Index
from pipelines.tables.rows import Rows


class CsvTable(TableConfig):
    """Looks up in a CSV file: UTF-8, comma-separated, its first line names the columns.

    A row is an object of texts, without the key column. The file is read again when it changes.
    """

    csv: Path
    """The file, relative to the declaring one."""
    key: Annotated[str, Field(min_length=1)]
    """Name of the key column; no key may be there twice."""

    def load(self, folder: Path) -> FileTable:
        return FileTable(folder / self.csv, lambda file: read_csv(file, self.key))


def read_csv(file: Path, key: str) -> Index:
    """Return the rows of a CSV file by the texts in a column.

    Raises:
        ConfigError: There is no such column, or rows are wrong; each problem with its line.
        OSError: The file cannot be read.
    """
    rows = Rows(file)
    columns: list[str] = []
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, strict=True)
        try:
            columns = next(lines, [])
            faults = list(_faults(columns, key))
            for fault in faults:
                rows.fault(fault, 1)
            if not faults:
                place = columns.index(key)
                for cells in lines:
                    _add(rows, columns, cells, place, lines.line_num)
        except csv.Error as error:
            rows.fault(f"not CSV: {error}", lines.line_num)
        except UnicodeDecodeError:
            rows.fault("not UTF-8 text")
    fields = dict.fromkeys((name for name in columns if name != key), STRING)
    return rows.index(Shape("object", fields=fields))


def _faults(columns: Sequence[str], key: str) -> Iterator[str]:
    if key not in columns:
        yield f"no column `{key}`; columns: {', '.join(columns) or 'none'}"
    for name, times in Counter(columns).items():
        if not name.strip():
            yield "a column has no name"
        elif times > 1:
            yield f"column `{name}` is there {times} times"


def _add(rows: Rows, columns: Sequence[str], cells: Sequence[str], place: int, line: int) -> None:
    if not cells:
        return  # an empty line
    if len(cells) != len(columns):
        rows.fault(f"{len(cells)} cells, but {len(columns)} columns", line)
        return
    row = dict(zip(columns, cells, strict=True))
    rows.add(row.pop(columns[place]), row, line)
