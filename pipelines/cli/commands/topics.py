"""`clearwater topics`: make the topics that the pipelines need."""

from __future__ import annotations

import asyncio
from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, print_rows
from pipelines.declaration.project import load
from pipelines.errors import ConfigError
from pipelines.runtime.security import client_arguments
from pipelines.runtime.topics import ensure_topics
from pipelines.settings import load_settings

topics = typer.Typer(help="The topics that pipelines need.", no_args_is_help=True)


@topics.callback()
def group() -> None:
    """The topics that pipelines need."""


@topics.command()
def ensure(
    folder: Annotated[Path, typer.Argument(help="Folder with the pipelines.")],
    partitions: Annotated[int, typer.Option(min=1, help="Of sources that are made.")] = 4,
    replication: Annotated[
        int | None, typer.Option(min=1, help="Of topics made; default: 3, or what brokers allow.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Make the source, destination and dead letter topics that are missing; change none.

    Example: CLEARWATER_BROKERS=kafka:9092 clearwater topics ensure pipelines/
    """
    project = load(folder)
    if project.errors:
        raise ConfigError(project.errors)
    states = asyncio.run(
        ensure_topics(
            [one.model for one in project.pipelines.values()],
            client_arguments(load_settings()),
            partitions=partitions,
            replication=replication,
        )
    )
    columns = ("topic", "role", "pipeline", "partitions", "state")
    print_rows("Topics", columns, [astuple(state) for state in states], as_json=as_json)


def register(app: typer.Typer, name: str) -> None:
    """Add the commands."""
    app.add_typer(topics, name=name)
