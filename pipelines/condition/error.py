"""CelError: what is wrong with an expression's text."""

from __future__ import annotations

from dataclasses import replace

from pipelines.errors import ConfigError, Problem

SYNTAX, NAME, TYPE, FLAG = "CW0301", "CW0302", "CW0303", "CW0304"
FIELD, LIMIT, PATTERN = "CW0306", "CW0310", "CW0311"
"""Codes of what can be wrong with an expression's text."""


class CelError(ConfigError):
    """An expression that cannot work.

    Attributes:
        column: Where in the text, from 1.
        message: What is wrong and how to mend it.
    """

    def __init__(self, problem: Problem | str, column: int, code: str = SYNTAX) -> None:
        found = Problem(problem, code=code) if isinstance(problem, str) else problem
        self.column = column
        self.message = found.message
        super().__init__([replace(found, offset=column)])


def with_article(kind: str) -> str:
    """Return a type as it is spoken of: `an int`."""
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def no_flag(kind: str) -> Problem:
    """Return the problem that a value of this type stands where true or false must."""
    return Problem(f"{with_article(kind)} is no bool", code=FLAG, fix="compare it with something")


class CelFailure(Exception):
    """One evaluation has no value. The text says which kind of error, never a value."""


class CostExceeded(Exception):
    """One evaluation costs too much: no failure, so no `&&`, `||` or macro absorbs it."""
