"""The tree that CEL text is read into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """Any node; `column` is where it starts in the text, from 1."""

    column: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: text, number, flag, bytes or null."""

    value: str | int | float | bool | bytes | None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable; `absolute`: written `.name`, which no variable of a macro can hide."""

    name: str
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Select(Node):
    """`target.field`; `optional`: `target.?field`."""

    target: Node
    field: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Has(Node):
    """`has(target.field)`."""

    target: Node
    field: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`target[index]`; `optional`: `target[?index]`."""

    target: Node
    index: Node
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)` or `target.function(arguments)`."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """`target.macro(variable, body)`, or with two variables."""

    macro: str
    target: Node
    variables: tuple[str, ...]
    bodies: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """`cel.bind(variable, value, body)`."""

    variable: str
    value: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Spread(Node):
    """`?value` in a list or map: an optional value that is left out where it is absent."""

    value: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Node):
    """`{a: b}`; of `{?a: b}` the value is a Spread."""

    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`!a` or `-a`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`a OPERATOR b`, `&&` and `||` included."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    """`condition ? left : right`."""

    condition: Node
    left: Node
    right: Node


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below one."""
    match node:
        case Select(target=target) | Has(target=target):
            return (target,)
        case Index(target=target, index=index):
            return (target, index)
        case Call(target=target, arguments=arguments):
            return arguments if target is None else (target, *arguments)
        case Macro(target=target, bodies=bodies):
            return (target, *bodies)
        case Bind(value=value, body=body):
            return (value, body)
        case Spread(value=value):
            return (value,)
        case ListOf(items=items):
            return items
        case MapOf(entries=entries):
            return tuple(one for entry in entries for one in entry)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Ternary(condition=condition, left=left, right=right):
            return (condition, left, right)
        case _:
            return ()
