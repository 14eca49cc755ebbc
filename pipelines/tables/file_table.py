"""FileTable: a table that follows the file it came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import ConfigError, Problem
from pipelines.shape import Shape
from pipelines.table import Table
from pipelines.tables.row_shape import still_holds


class _Stamp(NamedTuple):
    """What changes when a file does: a new one in its place has another inode."""

    modified: int
    size: int
    inode: int


class FileTable:
    """Looks up in the newest good version of a file.

    A new version is read beside the old one and takes its place in one assignment, so lookups
    never wait, not even in other threads.

    Attributes:
        row: The shape of the first version; later ones must fit it.
        lookup: Look a key up in the version in use.
    """

    def __init__(self, file: Path, read: Callable[[Path], Table]) -> None:
        """Read the file.

        Raises:
            ConfigError: It cannot be read, or holds no table.
        """
        self._file = file
        self._read = read
        self._stamp = self._look()
        self._refused: tuple[_Stamp, ConfigError] | None = None
        self._table = self._version()
        self.row: Shape = self._table.row

    def lookup(self, key: object) -> object | None:
        """Return the row for the key, or None."""
        return self._table.lookup(key)

    def refresh(self) -> bool:
        """Take up a new version of the file; True if there was one.

        Raises:
            ConfigError: The file is gone, broken, or its columns are others; the last good
                version stays in use.
        """
        stamp = self._look()
        if stamp == self._stamp:
            return False
        if self._refused is not None and self._refused[0] == stamp:
            raise self._refused[1]  # broken as it was: not read again
        try:
            table = self._successor()
        except ConfigError as error:
            self._refused = (stamp, error)
            raise
        self._table, self._stamp, self._refused = table, stamp, None
        return True

    def _successor(self) -> Table:
        table = self._version()
        if still_holds(self.row, table.row):
            return table
        message = (
            "the rows have lost fields or changed types since the start: put them back, or restart"
        )
        raise ConfigError([Problem(message, self._file, code="CW0702")])

    def _version(self) -> Table:
        try:
            return self._read(self._file)
        except OSError as error:
            raise ConfigError([_unreadable(error, self._file)]) from None

    def _look(self) -> _Stamp:
        try:
            found = self._file.stat()
        except OSError as error:
            raise ConfigError([_unreadable(error, self._file)]) from None
        return _Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


def _unreadable(error: OSError, file: Path) -> Problem:
    what = f"the table file cannot be read: {error.strerror or type(error).__name__}"
    fix = "a file name is relative to the declaring file"
    return Problem(what, file, code="CW0701", fix=fix)
