"""`clearwater keys`: make the keys that treatments and dead letters need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, out, print_rows
from pipelines.errors import ConfigError
from pipelines.keyring import FolderKeyring, create_key
from pipelines.settings import load_settings

Folder = Annotated[
    Path | None, typer.Option("--keys", help="Folder of the keys; default: CLEARWATER_KEYS.")
]

keys = typer.Typer(help="Make and list keys.", no_args_is_help=True)


@keys.command()
def create(
    names: Annotated[list[str], typer.Argument(help="Names of the keys to make.")],
    folder: Folder = None,
) -> None:
    """Make keys of 32 random bytes; never overwrites one.

    Example: clearwater keys create customers dead-letters --keys ./keys
    """
    target = key_folder(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        out.print(f"made {create_key(target, name)}", markup=False)


@keys.command("list")
def list_keys(folder: Folder = None, *, as_json: Json = False) -> None:
    """List the names of the keys there are.

    Example: clearwater keys list
    """
    target = key_folder(folder)
    rows = [(name,) for name in FolderKeyring(target).names()]
    print_rows(f"Keys in {target}", ("key",), rows, as_json=as_json)


def key_folder(folder: Path | None) -> Path:
    """Return the key folder that was asked for or set.

    Raises:
        ConfigError: There is none.
    """
    chosen = folder or load_settings().keys
    if chosen is None:
        raise ConfigError("no key folder: give --keys FOLDER or set CLEARWATER_KEYS")
    return chosen


def register(app: typer.Typer, name: str) -> None:
    """Add the commands."""
    app.add_typer(keys, name=name)
