"""Problems as workflow commands of GitHub Actions: they show at their lines in a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipelines.errors import Problem
from pipelines.problem_codes import PROBLEM_CODES


def github_report(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield a line for each problem: `::error file=…,line=…::message`."""
    for problem in problems:
        known = PROBLEM_CODES.get(problem.code)
        title = f"{problem.code} {known.title}" if known else problem.code
        end = None if problem.column is None else problem.column + problem.width - 1
        properties = {
            "file": None if problem.file is None else problem.file.as_posix(),
            "line": problem.line,
            "endLine": problem.line,
            "col": problem.column,
            "endColumn": end,
            "title": title or None,
        }
        written = ",".join(
            f"{name}={_property(str(one))}" for name, one in properties.items() if one is not None
        )
        told = ": ".join(part for part in (problem.path, problem.message) if part)
        head = f"{problem.severity} {written}".strip()
        yield f"::{head}::{_data(told)}"


def _data(text: str) -> str:
    """Escape a message, as the runner reads it back."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
