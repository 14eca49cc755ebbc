"""Every kind of problem that a declaration can have. Add one: into its file, at the end."""

from __future__ import annotations

from pipelines.problem_code import ProblemCode
from pipelines.problem_codes import (
    conditions,
    files,
    formats,
    names,
    privacy,
    settings,
    steps,
    tables,
    values,
)

PROBLEM_CODES: dict[str, ProblemCode] = {
    one.code: one
    for family in (
        files.CODES,
        values.CODES,
        names.CODES,
        conditions.CODES,
        steps.CODES,
        privacy.CODES,
        formats.CODES,
        tables.CODES,
        settings.CODES,
    )
    for one in family
}
"""Each kind by its code."""
