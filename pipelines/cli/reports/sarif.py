"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.errors import Problem
from pipelines.problem_codes import PROBLEM_CODES
from pipelines.reference.problems import page_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def sarif_report(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return a log with one run: a result for each problem, a rule for each code among them."""
    codes = sorted({one.code for one in problems if one.code})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "clearwater",
                        "version": version("clearwater"),
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, codes) for one in problems],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    known = PROBLEM_CODES[code]
    page = page_of(known)
    return {
        "id": code,
        "name": known.name,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.meaning},
        "help": {"text": known.meaning, "markdown": page.markdown},
        "defaultConfiguration": {"level": known.severity},
    }


def _result(problem: Problem, codes: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"level": problem.severity, "message": {"text": problem.message}}
    if problem.code:
        result |= {"ruleId": problem.code, "ruleIndex": codes.index(problem.code)}
    location: dict[str, Any] = {}
    if problem.file is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(problem.file)}}
        if problem.line is not None:
            physical["region"] = _region(problem, problem.line)
        location["physicalLocation"] = physical
    if problem.path:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.path}]
    if location:
        result["locations"] = [location]
    return result


def _region(problem: Problem, line: int) -> dict[str, int]:
    region = {"startLine": line}
    if problem.column is not None:
        region |= {"startColumn": problem.column, "endColumn": problem.column + problem.width}
    return region


def _uri(file: Path) -> str:
    return file.as_uri() if file.is_absolute() else quote(file.as_posix())
