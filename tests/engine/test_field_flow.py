from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from pipelines.engine.field_flow import effects_of, overwritten, set_later, taken_out
from pipelines.field_path import FieldPath
from pipelines.step import StepConfig
from pipelines.steps import AnyStep

ADAPTER: TypeAdapter[StepConfig] = TypeAdapter(AnyStep)


def steps(*written: dict[str, Any]) -> list[StepConfig]:
    return [ADAPTER.validate_python({"id": f"s{n}", **one}) for n, one in enumerate(written)]


def put(field: str, value: str, **more: Any) -> dict[str, Any]:
    return {"step": "set", "field": field, "value": value, **more}


REMOVE = {"step": "remove", "fields": ["a"]}
FIRST = {"step": "remove", "fields": ["a[0]"]}
PARSE = {"step": "parse", "format": "logfmt"}
KEEP = {"step": "keep", "fields": ["b", "c.d"]}
RENAME = {"step": "rename", "from": "a", "to": "z"}


@pytest.mark.parametrize(
    ("written", "severities"),
    [
        pytest.param([REMOVE, put("x", "message.a")], ["error"], id="read"),
        pytest.param([REMOVE, put("x", "message.a.b")], ["error"], id="something in it is read"),
        pytest.param([REMOVE, put("x", "has(message.a) ? message.a : 0")], ["warning"],
                     id="guarded"),
        pytest.param([REMOVE, put("x", "has(message.a)")], ["warning"], id="asked for"),
        pytest.param([{**REMOVE, "when": "true"}, put("x", "message.a")], [], id="not from all"),
        pytest.param([REMOVE, put("a", "1"), put("x", "message.a")], [], id="set again"),
        pytest.param([{"step": "remove", "fields": ["a.b"]}, put("x", "message.a")], [],
                     id="only a part of it is gone"),
        pytest.param([FIRST, FIRST], [], id="the next element stands there"),
        pytest.param([KEEP, put("x", "message.a")], ["error"], id="not kept"),
        pytest.param([KEEP, put("x", "message.b.c"), put("y", "message.c")], [], id="kept"),
        pytest.param([KEEP, put("a", "1"), put("x", "message.a + message.q")], ["error"],
                     id="one set again, one not"),
        pytest.param([RENAME, REMOVE], ["error"], id="moved away"),
        pytest.param([RENAME, put("x", "message.z")], [], id="moved here"),
        pytest.param([REMOVE, put("x", "size(message)")], [], id="the whole record"),
        pytest.param([{"step": "remove", "fields": ["line"]}, PARSE], ["error"],
                     id="a text that is gone is parsed"),
    ],
)  # fmt: skip
def test_reads_of_what_was_taken_out_are_found(
    written: list[dict[str, Any]], severities: list[str]
) -> None:
    assert [one.severity for one in taken_out(steps(*written), {})] == severities


def test_a_rule_for_what_was_taken_out_is_found() -> None:
    rules = {"privacy.fields.a": FieldPath("a.b"), "privacy.fields.b": FieldPath("b")}

    (problem,) = taken_out(steps(REMOVE), rules)
    assert (problem.code, problem.path) == ("CW0501", "privacy.fields.a")


def test_a_field_that_a_later_step_makes_is_known_with_the_step() -> None:
    chain = steps(put("x", "message.a"), put("a", "1"), put("b", "message.b + 1"))

    assert set_later(chain, 0, FieldPath("a")) == "s1"
    assert set_later(chain, 0, FieldPath("a.b")) == "s1"
    assert set_later(chain, 0, FieldPath("q")) is None
    assert set_later(chain, 0, FieldPath("b")) is None, "it reads the field: the source has it"
    assert set_later(chain, 2, FieldPath("a")) is None, "it was made before"


@pytest.mark.parametrize(
    ("written", "count"),
    [
        pytest.param([put("a", "1"), put("a", "2")], 1, id="written twice"),
        pytest.param([put("a", "1"), put("x", "message.a"), put("a", "2")], 0, id="read between"),
        pytest.param([put("a", "1"), put("a", "message.a + 1")], 0, id="read by the second"),
        pytest.param([put("a", "1"), put("a", "2", when="true")], 0, id="the second not always"),
        pytest.param([put("a", "1", when="true"), put("a", "2")], 0, id="the first not always"),
        pytest.param([put("a", "1"), put("x", "size(message)"), put("a", "2")], 0,
                     id="read with the whole record"),
        pytest.param([put("a", "1"), {"step": "rename", "from": "b", "to": "a"}], 0,
                     id="moved over"),
        pytest.param([{"step": "parse", "format": "common"}, put("method", "'GET'")], 0,
                     id="one of many fields"),
    ],
)  # fmt: skip
def test_values_that_are_written_over_unread_are_found(
    written: list[dict[str, Any]], count: int
) -> None:
    assert len(list(overwritten(steps(*written)))) == count


def test_a_step_that_does_not_fit_has_no_effects_here() -> None:
    (step,) = steps({"step": "enrich", "table": "t", "key": "key", "into": "row"})

    assert len(effects_of(step)) == 1
