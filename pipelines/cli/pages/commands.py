"""Pages of the commands, made from what `--help` says."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from pipelines.cli import build
from pipelines.reference.page import Page, table

_EXAMPLE = re.compile(r"^Example: (.+)$", re.MULTILINE)
_ENDS = """\
Exit code: 0 good, 1 something was found (a test failed, a record was lost), 2 a declaration, a
setting or an option is wrong. Brokers, keys and registry are settings: `clearwater settings`.
"""


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Yield every command with its name as typed behind `clearwater`, those of groups included."""
    app = typer.main.get_command(build([]))
    if isinstance(app, TyperGroup):
        yield from _below(app, "")


def example(command: TyperCommand) -> str:
    """Return the example that a command's help shows; empty if there is none."""
    found = _EXAMPLE.search(command.help or "")
    return found[1].strip() if found else ""


def pages() -> Iterator[Page]:
    """Yield a page for each command."""
    for name, command in commands():
        summary, _, rest = _EXAMPLE.sub("", command.help or "").strip().partition("\n\n")
        parts = [
            f"```\nclearwater {name} {' '.join(_usage(command))}\n```\n",
            rest.strip() + "\n" if rest.strip() else "",
            table(("argument", "meaning"), _arguments(command)),
            table(("option", "takes", "default", "meaning"), _options(command)),
            f"For example:\n\n```sh\n{example(command)}\n```\n",
            _ENDS,
        ]
        body = "\n".join(part for part in parts if part)
        yield Page("command", name, " ".join(summary.split()), body)


def _below(group: TyperGroup, above: str) -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, TyperGroup):
            yield from _below(command, f"{above}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{above}{name}", command


def _usage(command: TyperCommand) -> Iterator[str]:
    for one in command.params:
        if isinstance(one, TyperArgument):
            shown = (one.name or "").upper() + ("..." if one.nargs != 1 else "")
            yield shown if one.required else f"[{shown}]"
    for one in command.params:
        if isinstance(one, TyperOption) and one.required:
            yield f"{one.opts[0]} {_takes(command, one)}"
    yield "[OPTIONS]"


def _arguments(command: TyperCommand) -> Iterator[tuple[str, str]]:
    for one in command.params:
        if isinstance(one, TyperArgument):
            yield f"`{(one.name or '').upper()}`", getattr(one, "help", None) or ""


def _options(command: TyperCommand) -> Iterator[tuple[str, str, str, str]]:
    for one in command.params:
        if not isinstance(one, TyperOption) or one.hidden or one.name == "help":
            continue
        default = "" if one.default in (None, False, "") else f"`{one.default}`"
        names = ", ".join(f"`{name}`" for name in one.opts)
        yield names, _takes(command, one), default, one.help or ""


def _takes(command: TyperCommand, option: TyperOption) -> str:
    """Return what stands behind an option, from the type of the function's argument."""
    hint = typing.get_type_hints(command.callback)[option.name or ""]
    kinds = [one for one in (typing.get_args(hint) or (hint,)) if one is not type(None)]
    if kinds == [bool]:
        return ""
    named = {int: "NUMBER", float: "NUMBER", str: "TEXT", Path: "PATH"}
    return " or ".join(named.get(one, f"`{one}`") for one in kinds)
