"""The command line. Add a command: write its file, add its line in `COMMANDS`."""

from __future__ import annotations

import importlib
import os
import sys

import typer

from pipelines.cli.completion import being_completed, register_name
from pipelines.errors import ClearwaterError, ConfigError

COMMANDS = (
    ("run", "run"),
    ("check", "check"),
    ("init", "init"),
    ("test", "test"),
    ("try", "try_"),
    ("eval", "eval_"),
    ("explain", "explain"),
    ("scan", "scan"),
    ("detect", "detect"),
    ("topics", "topics"),
    ("acls", "acls"),
    ("verify", "verify"),
    ("doctor", "doctor"),
    ("tail", "tail"),
    ("produce", "produce"),
    ("dev", "dev"),
    ("demo", "demo"),
    ("dead-letters", "dead_letters"),
    ("keys", "keys"),
    ("settings", "settings"),
    ("help", "reference"),
    ("schema", "schema"),
    ("steps", "catalogues"),
    ("detectors", "catalogues"),
    ("treatments", "catalogues"),
)
"""Command names and the modules they live in: only the one asked for is imported in full."""


def build(argv: list[str]) -> typer.Typer:
    """Return the application; modules are imported only where `argv` needs them.

    Args:
        argv: The arguments of this call, or those that a shell wants completed.
    """
    completes = being_completed(os.environ) is not None
    app = typer.Typer(
        name="clearwater",
        help="Turn raw Kafka topics into clean ones.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # a traceback with locals would show records
        add_completion=True,
    )
    wanted = next((word for word in argv if not word.startswith("-")), None)
    names = {name for name, _ in COMMANDS}
    for name, module in COMMANDS:
        if wanted in names and name != wanted:
            continue
        if completes and wanted not in names:
            register_name(app, name, f"pipelines.cli.{module}")
            continue
        loaded = importlib.import_module(f"pipelines.cli.{module}")
        loaded.register(app, name)

    @app.callback()
    def clearwater() -> None:
        """Turn raw Kafka topics into clean ones."""

    return app


def main(argv: list[str] | None = None) -> None:
    """Run the command line; exit 0 good, 1 findings, 2 bad declaration or settings."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        build(being_completed(os.environ) or arguments)(arguments, prog_name="clearwater")
    except ConfigError as error:
        for problem in error.problems:
            code = f" [{problem.code}]" if problem.code else ""
            sys.stderr.write(f"{problem}{code}\n")
        sys.exit(2)
    except ClearwaterError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
