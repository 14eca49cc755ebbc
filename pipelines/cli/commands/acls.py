"""`clearwater acls`: the least rights that the pipelines need on the brokers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated, Literal

import typer
from ruamel.yaml import YAML

from pipelines.declaration.project import load
from pipelines.errors import ConfigError
from pipelines.runtime.rights import kafka_acls, rights, strimzi_user
from pipelines.settings import load_settings

acls = typer.Typer(help="Rights on the brokers.", no_args_is_help=True)


@acls.callback()
def group() -> None:
    """Rights on the brokers."""


@acls.command("print")
def print_(
    folder: Annotated[Path, typer.Argument(help="Folder with the pipelines.")],
    user: Annotated[str, typer.Option(help="Principal that the workers log in as.")] = "clearwater",
    form: Annotated[
        Literal["kafka-acls", "strimzi"], typer.Option("--format", help="What to print.")
    ] = "kafka-acls",
    *,
    redrive: Annotated[
        bool, typer.Option("--redrive", help="Also for sending dead letters back.")
    ] = False,
) -> None:
    """Print the least rights that the workers of a folder need, as commands or as a KafkaUser.

    The group is that of the settings.

    Example: clearwater acls print pipelines/ --format strimzi
    """
    project = load(folder)
    if project.errors:
        raise ConfigError(project.errors)
    declared = [one.model for one in project.pipelines.values()]
    wanted = rights(declared, load_settings().group, redrive=redrive)
    if form == "kafka-acls":
        for line in kafka_acls(wanted, user):
            typer.echo(line)
        return
    sink = io.StringIO()
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(strimzi_user(wanted, user), sink)
    typer.echo(sink.getvalue(), nl=False)


def register(app: typer.Typer, name: str) -> None:
    """Add the commands."""
    app.add_typer(acls, name=name)
