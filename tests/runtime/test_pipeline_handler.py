from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.runtime.health import PipelineHealth
from pipelines.runtime.pipeline_handler import PipelineHandler
from pipelines.settings import Settings
from pipelines.telemetry.metrics import Metrics

SCHEMA = {
    "type": "record",
    "name": "Person",
    "fields": [
        {"name": "age", "type": "int"},
        {"name": "name", "type": "string"},
        {"name": "mail", "type": "string", "confluent:tags": ["PII.EMAIL"]},
    ],
}
POLICY = "policy: default\ntreat: {PII.EMAIL: {redact: {}}}\n"
PIPELINE = """
pipeline: p
source: {topic: raw, value: avro}
privacy: {policy: default, fields: {%s}}
publish: {topic: clean, value: json}
dead_letter: {topic: dead}
"""


@pytest.mark.parametrize(
    ("rules", "unclassified"),
    [("", 2), ("name: {redact: {}}", 1), ("name: {redact: {}}, age: {keep: {}}", 0)],
    ids=["a tag", "and a path", "all"],
)
def test_fields_that_no_rule_names_are_shown(tmp_path: Path, rules: str, unclassified: int) -> None:
    (tmp_path / "raw-value.avsc").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (tmp_path / "default.policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "p.yaml").write_text(PIPELINE % rules, encoding="utf-8")
    settings = Settings(schema_registry=str(tmp_path))
    plan = Workspace.open(tmp_path, settings).sound().plans["p"]
    metrics, no_sealer = Metrics(), object()
    given: Any = (plan, no_sealer, metrics, PipelineHealth(), no_sealer)
    PipelineHandler(*given)
    text = metrics.exposition()[0].decode()
    assert f'clearwater_unclassified_fields{{pipeline="p"}} {unclassified}.0' in text
