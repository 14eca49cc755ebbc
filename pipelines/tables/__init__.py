"""Where `enrich` looks things up.  Add a kind: write its file, list it here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Tag

from pipelines.table import TableConfig
from pipelines.tables.csv import CsvTable
from pipelines.tables.inline import InlineTable
from pipelines.tables.json import JsonTable
from pipelines.tables.mmdb import MmdbTable
from pipelines.tables.user_agent import UserAgentTable

KINDS: dict[str, type[TableConfig]] = {
    "csv": CsvTable,
    "json": JsonTable,
    "inline": InlineTable,
    "mmdb": MmdbTable,
    "user_agent": UserAgentTable,
}
"""Every kind of table by the key that names it, in the order of the documentation."""

TABLES: tuple[type[TableConfig], ...] = tuple(KINDS.values())
"""Every kind of table."""


def kind(written: object) -> str:
    """Return which kind of table was written: the key that names it."""
    if isinstance(written, TableConfig):
        return next(name for name, table in KINDS.items() if type(written) is table)
    if not isinstance(written, dict):
        return ""
    named = [key for key in written if key in KINDS]
    return str(next(iter(named or written), ""))


AnyTable = Annotated[
    Annotated[CsvTable, Tag("csv")]
    | Annotated[JsonTable, Tag("json")]
    | Annotated[InlineTable, Tag("inline")]
    | Annotated[MmdbTable, Tag("mmdb")]
    | Annotated[UserAgentTable, Tag("user_agent")],
    Discriminator(kind),
]
"""Any table a declaration may name. This union is the registry."""

__all__ = ["TABLES", "AnyTable"]
