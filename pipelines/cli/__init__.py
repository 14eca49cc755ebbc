"""The command line: one application of the commands in `commands`."""

from __future__ import annotations

import importlib
import logging
import os
import sys

import typer

from pipelines.cli.commands import COMMANDS
from pipelines.cli.completion import being_completed, register_name
from pipelines.cli.paragraphs import unwrap
from pipelines.errors import ClearwaterError, ConfigError


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
            register_name(app, name, f"pipelines.cli.commands.{module}")
            continue
        loaded = importlib.import_module(f"pipelines.cli.commands.{module}")
        loaded.register(app, name)
    unwrap(app)

    @app.callback()
    def clearwater() -> None:
        """Turn raw Kafka topics into clean ones."""

    return app


def main(argv: list[str] | None = None) -> None:
    """Run the command line; exit 0 good, 1 findings, 2 bad declaration or settings."""
    arguments = sys.argv[1:] if argv is None else argv
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())  # errors are told once
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
