"""Which types CEL's operators take, and what they give: known before there is any value."""

from __future__ import annotations

from pipelines.condition.error import TYPE, with_article
from pipelines.errors import Problem
from pipelines.shape import ANY, Kind, Shape

_NUMBERS: tuple[Kind, ...] = ("int", "uint", "double", "decimal")
_ORDERED: tuple[Kind, ...] = ("bool", "string", "bytes", "timestamp", "duration", "date")
ITERABLE: tuple[Kind, ...] = ("any", "list", "map", "object")
"""The types that have elements."""
ARITHMETIC: dict[str, dict[tuple[Kind, Kind], Kind]] = {
    "+": {
        ("int", "int"): "int", ("uint", "uint"): "uint", ("double", "double"): "double",
        ("string", "string"): "string", ("bytes", "bytes"): "bytes", ("list", "list"): "list",
        ("timestamp", "duration"): "timestamp", ("duration", "timestamp"): "timestamp",
        ("duration", "duration"): "duration",
    },
    "-": {
        ("int", "int"): "int", ("uint", "uint"): "uint", ("double", "double"): "double",
        ("timestamp", "timestamp"): "duration", ("timestamp", "duration"): "timestamp",
        ("duration", "duration"): "duration",
    },
    "*": {("int", "int"): "int", ("uint", "uint"): "uint", ("double", "double"): "double"},
    "/": {("int", "int"): "int", ("uint", "uint"): "uint", ("double", "double"): "double"},
    "%": {("int", "int"): "int", ("uint", "uint"): "uint"},
}  # fmt: skip
"""The type that an operator gives, by the types on its two sides."""


def ordered(left: Kind, right: Kind) -> bool:
    """Return True if values of the two types have an order."""
    if "any" in (left, right) or (left in _NUMBERS and right in _NUMBERS):
        return True
    return left == right and left in _ORDERED


def comparable(left: Kind, right: Kind) -> bool:
    """Return True if values of the two types can be equal."""
    if "any" in (left, right) or "null" in (left, right) or left == right:
        return True
    if {left, right} <= {"map", "object"}:
        return True
    return left in _NUMBERS and right in _NUMBERS


def relation_problem(operator: str, left: Shape, right: Shape) -> Problem | None:
    """Return why `left OPERATOR right` can never work or never hold, if so."""
    one, other = with_article(left.kind), with_article(right.kind)
    fix = relation_advice(left.kind, right.kind)
    what = ""
    if operator == "in":
        element = (right.items or ANY).kind
        if right.kind not in ITERABLE:
            what, fix = f"nothing is in {other}", "write a list or a map behind `in`"
        elif right.kind == "list" and not comparable(left.kind, element):
            what = f"{one} is never in a list of {element}"
            fix = relation_advice(left.kind, element)
    elif operator in ("==", "!="):
        if not comparable(left.kind, right.kind):
            what = f"{one} and {other} are never equal"
    elif not ordered(left.kind, right.kind):
        what = f"{one} and {other} have no order"
    return Problem(what, code=TYPE, fix=fix) if what else None


def relation_advice(left: Kind, right: Kind) -> str:
    """Return what to do about two types that do not compare."""
    if {left, right} <= {"int", "uint", "double", "string", "bool"}:
        return f"convert one: {left}(…) or {right}(…)"
    return "compare values of one type"


def arithmetic_advice(operator: str, left: Kind, right: Kind) -> str:
    """Return that an operator does not take two types, and what to do about it."""
    what = f"`{operator}` does not take {with_article(left)} and {with_article(right)}"
    if left == right or not {left, right} <= {"int", "uint", "double"}:
        return what
    wanted = "double" if "double" in (left, right) else "int"
    return f"{what}: convert one with {wanted}(…)"


def common(shapes: list[Shape]) -> Shape:
    """Return the shape that elements share."""
    return shapes[0] if len({shape.kind for shape in shapes}) == 1 else ANY
