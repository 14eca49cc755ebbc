"""CelError: what is wrong with an expression's text."""

from __future__ import annotations

from pipelines.errors import ConfigError, Problem


class CelError(ConfigError):
    """An expression that cannot work.

    Attributes:
        column: Where in the text, from 1.
        message: What is wrong and how to mend it.
    """

    def __init__(self, message: str, column: int) -> None:
        self.column = column
        self.message = message
        super().__init__([Problem(f"{message} (at character {column} of the expression)")])


class CelFailure(Exception):
    """One evaluation has no value. The text says which kind of error, never a value."""


class CostExceeded(Exception):
    """One evaluation costs too much: no failure, so no `&&`, `||` or macro absorbs it."""
