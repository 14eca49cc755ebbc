"""Where `enrich` looks things up.  Add a kind: write its file, list it here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Tag

from pipelines.table import TableConfig
from pipelines.tables.inline import InlineTable
from pipelines.tables.user_agent import UserAgentTable

TABLES: tuple[type[TableConfig], ...] = (InlineTable, UserAgentTable)
"""Every kind of table, in the order of the documentation."""


def kind(written: object) -> str:
    """Return which kind of table was written: the key that names it."""
    if isinstance(written, TableConfig):
        return next(iter(type(written).model_fields))
    if not isinstance(written, dict):
        return ""
    known = [next(iter(table.model_fields)) for table in TABLES]
    named = [key for key in written if key in known]
    return str(next(iter(named or written), ""))


AnyTable = Annotated[
    Annotated[InlineTable, Tag("inline")] | Annotated[UserAgentTable, Tag("user_agent")],
    Discriminator(kind),
]
"""Any table a declaration may name. This union is the registry."""

__all__ = ["TABLES", "AnyTable"]
