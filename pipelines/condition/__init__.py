"""Conditions: CEL text to typed tree to Python code object."""

from pipelines.condition.advice import after_failure
from pipelines.condition.compile import (
    Checked,
    check,
    compile_condition,
    compile_expression,
    tables_named,
)
from pipelines.condition.error import CelError, with_article
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
    "after_failure",
    "can_meet",
    "check",
    "compile_condition",
    "compile_expression",
    "fields_read",
    "tables_named",
    "verdict",
    "ways",
    "with_article",
]
