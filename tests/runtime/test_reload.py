"""What needs a restart is said, pipeline by pipeline; nothing else does."""

from typing import Any

import pytest

from pipelines.declaration.pipeline import Pipeline
from pipelines.runtime.reload import needing_restart


def _pipeline(name: str = "orders", **changes: Any) -> dict[str, Pipeline]:
    declared: dict[str, Any] = {
        "pipeline": name,
        "owner": "team",
        "source": {"topic": f"{name}.raw", "value": "json"},
        "privacy": {"policy": "default"},
        "publish": {"topic": f"{name}.clean", "value": "json"},
        "dead_letter": {"topic": f"{name}.dead"},
    }
    return {name: Pipeline.model_validate({**declared, **changes})}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        pytest.param(
            _pipeline(source={"topic": "other.raw", "value": "json"}), "source topic", id="source"
        ),
        pytest.param({}, "removed pipeline", id="removed"),
    ],
)
def test_what_the_group_was_joined_with_needs_a_restart(
    changed: dict[str, Pipeline], word: str
) -> None:
    assert word in needing_restart(_pipeline(), changed)["orders"]


def test_a_new_pipeline_needs_a_restart_and_its_neighbour_none() -> None:
    changed = {**_pipeline(), **_pipeline("users")}
    assert list(needing_restart(_pipeline(), changed)) == ["users"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"steps": [{"step": "remove", "id": "r", "fields": ["a"]}]}, id="steps"),
        pytest.param({"publish": {"topic": "else.clean", "value": "json"}}, id="destination"),
    ],
)
def test_what_only_the_plan_knows_needs_none(changes: dict[str, Any]) -> None:
    assert needing_restart(_pipeline(), _pipeline(**changes)) == {}
