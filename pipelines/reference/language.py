"""Pages of what can be written in a declaration: documents, steps, tables, treatments."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from pydantic import BaseModel

from pipelines.declaration.cases import CaseFile
from pipelines.declaration.pipeline import Pipeline
from pipelines.privacy.policy import Policy
from pipelines.reference import examples
from pipelines.reference.page import Page, table, yaml_block
from pipelines.reference.schema_text import parts_of, rows_of
from pipelines.steps import STEPS
from pipelines.treatments import TREATMENTS

_COLUMNS = ("field", "is", "default", "meaning")
_DOCUMENTS: dict[str, type[BaseModel]] = {
    "pipeline": Pipeline,
    "policy": Policy,
    "test": CaseFile,
}


def pages() -> Iterator[Page]:
    """Yield a page for each."""
    for name, model in _DOCUMENTS.items():
        parts = [table(_COLUMNS, rows_of(model))]
        for path, told, rows in parts_of(model):
            parts.append(f"## {path}\n\n{' '.join(told.split())}\n\n{table(_COLUMNS, rows)}")
        yield Page("document", name, *_told(model, "\n".join(parts)))
    for step in STEPS:
        name = str(step.model_fields["step"].default)
        fields = table(_COLUMNS, rows_of(step, "step"))
        example = yaml_block(f"steps:\n  - {examples.STEPS[name]}")
        yield Page("step", name, *_told(step, f"{fields}\n{example}"))
    for treatment in TREATMENTS:
        ((name, info),) = treatment.model_fields.items()
        inner = info.annotation
        options = (
            table(("option", *_COLUMNS[1:]), rows_of(inner))
            if isinstance(inner, type) and issubclass(inner, BaseModel)
            else ""
        )
        verb = info.alias or name
        example = yaml_block(f"privacy:\n  fields:\n    email: {examples.TREATMENTS[verb]}")
        yield Page("treatment", verb, *_told(treatment, f"{options}\n{example}"))


def _told(model: type[BaseModel], behind: str) -> tuple[str, str]:
    """Return a docstring's first paragraph as one line, and the rest with what comes behind."""
    summary, _, rest = (inspect.getdoc(model) or "").partition("\n\n")
    return " ".join(summary.split()), f"{rest}\n\n{behind}"
