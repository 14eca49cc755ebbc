from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.declaration.json_schema import DOCUMENTS, json_schema

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_committed_schema_is_current(kind: str) -> None:
    committed = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))

    assert committed == json_schema(kind), "`clearwater schema --write schemas` mends it"


def test_a_pipeline_schema_refuses_unknown_keys_and_describes_fields() -> None:
    schema = json_schema("pipeline")

    assert schema["additionalProperties"] is False
    assert schema["required"] == ["pipeline", "source", "publish", "dead_letter"]
    assert "raw topic" in json.dumps(schema["$defs"]["Source"])
