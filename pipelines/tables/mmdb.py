"""mmdb: what a MaxMind DB file knows of an IP address.

Source: MaxMind DB File Format Specification 2.0.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import maxminddb

from pipelines.errors import ConfigError, Problem
from pipelines.shape import Shape
from pipelines.table import TableConfig
from pipelines.tables.file_table import FileTable
from pipelines.tables.row_shape import optional, shape_of_rows

_FIRST_NETWORKS = 10_000
_SAMPLED_BITS = 12
_GLOBAL_UNICAST = 0x2000 << 112  # 2000::/3, where addresses in use lie


class MmdbTable(TableConfig):
    """Looks an IP address up in a MaxMind DB file (GeoLite2, GeoIP2, IPinfo, DB-IP …).

    The key is an IPv4 or IPv6 address as text; a row is what the file holds for its network.
    The file is mapped into memory, shared by all workers of a machine, and opened again when
    another is put in its place: replace it by renaming, never write into it.
    """

    mmdb: Path
    """The file, relative to the declaring one."""

    def load(self, folder: Path) -> FileTable:
        return FileTable(folder / self.mmdb, open_mmdb)


class Addresses:
    """An open MaxMind DB file.

    Attributes:
        row: Shape of a row, found from a sample of networks; every field of it may be null.
    """

    def __init__(self, reader: maxminddb.Reader) -> None:
        self._get = reader.get
        self.row = _row(reader)

    def lookup(self, key: object) -> object | None:
        """Return what is known of the address, or None."""
        try:
            return self._get(key)  # type: ignore[arg-type] # what is no text is refused there
        except (ValueError, TypeError):
            return None  # no address, or an IPv6 one in a file of IPv4


def open_mmdb(file: Path) -> Addresses:
    """Return the open file.

    Raises:
        ConfigError: It is no MaxMind DB file.
        OSError: It cannot be read.
    """
    try:
        return Addresses(maxminddb.open_database(file, maxminddb.MODE_AUTO))
    except (maxminddb.InvalidDatabaseError, ValueError):
        raise ConfigError([Problem("not a MaxMind DB file", file, code="CW0702")]) from None


def _row(reader: maxminddb.Reader) -> Shape:
    """Return the shape of rows: of all in a small file, of many all over a large one."""
    first = (row for _, row in itertools.islice(reader, _FIRST_NETWORKS))
    spread = (reader.get(address) for address in _spread(reader.metadata().ip_version))
    rows = itertools.chain(first, spread)
    return optional(shape_of_rows(row for row in rows if row is not None))


def _spread(version: int) -> Iterator[IPv4Address | IPv6Address]:
    for part in range(2**_SAMPLED_BITS):
        yield IPv4Address((part << (32 - _SAMPLED_BITS)) + 1)
        if version == 6:  # noqa: PLR2004 - the protocol's own number
            yield IPv6Address(_GLOBAL_UNICAST + (part << (125 - _SAMPLED_BITS)) + 1)
