"""Tables for people, JSON for programs; problems and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli.reports.text import text_report
from pipelines.errors import Problem

out = Console(highlight=False, soft_wrap=True)
"""Standard output."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Standard error: progress, problems."""

_BORDER = 3  # what a column takes beside its cells
_LEAST = 8  # what a column is left that has to wrap
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def print_json(value: Any) -> None:
    """Print one JSON document, indented."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS
    sys.stdout.write(orjson.dumps(value, default=str, option=options).decode() + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table; markup in the cells is shown as it is."""
    table = Table(title=title, title_justify="left", title_style="bold")
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(map(len, (name, *(row[at] for row in cells)))) for at, name in enumerate(columns)]
    room = out.width - len(columns) * (_BORDER + _LEAST) - 1
    whole = set()
    for at in sorted(range(len(columns)), key=widths.__getitem__):
        room -= max(widths[at] - _LEAST, 0)
        if room >= 0:
            whole.add(at)
    for at, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=at in whole)
    for row in cells:
        table.add_row(*row)
    out.print(table)


def print_rows(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool
) -> None:
    """Print rows as a table, or as a JSON list of objects keyed by column."""
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(title, columns, rows)


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems with their excerpts on standard error, coloured on a terminal."""
    for block in text_report(problems):
        err.print(block)


def _cell(cell: object) -> str:
    text = ", ".join(str(one) for one in cell) if isinstance(cell, tuple | list) else str(cell)
    return text.replace("[", "\\[")
