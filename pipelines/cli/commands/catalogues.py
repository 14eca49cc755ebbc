"""`clearwater steps | detectors | treatments`: what there is to write in a pipeline."""

from __future__ import annotations

import typer

from pipelines.cli.output import Json, print_rows
from pipelines.cli.pages.readme import fields, options, summary, verb
from pipelines.detectors import DETECTORS
from pipelines.steps import STEPS
from pipelines.treatments import TREATMENTS


def steps(*, as_json: Json = False) -> None:
    """List the steps a pipeline can have.

    Example: clearwater steps --json
    """
    rows = [
        (str(model.model_fields["step"].default), summary(model), fields(model, "step"))
        for model in STEPS
    ]
    print_rows("Steps", ("step", "what it does", "fields"), rows, as_json=as_json)


def detectors(*, as_json: Json = False) -> None:
    """List what the text scan finds.

    Example: clearwater detectors
    """
    rows = [(one.entity, one.name, one.source, bool(one.context)) for one in DETECTORS]
    columns = ("entity", "detector", "source", "needs context")
    print_rows("Detectors", columns, sorted(rows), as_json=as_json)


def treatments(*, as_json: Json = False) -> None:
    """List what can stand in place of personal data.

    Example: clearwater treatments
    """
    rows = [(verb(model), summary(model), options(model)) for model in TREATMENTS]
    print_rows("Treatments", ("treatment", "what it does", "options"), rows, as_json=as_json)


def register(app: typer.Typer, name: str) -> None:
    """Add the command of that name."""
    commands = {"steps": steps, "detectors": detectors, "treatments": treatments}
    app.command(name)(commands[name])
