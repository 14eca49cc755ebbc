from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.cli.reports.sarif import sarif_report
from pipelines.errors import Problem


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
