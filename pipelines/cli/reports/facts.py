"""Problems for programs: one object each."""

from __future__ import annotations

from pipelines.errors import Problem
from pipelines.problem_codes import PROBLEM_CODES


def problem_facts(problem: Problem) -> dict[str, object]:
    """Return a problem as a JSON object.

    Lines and columns count from 1, columns in characters; `end_column` is behind the last one.
    """
    known = PROBLEM_CODES.get(problem.code)
    end = None if problem.column is None else problem.column + problem.width
    return {
        "code": problem.code or None,
        "name": known.name if known else None,
        "severity": problem.severity,
        "file": None if problem.file is None else str(problem.file),
        "line": problem.line,
        "column": problem.column,
        "end_column": end,
        "path": problem.path,
        "what": problem.what,
        "known": None if problem.known is None else list(problem.known),
        "near": problem.near or None,
        "fix": problem.fix or None,
        "message": problem.message,
    }
