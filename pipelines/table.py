"""Table and TableConfig: the contract of the lookup tables that `enrich` reads."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Protocol, runtime_checkable

from pipelines.shape import Shape
from pipelines.strict_model import StrictModel


class Table(Protocol):
    """A read-only lookup. Implementations live in `tables/`."""

    @property
    def row(self) -> Shape:
        """The shape of what `lookup` returns."""

    def lookup(self, key: object) -> object | None:
        """Return the row for `key` (a fresh dict, or a scalar), or None where there is none.

        Never raises for a key of an odd type: that is a key the table does not have.
        """


@runtime_checkable
class RefreshingTable(Table, Protocol):
    """A table that takes up changes of the file it came from."""

    def refresh(self) -> bool:
        """Read the file again if it changed; True if a new version is in use.

        Blocking (call it off the event loop). A file that cannot be read keeps the last good
        version and raises ConfigError.
        """


class TableConfig(StrictModel):
    """One table as declared: a mapping with its kind as a key. Subclasses: `tables/`."""

    @abstractmethod
    def load(self, folder: Path) -> Table:
        """Return the table, read and indexed. Blocking.

        Args:
            folder: Where relative file names start: the folder of the declaring file.

        Raises:
            ConfigError: The file cannot be read, or its content is no table; every problem.
        """


def key_text(key: object) -> str | None:
    """Return the text that a key is looked up by, so that 5, 5.0 and "5" are one key.

    None for what can be no key: null, lists, objects, bytes.
    """
    match key:
        case str():
            return key
        case bool():
            return "true" if key else "false"
        case int():
            return str(key)
        case float():
            return str(int(key)) if key.is_integer() else repr(key)
        case _:
            return None
