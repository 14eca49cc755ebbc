"""The JSON Schemas of what a user writes, for editors and other tools."""

from __future__ import annotations

from typing import Any

from pipelines.declaration.cases import CaseFile
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.schema_examples import completed
from pipelines.privacy.policy import Policy
from pipelines.strict_model import StrictModel

DOCUMENTS: dict[str, type[StrictModel]] = {
    "pipeline": Pipeline,
    "policy": Policy,
    "test": CaseFile,
}
"""The documents by kind."""


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a document kind, with what editors show on hover.

    Raises:
        KeyError: `kind` is not in `DOCUMENTS`.
    """
    schema = completed(DOCUMENTS[kind].model_json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Clearwater {kind}",
        **{key: value for key, value in schema.items() if key != "title"},
    }
