"""Help texts as paragraphs: they wrap where the terminal ends, not where a docstring's lines do."""

from __future__ import annotations

import inspect

import typer


def unwrap(app: typer.Typer) -> None:
    """Give every command a help text with one line a paragraph."""
    for command in app.registered_commands:
        if command.callback is not None:
            written = command.help or inspect.getdoc(command.callback) or ""
            command.help = "\n\n".join(" ".join(one.split()) for one in written.split("\n\n"))
    for group in app.registered_groups:
        if group.typer_instance is not None:
            unwrap(group.typer_instance)
