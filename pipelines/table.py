"""Table: the contract of a lookup table that `enrich` reads."""

from __future__ import annotations

from typing import Protocol

from pipelines.shape import Shape


class Table(Protocol):
    """A read-only lookup. Implementations live in `tables/`."""

    @property
    def row(self) -> Shape:
        """The shape of what `lookup` returns."""

    def lookup(self, key: object) -> object | None:
        """Return the row for `key` (a fresh dict, or a scalar), or None where there is none.

        Never raises for a key of an odd type: that is a key the table does not have.
        """


class RefreshingTable(Table, Protocol):
    """A table that takes up changes of the file it came from."""

    def refresh(self) -> bool:
        """Read the file again if it changed; True if a new version is in use.

        Blocking (call it off the event loop). A file that cannot be read keeps the last good
        version and raises ConfigError.
        """
