"""Shell completion that answers at once: what is not asked for is not imported."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path

import typer

_COMPLETES = "_CLEARWATER_COMPLETE"
_LINES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where bash, and zsh, fish and PowerShell, hand over the line that is being written."""


def being_completed(environment: Mapping[str, str]) -> list[str] | None:
    """Return the words of the line that a shell completes; None if this is no such call."""
    if _COMPLETES not in environment:
        return None
    line = next((environment[name] for name in _LINES if name in environment), "")
    return line.split()[1:]


def register_name(app: typer.Typer, name: str, module: str) -> None:
    """Add a command by its name and what the first line of its module says, without importing it.

    Enough to complete the name.
    """
    command: Callable[[], None] = lambda: None  # noqa: E731 - it is never called
    app.command(name, help=_first_line(module))(command)


def _first_line(module: str) -> str:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        return ""
    with Path(found.origin).open(encoding="utf-8") as source:
        return source.readline().strip().strip('"').partition(": ")[2]
