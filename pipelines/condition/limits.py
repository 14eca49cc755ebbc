"""How long, how deep and how costly an expression may be.

What is written has limits of length and depth, which the parser keeps. What it does for one
record has a limit of cost: every element that a macro visits is one unit, and so is every
character, byte or element of a text or list that is made. So no expression runs for long or
fills the memory, whatever the record.
"""

from __future__ import annotations

import threading

from pipelines.condition.error import CostExceeded

MAX_CHARACTERS = 10_000
"""Characters of one expression."""
MAX_DEPTH = 80
"""Levels of nesting of one expression."""
MAX_COST = 1_000_000
"""Units of cost of one evaluation."""


class _Purse(threading.local):
    """What is left to spend for the evaluation that runs in this thread."""

    left: int = MAX_COST


_PURSE = _Purse()


def fill() -> None:
    """Begin an evaluation: all of MAX_COST may be spent."""
    _PURSE.left = MAX_COST


def charge(units: int) -> None:
    """Spend units of cost.

    Raises:
        CostExceeded: There are not so many left.
    """
    left = _PURSE.left - units
    _PURSE.left = left
    if left < 0:
        raise CostExceeded(f"costs more than {MAX_COST} units: it visits or makes too much")
