"""Rows: what is collected of a table file while it is read, and everything wrong with it."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import ConfigError, Problem
from pipelines.shape import Shape
from pipelines.table import key_text
from pipelines.tables.index import Index

MOST_PROBLEMS = 20
"""Problems of one file that are listed; one with more is another file."""
_CODE = "CW0702"


class Rows:
    """The rows of one file by the text of their key. Messages never quote a row.

    Attributes:
        unit: What places count: `line`, or `row` where rows share lines.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.unit = "line"
        self._rows: dict[str, object] = {}
        self._places: dict[str, int] = {}
        self._problems: list[Problem] = []

    def add(self, key: object, row: object, place: int) -> None:
        """Add a row that stands at `place` of the file, or note why it cannot be one."""
        text = key_text(key)
        if text is None:
            self.fault("the key is no text, number or flag", place)
        elif text in self._places:
            self.fault(f"the key of {self.unit} {self._places[text]} again: keys are unique", place)
        else:
            self._rows[text] = row
            self._places[text] = place

    def fault(self, message: str, place: int | None = None) -> None:
        """Note what is wrong."""
        if place is not None and self.unit != "line":
            self._problems.append(
                Problem(f"{self.unit} {place}: {message}", self._file, code=_CODE)
            )
        else:
            self._problems.append(Problem(message, self._file, place, code=_CODE))

    def index(self, row: Shape | None = None) -> Index:
        """Return the table.

        Raises:
            ConfigError: Anything is wrong; the first problems, and how many more there are.
        """
        if not self._problems and not self._rows:
            self.fault("the table has no rows")
        if self._problems:
            more = len(self._problems) - MOST_PROBLEMS
            shown = self._problems[:MOST_PROBLEMS]
            if more > 0:
                shown.append(Problem(f"and {more} more problems", self._file, code=_CODE))
            raise ConfigError(shown)
        return Index(self._rows, row)
