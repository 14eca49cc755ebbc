"""Which types CEL's operators take, and what they give: known before there is any value."""

from __future__ import annotations

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


def relation_problem(operator: str, left: Shape, right: Shape) -> str:
    """Return why `left OPERATOR right` can never work or never hold, or ""."""
    kinds = (left.kind, right.kind)
    if operator == "in":
        if right.kind not in ITERABLE:
            return f"nothing is in a {right.kind}"
        element = (right.items or ANY).kind
        if right.kind == "list" and not comparable(left.kind, element):
            return f"a {left.kind} is never in a list of {element}"
    elif operator in ("==", "!="):
        if not comparable(*kinds):
            return f"a {left.kind} and a {right.kind} are never equal"
    elif not ordered(*kinds):
        return f"a {left.kind} and a {right.kind} have no order"
    return ""


def arithmetic_advice(left: Kind, right: Kind) -> str:
    """Return what to do about two numbers of different types, or ""."""
    if left == right or not {left, right} <= {"int", "uint", "double"}:
        return ""
    wanted = "double" if "double" in (left, right) else "int"
    return f": convert one with {wanted}(…)"
