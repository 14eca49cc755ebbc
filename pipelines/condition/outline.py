"""A checked tree as text: a node a line, below its parent, each with its type."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.condition.tree import (
    Binary,
    Bind,
    Call,
    Has,
    Index,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
    children,
)
from pipelines.condition.values import Uint
from pipelines.shape import ANY, Shape


def outline(root: Node, shapes: Mapping[int, Shape]) -> str:
    """Return the tree: indented, `what: type` a line."""
    lines: list[str] = []
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        shape = shapes.get(id(node), ANY)
        lines.append(f"{'  ' * depth}{_label(node)}: {_type(shape)}")
        waiting += [(child, depth + 1) for child in reversed(children(node))]
    return "\n".join(lines)


def _type(shape: Shape) -> str:
    if shape.kind == "any":
        return "dyn"
    if shape.items is not None and shape.kind in ("list", "map"):
        return f"{shape.kind}({_type(shape.items)})"
    return shape.kind


def _label(node: Node) -> str:
    match node:
        case Literal(value=value):
            return f"literal {value!r}{'u' if isinstance(value, Uint) else ''}"
        case Name(name=name):
            return f"name {name}"
        case Select(field=name, optional=optional):
            return f"select .{'?' if optional else ''}{name}"
        case Has(field=name):
            return f"has .{name}"
        case Index(optional=optional):
            return "index [?]" if optional else "index []"
        case Call(function=function):
            return f"call {function}"
        case Macro(macro=macro, variables=variables):
            return f"macro {macro} over {', '.join(variables)}"
        case Bind(variable=variable):
            return f"bind {variable}"
        case Unary(operator=operator) | Binary(operator=operator):
            return f"operator {operator}"
        case _:
            return {"ListOf": "list", "MapOf": "map", "Ternary": "choice", "Spread": "spread"}[
                type(node).__name__
            ]
