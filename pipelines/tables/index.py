"""Index: rows by the text of their key."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.shape import Shape
from pipelines.table import key_text
from pipelines.tables.row_shape import shape_of_rows


class Index:
    """An immutable table in memory.

    Attributes:
        row: The shape that every row fits.
    """

    __slots__ = ("_nested", "_rows", "row")

    def __init__(self, rows: Mapping[str, object], row: Shape | None = None) -> None:
        """Index the rows, which from now on belong to the table.

        Args:
            rows: Rows by the text of their key.
            row: Their shape, where it is known; else it is found from the rows.
        """
        self._rows = rows
        self.row = shape_of_rows(rows.values()) if row is None else row
        self._nested = any(
            isinstance(field, dict | list)
            for row in rows.values()
            if isinstance(row, dict)
            for field in row.values()
        )

    def lookup(self, key: object) -> object | None:
        """Return a fresh copy of the row, or None."""
        row = self._rows.get(key if type(key) is str else key_text(key))  # type: ignore[arg-type]
        if type(row) is not dict:
            return row
        return _fresh(row) if self._nested else row.copy()

    def __len__(self) -> int:
        return len(self._rows)


def _fresh(value: object) -> object:
    if isinstance(value, dict):
        return {name: _fresh(child) for name, child in value.items()}
    return [_fresh(child) for child in value] if isinstance(value, list) else value
