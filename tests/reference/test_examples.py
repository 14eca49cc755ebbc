from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.reference.examples import STEPS, TREATMENTS
from pipelines.settings import Settings
from pipelines.steps import STEPS as ALL_STEPS
from pipelines.treatments import TREATMENTS as ALL_TREATMENTS
from tests.support.planned import HEAD, TAIL, raw

TABLE = "tables:\n  regions: {inline: {DE: {region: Europe}}}\n"
RECORD = (
    b'{"path": "/healthz", "price": 2.0, "quantity": 3, "ts": 1, "amount": "1.5", "line": "a=1",'
    b' "user_id": "u", "country": "DE", "email": "ada@example.com", "order_id": "o", "debug": 1}'
)


@pytest.mark.parametrize("name", STEPS)
def test_each_step_s_example_runs(name: str, tmp_path: Path) -> None:
    text = f"{HEAD}{TABLE if name == 'enrich' else ''}steps:\n  - {STEPS[name]}\n{TAIL}"
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    plan = Workspace.open(tmp_path, Settings()).sound().plans["p"]
    assert plan.run([raw(RECORD)], "raw", 0).dead_letters == []


@pytest.mark.parametrize("name", TREATMENTS)
def test_each_treatment_s_example_runs(name: str, tmp_path: Path) -> None:
    text = f"{HEAD}privacy:\n  fields:\n    email: {TREATMENTS[name]}\n{TAIL}"
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    plan = Workspace.open(tmp_path, Settings()).sound().plans["p"]
    (output,) = plan.run([raw(RECORD)], "raw", 0).outputs["clean"]
    assert (b"ada@example.com" in (output.value or b"")) is (name == "keep")


def test_there_is_one_for_each() -> None:
    assert set(STEPS) == {str(step.model_fields["step"].default) for step in ALL_STEPS}
    assert len(TREATMENTS) == len(ALL_TREATMENTS)
