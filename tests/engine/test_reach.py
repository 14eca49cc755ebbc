from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import TypeAdapter

from pipelines.engine.field_flow import effects_of
from pipelines.engine.reach import never_reached
from pipelines.shape import ANY
from pipelines.step import StepConfig
from pipelines.steps import AnyStep

ADAPTER: TypeAdapter[StepConfig] = TypeAdapter(AnyStep)
TEST = "has(message.test)"


def drop(when: str | None = None, step_id: str = "d") -> dict[str, Any]:
    return {"step": "drop", "id": step_id, "reason": "r"} | ({"when": when} if when else {})


def route(when: str | None = None, step_id: str = "r", **more: Any) -> dict[str, Any]:
    written = {"step": "route", "id": step_id, "to": "t", **more}
    return written | ({"when": when} if when else {})


def remove(field: str, when: str | None = None) -> dict[str, Any]:
    written = {"step": "remove", "id": "x", "fields": [field]}
    return written | ({"when": when} if when else {})


def found(*written: dict[str, Any]) -> list[tuple[str, str]]:
    steps: Sequence[StepConfig] = [ADAPTER.validate_python(one) for one in written]
    problems = never_reached(steps, [ANY] * len(steps), [effects_of(one) for one in steps])
    return [(one.code, one.path) for one in problems]


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        pytest.param([drop(), remove("a")], [("CW0401", "steps[1]")], id="behind a drop of all"),
        pytest.param([remove("a"), drop()], [("CW0409", "steps[1]")], id="all dropped at the end"),
        pytest.param([drop(TEST), remove("a", TEST)], [("CW0401", "steps[1].when")],
                     id="what was dropped before"),
        pytest.param([drop(TEST), remove("a", f"{TEST} && message.test == 1")],
                     [("CW0401", "steps[1].when")], id="a part of what was dropped"),
        pytest.param([drop(f"{TEST} && message.test == 1"), remove("a", TEST)], [],
                     id="more than what was dropped"),
        pytest.param([drop(TEST), {"step": "set", "id": "s", "field": "test", "value": "1"},
                      remove("a", TEST)], [], id="made anew in between"),
        pytest.param([drop(TEST), {"step": "rename", "id": "s", "from": "b", "to": "test"},
                      remove("a", TEST)], [], id="moved there in between"),
        pytest.param([drop(TEST), {"step": "keep", "id": "k", "fields": ["test"]},
                      remove("a", TEST)], [], id="kept in between: nothing is known any more"),
        pytest.param([drop('header("x-clearwater-sample-rate") != ""'),
                      {"step": "sample", "id": "s", "ratio": 0.5},
                      remove("a", 'header("x-clearwater-sample-rate") != ""')], [],
                     id="a header that a sample sets"),
        pytest.param([route(), route(TEST, "s")], [("CW0402", "steps[1]")],
                     id="behind a route of all"),
        pytest.param([route(TEST), route(TEST, "s")], [("CW0402", "steps[1].when")],
                     id="routed before"),
        pytest.param([route(copy=True), route(TEST, "s")], [], id="a copy takes no record away"),
        pytest.param([route(TEST), route(step_id="s")], [], id="the rest"),
        pytest.param([route(TEST), remove("a", TEST)], [], id="steps go on behind a route"),
        pytest.param([drop("message."), remove("a", "message.")], [], id="what is no expression"),
    ],
)  # fmt: skip
def test_what_no_record_reaches_is_found(
    steps: list[dict[str, Any]], problems: list[tuple[str, str]]
) -> None:
    assert found(*steps) == problems
