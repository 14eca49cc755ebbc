"""Conditions: CEL text to typed tree to Python code object."""

from pipelines.condition.compile import (
    Checked,
    check,
    compile_condition,
    compile_expression,
    tables_named,
)
from pipelines.condition.error import CelError
from pipelines.condition.facts import Fact
from pipelines.condition.given import Given
from pipelines.condition.truth import Clauses, Verdict, can_meet, fields_read, verdict, ways

__all__ = [
    "CelError",
    "Checked",
    "Clauses",
    "Fact",
    "Given",
    "Verdict",
    "can_meet",
    "check",
    "compile_condition",
    "compile_expression",
    "fields_read",
    "tables_named",
    "verdict",
    "ways",
]
