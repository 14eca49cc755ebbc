"""Pages of what can be wrong with a declaration, one per code."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.problem_code import ProblemCode
from pipelines.problem_codes import PROBLEM_CODES
from pipelines.reference.page import Page


def pages() -> Iterator[Page]:
    """Yield a page for each code."""
    for one in PROBLEM_CODES.values():
        yield page_of(one)


def page_of(one: ProblemCode) -> Page:
    """Return the page of a code."""
    severity = {"error": "an error: nothing starts", "warning": "a warning"}[one.severity]
    body = (
        f"{one.meaning}\n\n`{one.name}` is {severity}.\n\n"
        f"## Wrong\n\n{_shown(one.wrong)}\n## Right\n\n{_shown(one.right)}"
    )
    return Page("problem", one.code, f"{one.title}.", body)


def _shown(example: str) -> str:
    return f"```yaml\n{example.strip()}\n```\n"
