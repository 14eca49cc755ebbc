"""Facts that must hold together for a condition to come out one way, and whether they can."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from pipelines.condition.tree import Node
from pipelines.field_path import FieldPath
from pipelines.shape import Shape

_NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "out",
            "has": "lacks"}  # fmt: skip
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that must hold.

    Attributes:
        term: What it is about: a field's path, or an expression in a form of its own.
        relation: `==`, `!=`, an order, `in`, `out` (in none of them), `has` or `lacks`.
        values: What the term is held against, each with its family.
        is_field: The term is the path of a field of the message.
    """

    term: str
    relation: str
    values: tuple[tuple[str, Any], ...] = ()
    is_field: bool = False

    def negated(self) -> Fact:
        """Return what holds where this one does not."""
        return Fact(self.term, _NEGATED[self.relation], self.values, self.is_field)


def mirrored(relation: str) -> str:
    """Return the relation with its sides swapped."""
    return _MIRRORED[relation]


def of_family(value: Any) -> tuple[str, Any]:
    """Return a value with what it can be equal to: in CEL 1 is 1.0, and true is not 1."""
    if isinstance(value, bool):
        return ("bool", value)
    return ("number", value) if isinstance(value, int | float) else (type(value).__name__, value)


def term_of(node: Node) -> str:
    """Return a text that two expressions share only if they are written the same."""
    parts = [_part(getattr(node, one.name)) for one in fields(node) if one.name != "column"]
    return f"{type(node).__name__}({', '.join(parts)})"


def _part(value: object) -> str:
    if isinstance(value, Node):
        return term_of(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(_part, value))})"
    return f"{type(value).__name__} {value!r}"


def clash(facts: Iterable[Fact], message: Shape) -> tuple[Fact, ...] | None:
    """Return facts that cannot hold together; None: all can, as far as can be told.

    Args:
        facts: What must hold.
        message: The record's shape.
    """
    facts = tuple(sorted(facts, key=repr))
    present = [one for one in facts if one.is_field and one.relation != "lacks"]
    for lacking in (one for one in facts if one.relation == "lacks"):
        for there in present:
            if there.term == lacking.term or there.term.startswith(
                (f"{lacking.term}.", f"{lacking.term}[")
            ):
                return (lacking, there)
    by_term: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.relation not in ("has", "lacks"):
            by_term.setdefault(fact.term, []).append(fact)
    for about in by_term.values():
        if not _possible(about, message):
            return tuple(about)
    return None


def _possible(facts: list[Fact], message: Shape) -> bool:
    candidates = _candidates(facts, message)
    if candidates is not None:
        return any(all(_holds(value, fact) for fact in facts) for value in candidates)
    bounds = [(one.relation, one.values[0]) for one in facts if one.relation in _ORDER]
    return not any(
        _apart(*lower, *upper)
        for lower in bounds
        for upper in bounds
        if lower[0] in (">", ">=") and upper[0] in ("<", "<=")
    )


def _candidates(facts: list[Fact], message: Shape) -> list[tuple[str, Any]] | None:
    """Return the values that the term can have at all; None: too many to list."""
    for fact in facts:
        if fact.relation in ("==", "in"):
            shape = message.at(FieldPath(fact.term)) if fact.is_field else None
            never_null = shape is not None and shape.kind != "any" and not shape.nullable
            listed = [one for one in fact.values if not (never_null and one[1] is None)]
            if shape is not None and shape.symbols:
                allowed = {*map(of_family, shape.symbols), of_family(None)}
                listed = [one for one in listed if one in allowed]
            return listed
    return None


def _holds(value: tuple[str, Any], fact: Fact) -> bool:
    if fact.relation in ("==", "in"):
        return value in fact.values
    if fact.relation in ("!=", "out"):
        return value not in fact.values
    other = fact.values[0]
    # what has no order is an error: the condition does not hold
    return value[0] == other[0] and _ordered(fact.relation, value[1], other[1])


def _ordered(relation: str, left: Any, right: Any) -> bool:
    try:
        return bool(_ORDER[relation](left, right))
    except TypeError:
        return True  # no order is known here: it may hold


def _apart(low: str, lower: tuple[str, Any], high: str, upper: tuple[str, Any]) -> bool:
    """Return True if nothing is over the one and under the other."""
    if lower[0] != upper[0]:
        return True
    if lower[1] == upper[1]:
        return "=" not in low or "=" not in high
    return _ordered("<", upper[1], lower[1]) and not _ordered("<", lower[1], upper[1])
