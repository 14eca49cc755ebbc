"""`clearwater keys`: make the keys that treatments and dead letters need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, err, out, print_rows
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
    """Make keys of 32 random bytes; those there are stay as they are.

    Exits with 2 if all of them are there.

    Example: clearwater keys create customers dead-letters --keys ./keys
    """
    target = key_folder(folder)
    target.mkdir(parents=True, exist_ok=True)
    there = set(FolderKeyring(target).names())
    if there.issuperset(names):
        create_key(target, names[0])  # says that it is there
    for name in dict.fromkeys(names):
        if name in there:
            err.print(f"{name} is there already and stays as it is", markup=False)
        else:
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
