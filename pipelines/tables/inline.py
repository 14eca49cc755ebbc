"""inline: a small table written in the declaration itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, JsonValue

from pipelines.errors import ConfigError, Problem
from pipelines.table import TableConfig, key_text
from pipelines.tables.index import Index

Scalar = str | bool | int | float


class InlineTable(TableConfig):
    """Looks up in rows that stand in the file; a row is an object, or a text, number or flag."""

    inline: Annotated[dict[Scalar, Scalar | dict[str, JsonValue]], Field(min_length=1)]
    """Rows by key."""

    def load(self, folder: Path) -> Index:
        del folder
        rows: dict[str, object] = {}
        for key, row in self.inline.items():
            text = key_text(key)
            if text is None or text in rows:
                what = f"key `{key}` is there twice"
                fix = "keys are compared as text: keep one of them"
                raise ConfigError([Problem(what, code="CW0702", fix=fix)])
            rows[text] = row
        return Index(rows)
