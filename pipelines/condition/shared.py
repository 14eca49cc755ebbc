"""Shared: the names in the Python source of one expression."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.condition.given import Given
from pipelines.condition.values import Uint


@dataclass(slots=True)
class Shared:
    """What all generators of one expression have in common.

    Attributes:
        sources: Python source for each variable.
        dotted: The variable or type that a node stands for as a whole, by identity.
        given: What is handed in from outside.
        constants: Values that the source refers to by name.
        count: Temporary names given so far.
        spends: The expression has a cost that depends on the record.
    """

    sources: Mapping[str, str]
    dotted: Mapping[int, str]
    given: Given
    constants: dict[str, Any]
    count: int = 0
    spends: bool = False

    def temporary(self) -> str:
        """Return a name that nothing has."""
        self.count += 1
        return f"t{self.count}"

    def literal(self, value: object) -> str:
        """Return the source of a constant."""
        if type(value) is Uint:
            return self.constant(value, f"uint_{int(value)}")
        if type(value) is float and not math.isfinite(value):
            return self.constant(value)
        return repr(value)

    def constant(self, value: object, name: str = "") -> str:
        """Return a name for the value: `name`, or a new one."""
        name = name or f"k{len(self.constants)}"
        self.constants[name] = value
        return name
