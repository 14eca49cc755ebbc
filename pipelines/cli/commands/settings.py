"""`clearwater settings`: every setting, where it comes from, secrets hidden."""

from __future__ import annotations

import typer

from pipelines.cli.output import Json, print_rows
from pipelines.settings import load_settings


def settings(*, as_json: Json = False) -> None:
    """Print every setting with its value and where it comes from; secrets are hidden.

    Example: CLEARWATER_BROKERS=kafka:9092 clearwater settings
    """
    rows = load_settings().describe()
    columns = ("variable", "value", "source", "meaning")
    print_rows("Settings", columns, rows, as_json=as_json)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(settings)
