from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from pipelines.cli.reports.sarif import sarif_report
from pipelines.errors import Problem
from pipelines.problem_codes import PROBLEM_CODES
from tests.support.npm import needs_npm, node_modules

SCHEMA = Path("@microsoft", "jest-sarif", "lib", "schemas", "sarif-2.1.0-rtm.5.json")
"""The official schema, in a package of its editor."""


@pytest.fixture(scope="module")
def validate() -> Callable[[object], object]:
    schema = json.loads((node_modules() / SCHEMA).read_text("utf-8"))
    return fastjsonschema.compile(schema, use_default=False)


def run_of(*problems: Problem) -> dict[str, Any]:
    log = sarif_report(problems)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    return dict(run)


def test_every_result_points_at_its_rule_and_place() -> None:
    run = run_of(
        Problem("a", Path("with space/a.yaml"), 2, 3, "steps[0]", code="CW0103", width=4),
        Problem("b", code="CW0801", path="CLEARWATER_X"),
        Problem("c", Path("b.yaml"), code="CW0101", severity="warning"),
    )
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["CW0101", "CW0103", "CW0801"]
    for rule in rules:
        assert {"name", "shortDescription", "fullDescription", "help"} <= rule.keys()
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
    assert run["columnKind"] == "unicodeCodePoints"
    first, second, third = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "with%20space/a.yaml"},
                "region": {"startLine": 2, "startColumn": 3, "endColumn": 7},
            },
            "logicalLocations": [{"fullyQualifiedName": "steps[0]"}],
        }
    ]
    assert second["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "CLEARWATER_X"}]}]
    assert third["level"] == "warning"
    assert third["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "b.yaml"}}}]


def test_an_absolute_file_is_a_uri_and_a_problem_without_a_place_has_none(tmp_path: Path) -> None:
    run = run_of(Problem("a", tmp_path / "a.yaml", code="CW0101"), Problem("b"))

    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("file:///")
    assert run["results"][1] == {"level": "error", "message": {"text": "b"}}


@needs_npm
def test_the_official_schema_takes_every_rule_and_kind_of_place(
    validate: Callable[[object], object], tmp_path: Path
) -> None:
    places = ((None, None, None), (Path("with space/a.yaml"), 2, None), (tmp_path / "a.yaml", 2, 3))
    problems = [
        Problem("what is wrong", file, line, column, path, code=code)
        for code in ("", *PROBLEM_CODES)
        for file, line, column in places
        for path in ("", 'steps[0]["a b"]')
    ]

    validate(json.loads(json.dumps(sarif_report(problems))))
    validate(sarif_report([]))


@needs_npm
def test_the_official_schema_refuses_what_is_no_report(
    validate: Callable[[object], object],
) -> None:
    log = sarif_report([Problem("a", Path("a.yaml"), 2, 3)])
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(fastjsonschema.JsonSchemaException, match="startLine"):
        validate(log)
