"""Conditions: CEL text to typed tree to Python code object."""

from pipelines.condition.compile import (
    Checked,
    check,
    compile_condition,
    compile_expression,
    tables_named,
)
from pipelines.condition.error import CelError
from pipelines.condition.given import Given

__all__ = [
    "CelError",
    "Checked",
    "Given",
    "check",
    "compile_condition",
    "compile_expression",
    "tables_named",
]
