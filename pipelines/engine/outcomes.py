"""Conditions that come out only one way, told to their author."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.condition import Fact, Verdict, after_failure, verdict
from pipelines.errors import Problem, unknown
from pipelines.field_path import FieldPath
from pipelines.shape import Shape

_WORDS = {
    "==": "be {}", "!=": "be other than {}", "<": "be less than {}", "<=": "be at most {}",
    ">": "be more than {}", ">=": "be at least {}", "in": "be one of {}", "out": "be none of {}",
    "has": "be there", "lacks": "be absent",
}  # fmt: skip
_COMES_OUT = {"true": "always true", "false": "never true", "error": "always an error"}


def decided(text: str, shape: Shape) -> list[Problem]:
    """Return what is wrong with a condition that no record can change.

    Args:
        text: A condition that the checker takes.
        shape: The record's shape where it is asked.
    """
    found = verdict(text, shape)
    if found is None:
        return []
    offset = None if found.offset == 1 else found.offset
    if not found.is_whole:
        what = f"this part of the condition is {_COMES_OUT[found.outcome]}"
        fix = "leave it out, or correct it"
        if found.why:
            what, fix = f"{what}: {found.why}", after_failure(found.why)
        return [Problem(what, severity="warning", code="CW0309", fix=fix, offset=found.offset)]
    if found.outcome == "true":
        what = "this condition is always true"
        fix = "leave `when` out if the step is for every record, or correct it"
        return [Problem(what, severity="warning", code="CW0307", fix=fix, offset=offset)]
    if found.outcome == "error":
        what = "this condition is an error for every record, and each will be dead-lettered"
        what += f": {found.why}" if found.why else ""
        return [Problem(what, code="CW0312", fix=after_failure(found.why), offset=offset)]
    return [_never(found, shape, offset)]


def _never(found: Verdict, shape: Shape, offset: int | None) -> Problem:
    fix = "correct the condition, or take the step out: it could never run"
    if len(found.facts) == 1:
        (fact,) = found.facts
        field = shape.at(FieldPath(fact.term)) if fact.is_field else None
        written = [value for _, value in fact.values if isinstance(value, str)]
        if field is not None and field.symbols and written:
            known = unknown("", written[0], field.symbols, "")
            what = f"this condition is never true: `{fact.term}` is never {_listed(fact)}"
            return Problem(
                what, code="CW0308", known=known.known, near=known.near, fix=fix, offset=offset
            )
        what = f"this condition is never true: `{fact.term}` is never {_listed(fact)}"
    elif found.facts:
        what = f"this condition is never true: {_at_once(found.facts)}"
    else:
        what = "this condition is never true"
    return Problem(what, code="CW0308", fix=fix, offset=offset)


def _at_once(facts: Sequence[Fact]) -> str:
    named = next((fact.term for fact in facts if fact.is_field), None)
    about = f"`{named}`" if named else "the same value"
    return f"{about} would have to {' and '.join(dict.fromkeys(map(_phrase, facts)))}"


def _phrase(fact: Fact) -> str:
    return _WORDS[fact.relation].format(_listed(fact))


def _listed(fact: Fact) -> str:
    return " or ".join(_written(value) for _, value in fact.values)


def _written(value: Any) -> str:
    """Return a value as the author wrote it, or nearly so."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
