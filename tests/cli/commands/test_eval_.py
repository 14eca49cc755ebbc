from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ENDS = "the expression ends too early: write what is missing at its end"


@pytest.fixture
def lines(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Send lines through the command and return what it answers."""

    def run(*sent: object, options: tuple[str, ...] = ()) -> list[Any]:
        text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in sent)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        ran = cli("eval", *options)
        assert ran.code == 0
        return [json.loads(line) for line in ran.out.splitlines()]

    return run


def test_each_line_gets_its_answer_in_order(lines: Callable[..., list[Any]]) -> None:
    assert lines(
        {"id": "a", "expr": "x + 1", "vars": {"x": 41}},
        {"id": 2, "expr": "1 / 0"},
        "",
        "{broken",
        [1],
        {"id": 3, "expr": 7},
        {"id": 4, "expr": "y"},
        {"id": 5, "expr": "1 +"},
        {"id": 6, "expr": "y || true", "vars": None},
        {"id": 7, "expr": "x", "vars": {"x": {"$uint": "-1"}}},
    ) == [
        {"id": "a", "value": 42},
        {"id": 2, "error": "division by zero"},
        {"id": None, "error": "line 4: not JSON"},
        {"id": None, "error": 'line 5: write {"id", "expr", "vars"}'},
        {"id": 3, "error": '"expr" is a string and "vars" an object'},
        {"id": 4, "error": "undeclared reference to `y`"},
        {"id": 5, "error": f"{ENDS} (at character 4)"},
        {"id": 6, "value": True},
        {"id": 7, "error": "an uint has 64 bits and no sign"},
    ]


@pytest.mark.parametrize(
    "value",
    [
        None, True, 5, -9007199254740991, 2.0, 1e300, "é😀", [1, [2.5]], {"a": {"b": None}},
        {"$int": "9007199254740993"}, {"$int": "-9223372036854775808"},
        {"$uint": "18446744073709551615"}, {"$double": "NaN"}, {"$double": "Infinity"},
        {"$double": "-Infinity"}, {"$bytes": "/wA="}, {"$timestamp": "0001-01-01T00:00:00Z"},
        {"$timestamp": "9999-12-31T23:59:59.999999999Z"}, {"$duration": "1.5s"},
        {"$duration": "-0.000000001s"}, {"$map": [[1, "a"], [True, {"$uint": "7"}]]},
        {"$map": [["$int", "5"]]}, {"$type": "int"}, {"$type": "google.protobuf.Timestamp"},
        {"$optional": []}, {"$optional": [{"$uint": "1"}]}, {"$odd": 1}, {"$int": 1, "b": 2},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_every_value_goes_in_and_comes_out_the_same(
    lines: Callable[..., list[Any]], value: object
) -> None:
    ((answer),) = lines({"id": 1, "expr": "x", "vars": {"x": value}})
    assert answer == {"id": 1, "value": value}
    assert type(answer["value"]) is type(value)


@pytest.mark.parametrize(
    ("tag", "held"),
    [
        ("$int", "a"), ("$uint", "1.5"), ("$int", [1]),
        ("$double", "x"), ("$bytes", "*"), ("$timestamp", "2026-03-02"), ("$duration", "1"),
        ("$map", [[1.5, 1]]), ("$map", 7), ("$map", [[1, 1], [1, 2]]), ("$optional", [1, 2]),
    ],
)  # fmt: skip
def test_a_tag_that_cannot_hold_it_is_said(
    lines: Callable[..., list[Any]], tag: str, held: object
) -> None:
    ((answer),) = lines({"id": 1, "expr": "x", "vars": {"x": {tag: held}}})
    assert answer == {"id": 1, "error": f"this is no value of {tag}"}


@pytest.mark.parametrize("value", [2**63, {"$int": str(2**63)}, {"$uint": str(2**64)}])
def test_an_integer_out_of_range_is_said(lines: Callable[..., list[Any]], value: object) -> None:
    ((answer),) = lines({"id": 1, "expr": "x", "vars": {"x": value}})
    assert "64 bits" in answer["error"]


def test_half_a_character_is_no_string_and_ends_nothing(lines: Callable[..., list[Any]]) -> None:
    first, second = lines(
        '{"id": "\\ud800", "expr": "x", "vars": {"x": "\\ud800"}}', {"id": 2, "expr": "1"}
    )
    assert "half of one" in first["error"]
    assert second == {"id": 2, "value": 1}


def test_a_condition_of_a_step_can_be_tried_out(lines: Callable[..., list[Any]]) -> None:
    known = {"message": {"note": "to ada@example.com"}, "headers": {"x": "1"}}
    texts = {
        'header("x") == "1" && header("y") == ""': True,
        'entity(message.note, "EMAIL_ADDRESS")': True,
        'entity(message.note, "IBAN_CODE")': False,
        'glob(message.note, "to *")': True,
        "now() > timestamp('2026-01-01T00:00:00Z')": True,
        "hash(message.note) == hash('to ada@example.com')": True,
        "header(1)": None,
        'table("regions", "DE")': None,
        'entity(message.note, "EMAIL")': None,
    }
    answers = lines(*({"id": text, "expr": text, "vars": known} for text in texts))
    assert {one["id"]: one.get("value") for one in answers} == texts


def test_lines_are_explained_in_fields_of_their_own(lines: Callable[..., list[Any]]) -> None:
    ((answer),) = lines(
        {"id": 1, "expr": "a.b > 1", "vars": {"a": {"b": 2}}}, options=("--explain",)
    )
    assert answer["value"] is True
    assert answer["tree"].splitlines() == [
        "operator >: bool", "  select .b: dyn", "    name a: dyn", "  literal 1: int",
    ]  # fmt: skip
    assert "greater(select(v['a'], 'b'), 1)" in answer["python"]


def test_one_expression_takes_its_variables_from_a_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "vars.json"
    file.write_text('{"x": {"$uint": "2"}, "a.b": 3}')
    assert json.loads(cli("eval", "[x, a.b]", "--vars", str(file)).out) == {
        "value": [{"$uint": "2"}, 3]
    }
    explained = cli("eval", "size(x) == 1", "--explain").out
    assert "call size: " in explained
    assert "def run(v):" in explained


def test_one_expression_without_a_value_ends_in_1(cli: Cli) -> None:
    ran = cli("eval", "1 / 0")
    assert (ran.code, json.loads(ran.out)) == (1, {"error": "division by zero"})


@pytest.mark.parametrize(
    ("content", "words"), [("[1]", "write one object"), ("{", "not JSON"), (None, "No such file")]
)
def test_a_wrong_file_of_variables_is_said(
    cli: Cli, tmp_path: Path, content: str | None, words: str
) -> None:
    file = tmp_path / "vars.json"
    if content is not None:
        file.write_text(content)
    ran = cli("eval", "1", "--vars", str(file))
    assert ran.code == 2
    assert words in ran.err
    assert cli("eval", "--vars", str(file)).code == 2
