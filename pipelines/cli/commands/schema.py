"""`clearwater schema`: the JSON Schema of what a user writes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from pipelines.cli.chart.schema import values_schema
from pipelines.cli.output import err, out
from pipelines.declaration.json_schema import DOCUMENTS, json_schema
from pipelines.errors import ConfigError, unknown

_CHART = "values"


def schema(
    kind: Annotated[str, typer.Argument(help="pipeline, policy, test; values: the chart's.")] = "",
    write: Annotated[
        Path | None, typer.Option(help="Write all of them into this folder instead.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Exit 1 if the copies in this folder are not current.")
    ] = None,
) -> None:
    """Print the JSON Schema of a document kind.

    Example: clearwater schema pipeline > pipeline.schema.json
    """
    folder = write or check
    if folder is None:
        if kind not in {*DOCUMENTS, _CHART}:
            raise ConfigError([unknown("no document", kind, (*DOCUMENTS, _CHART), "")])
        typer.echo(_text(kind), nl=False)
        return
    stale = []
    for name in DOCUMENTS:
        file = folder / f"{name}.schema.json"
        if write is not None:
            file.write_text(_text(name), encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != _text(name):
            stale.append(str(file))
    if stale:
        err.print(f"not current: {', '.join(stale)}; `clearwater schema --write {folder}` mends it")
        raise typer.Exit(1)
    out.print(f"{len(DOCUMENTS)} schemas in {folder} are current")


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(schema)


def _text(kind: str) -> str:
    document = values_schema() if kind == _CHART else json_schema(kind)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
