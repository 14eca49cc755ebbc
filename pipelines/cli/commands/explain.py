"""`clearwater explain`: what a pipeline does, step by step and field by field."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.output import Json, print_json
from pipelines.cli.pages.explanation import markdown, show
from pipelines.cli.pages.picture import mermaid
from pipelines.cli.workspace import Workspace
from pipelines.engine.explain import explain as explained
from pipelines.errors import ConfigError

Format = Literal["text", "markdown", "mermaid", "json"]


def explain(
    pipeline: Annotated[Path, typer.Argument(help="Pipeline file; policies stand beside it.")],
    form: Annotated[
        Format, typer.Option("--format", help="Markdown to hand on, Mermaid as a picture.")
    ] = "text",
    *,
    as_json: Json = False,
) -> None:
    """Show a page that says what comes in, what is done, and how each field leaves.

    It is made from what runs: each step as a sentence, each known field with what happens to it
    and where it goes, what becomes of findings and failures, and what is not covered.

    Example: clearwater explain pipelines/examples/orders.yaml --format markdown
    """
    if pipeline.is_dir():
        raise ConfigError(f"{pipeline} is a folder: name one pipeline file in it")
    workspace = Workspace.open(pipeline).sound()
    ((_, plan),) = workspace.plans.items()
    explanation = explained(plan.blueprint, plan.newest)
    if as_json or form == "json":
        print_json(dataclasses.asdict(explanation))
    elif form == "text":
        show(explanation)
    else:
        sys.stdout.write(markdown(explanation) if form == "markdown" else mermaid(explanation))


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(explain)
