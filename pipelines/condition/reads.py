"""Which fields an expression reads, and which of them `has` makes sure of."""

from __future__ import annotations

from pipelines.condition.tree import Binary, Has, Index, Literal, Name, Node, Select, Unary
from pipelines.shape import joined


def chain(node: Node) -> str | None:
    """Return the path of `message.a["b"]`, or None for anything else."""
    names: list[str] = []
    while True:
        match node:
            case Select(target=target, field=name):
                names.append(name)
            case Index(target=target, index=Literal(value=str(name))):
                names.append(name)
            case _:
                break
        node = target
    if not (isinstance(node, Name) and node.name == "message" and names):
        return None
    path = ""
    for name in reversed(names):
        path = joined(path, name)
    return path


def guarding(node: Node) -> frozenset[str]:
    """Return the paths that are there where `node` is true."""
    match node:
        case Has(target=target, field=field):
            path = chain(Select(node.column, target, field))
            return frozenset() if path is None else frozenset([path])
        case Binary(operator="&&", left=left, right=right):
            return guarding(left) | guarding(right)
        case Unary(operator="!", operand=operand):
            return missing_guarding(operand)
        case _:
            return frozenset()


def missing_guarding(node: Node) -> frozenset[str]:
    """Return the paths that are there where `node` is false."""
    match node:
        case Binary(operator="||", left=left, right=right):
            return missing_guarding(left) | missing_guarding(right)
        case Unary(operator="!", operand=operand):
            return guarding(operand)
        case _:
            return frozenset()
