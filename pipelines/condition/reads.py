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


def dotted_name(node: Node, local: frozenset[str]) -> str | None:
    """Return `a.b.c` for a chain of plain names, None for anything else.

    Args:
        node: The last of the chain.
        local: The variables of macros around: what is selected from one is no such name.
    """
    names: list[str] = []
    while isinstance(node, Select) and not node.optional:
        names.append(node.field)
        node = node.target
    if not isinstance(node, Name) or (node.name in local and not node.absolute):
        return None
    return ".".join([node.name, *reversed(names)])


def loose(node: Node) -> bool:
    """Return True for `message.?a.b`: there is no failure where the field is absent."""
    while isinstance(node, Select | Index):
        if node.optional:
            return True
        node = node.target
    return False


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
