"""`clearwater explain`: what a pipeline does, step by step and field by field."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import Json, out, print_json, print_table
from pipelines.cli.workspace import Workspace
from pipelines.engine.explain import Explanation
from pipelines.engine.explain import explain as explained


def explain(
    pipeline: Annotated[Path, typer.Argument(help="Pipeline file; policies stand beside it.")],
    *,
    as_json: Json = False,
) -> None:
    """Show what happens to each field, in which order, and the derived schema.

    Example: clearwater explain pipelines/examples/orders.yaml
    """
    workspace = Workspace.open(pipeline).sound()
    ((_, plan),) = workspace.plans.items()
    explanation = explained(plan.blueprint, plan.newest)
    if as_json:
        print_json(dataclasses.asdict(explanation))
    else:
        _show(explanation)


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(explain)


def _show(explanation: Explanation) -> None:
    out.print(
        f"{explanation.pipeline} (revision {explanation.revision}) reads {explanation.source} "
        f"as {explanation.source_format}; what fails goes, encrypted, to {explanation.dead_letter}",
        markup=False,
    )
    rows = [
        (number, step.id, step.when or "always", step.sentence, "; ".join(step.effects))
        for number, step in enumerate(explanation.steps, start=1)
    ]
    print_table("Steps, in order", ("", "id", "when", "what it does", "fields"), rows)
    for way in explanation.exits:
        title = f"To {way.destination}" + (f" under policy {way.policy}" if way.policy else "")
        fields = [
            (one.path, one.kind, ", ".join(one.tags), one.treatment, one.why) for one in way.fields
        ]
        print_table(title, ("field", "type", "tags", "treatment", "because of"), fields)
    schemas = {way.destination: way.schema for way in explanation.exits if way.schema is not None}
    if schemas:
        destination, schema = next(iter(schemas.items()))
        out.print(f"Derived schema of {destination}:", style="bold", markup=False)
        print_json(schema)
    out.print("Not covered:", style="bold")
    for sentence in explanation.not_covered:
        out.print(f"- {sentence}", markup=False)
