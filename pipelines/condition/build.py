"""Builder: the tree of an expression, made while lark reads it; macros are known here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lark import Token, Transformer, v_args

from pipelines.condition.error import CelError
from pipelines.condition.literals import bytes_literal, text_literal
from pipelines.condition.tree import (
    Binary,
    Bind,
    Call,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Name,
    Node,
    Select,
    Spread,
    Ternary,
    Unary,
)
from pipelines.condition.values import INT_MAX, UINT_MAX, Uint

MACROS: dict[str, tuple[range, range]] = {
    "all": (range(1, 3), range(1, 2)),
    "exists": (range(1, 3), range(1, 2)),
    "exists_one": (range(1, 3), range(1, 2)),
    "existsOne": (range(1, 3), range(1, 2)),
    "filter": (range(1, 2), range(1, 2)),
    "map": (range(1, 2), range(1, 3)),
    "transformList": (range(2, 3), range(1, 3)),
    "transformMap": (range(2, 3), range(1, 3)),
    "transformMapEntry": (range(2, 3), range(1, 3)),
    "optMap": (range(1, 2), range(1, 2)),
    "optFlatMap": (range(1, 2), range(1, 2)),
}
"""Each macro with how many variables and how many expressions it takes."""
_SPELLINGS = {"existsOne": "exists_one"}
_NAMESPACES = frozenset({"base64", "cel", "math", "optional", "strings"})
_RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
})  # fmt: skip


def builder() -> Transformer[Any, Node]:
    """Return what makes our tree of what lark reads."""
    return _Builder()


@v_args(inline=True)
class _Builder(Transformer[Any, Node]):
    """Turns what lark reads into our tree."""

    def name(self, name: Token) -> Node:
        return Name(_column(name), _variable(name))

    def absolute_name(self, dot: Token, name: Token) -> Node:
        return Name(_column(dot), _variable(name), absolute=True)

    def constant(self, token: Token) -> Node:
        return Literal(_column(token), {"true": True, "false": False, "null": None}[str(token)])

    def number(self, token: Token) -> Node:
        text = str(token)
        is_hexadecimal = text.startswith("0x")
        if not is_hexadecimal and any(one in text for one in ".eE"):
            return Literal(_column(token), float(text))
        number = int(text.rstrip("uU"), 16 if is_hexadecimal else 10)
        if text[-1] in "uU":
            if number > UINT_MAX:
                raise CelError("an unsigned integer has 64 bits", _column(token))
            return Literal(_column(token), Uint(number))
        if number > INT_MAX + 1:  # one more is the least integer's, behind a minus
            raise CelError("an integer has 64 bits", _column(token))
        return Literal(_column(token), number)

    def string(self, token: Token) -> Node:
        return Literal(_column(token), text_literal(str(token), _column(token)))

    def bytes_(self, token: Token) -> Node:
        return Literal(_column(token), bytes_literal(str(token), _column(token)))

    def select(self, target: Node, dot: Token, field: Token) -> Node:
        return Select(target.column, target, str(field).strip("`"), str(dot) == ".?")

    def index(self, target: Node, _: Token, index: Node) -> Node:
        return Index(target.column, target, index)

    def index_optional(self, target: Node, _: Token, _mark: Token, index: Node) -> Node:
        return Index(target.column, target, index, optional=True)

    def unary(self, operator: Token, operand: Node) -> Node:
        value = operand.value if isinstance(operand, Literal) else None
        is_number = (type(value) is int and value > 0) or type(value) is float
        if operator == "-" and is_number:
            return Literal(_column(operator), -value)  # type: ignore[operator] # a number
        return Unary(_column(operator), str(operator), operand)

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(left.column, str(operator), left, right)

    def logical(self, first: Node, *more: Any) -> Node:
        # as a balanced tree: a chain of hundreds is no deeper than ten; both are associative
        return _balanced([first, *more[1::2]], str(more[0]))

    def ternary(self, condition: Node, _: Token, left: Node, right: Node) -> Node:
        return Ternary(condition.column, condition, left, right)

    def arguments(self, first: Any, *more: Node) -> tuple[Node, ...]:
        return (*first, *more) if isinstance(first, tuple) else (first,)

    items = arguments

    def spread(self, mark: Token, value: Node) -> Node:
        return Spread(_column(mark), value)

    def entry(self, key: Node, value: Node) -> tuple[Node, Node]:
        return (key, value)

    def spread_entry(self, mark: Token, key: Node, value: Node) -> tuple[Node, Node]:
        return (key, Spread(_column(mark), value))

    def entries(self, first: Any, *more: tuple[Node, Node]) -> tuple[tuple[Node, Node], ...]:
        return (*first, *more) if isinstance(first[0], tuple) else (first,)

    def list_of(self, bracket: Token, items: tuple[Node, ...] = (), *_: object) -> Node:
        return ListOf(_column(bracket), items)

    def map_of(
        self, bracket: Token, entries: tuple[tuple[Node, Node], ...] = (), *_: object
    ) -> Node:
        return MapOf(_column(bracket), entries)

    def function(self, name: Token, arguments: tuple[Node, ...] | None) -> Node:
        found = arguments or ()
        if name != "has":
            return Call(_column(name), str(name), None, found)
        if len(found) != 1 or not isinstance(found[0], Select):
            raise CelError("`has` takes one field: has(message.name)", _column(name))
        target = found[0].target
        return Has(_column(name), target, found[0].field)

    def absolute_function(self, _: Token, name: Token, arguments: tuple[Node, ...] | None) -> Node:
        return Call(_column(name), str(name), None, arguments or ())

    def method(
        self, target: Node, _: Token, name: Token, arguments: tuple[Node, ...] | None
    ) -> Node:
        found = arguments or ()
        if isinstance(target, Name) and target.name in _NAMESPACES:
            if target.name == "cel" and name in _CEL:
                return _CEL[name](found, target.column)
            return Call(target.column, f"{target.name}.{name}", None, found)
        if name not in MACROS or (name in ("map", "filter") and not found):
            return Call(_column(name), str(name), target, found)
        return _macro(target, name, found)


def _macro(target: Node, name: Token, arguments: Sequence[Node]) -> Node:
    variables, bodies = MACROS[name]
    # `map(x, y, z)`: what more than one variable would be, is an expression
    count = max(variables) if len(arguments) - max(variables) in bodies else min(variables)
    names = [_plain_name(one) for one in arguments[:count]]
    if len(arguments) - count not in bodies or None in names:
        written = "x, …" if max(variables) == 1 else "i, x, …"
        raise CelError(f"write `list.{name}({written})`: a name, then what holds", _column(name))
    known = tuple(one for one in names if one is not None)
    macro = _SPELLINGS.get(name, str(name))
    return Macro(_column(name), macro, target, known, tuple(arguments[count:]))


def _bind(arguments: Sequence[Node], column: int) -> Node:
    name = _plain_name(arguments[0]) if len(arguments) == 3 else None  # noqa: PLR2004 - name, value, body
    if name is None:
        raise CelError("write `cel.bind(name, value, expression)`", column)
    return Bind(column, name, arguments[1], arguments[2])


def _block(arguments: Sequence[Node], column: int) -> Node:
    """Return what an optimizer writes as `cel.block([a, b], body)`: a is `cel.index(0)` in body."""
    values, body = arguments if len(arguments) == 2 else (None, None)  # noqa: PLR2004 - list, body
    if not isinstance(values, ListOf) or body is None:
        raise CelError("write `cel.block([value, …], expression)`", column)
    for place, value in reversed(list(enumerate(values.items))):
        body = Bind(column, f"@index{place}", value, body)
    return body


def _numbered(prefix: str) -> Callable[[Sequence[Node], int], Node]:
    """Return what makes the variable that an optimizer writes with numbers."""

    def name(arguments: Sequence[Node], column: int) -> Node:
        numbers = [str(one.value) for one in arguments if isinstance(one, Literal)]
        return Name(column, f"{prefix}{':'.join(numbers)}")

    return name


_CEL: dict[str, Callable[[Sequence[Node], int], Node]] = {
    "bind": _bind,
    "block": _block,
    "index": _numbered("@index"),
    "iterVar": _numbered("@variable"),
}


def _plain_name(node: Node) -> str | None:
    return node.name if isinstance(node, Name) and not node.absolute else None


def _variable(name: Token) -> str:
    if name in _RESERVED:
        raise CelError(f"`{name}` is a reserved word", _column(name))
    return str(name)


def _balanced(operands: Sequence[Node], operator: str) -> Node:
    if len(operands) == 1:
        return operands[0]
    middle = (len(operands) + 1) // 2
    left, right = _balanced(operands[:middle], operator), _balanced(operands[middle:], operator)
    return Binary(left.column, operator, left, right)


def _column(token: Token) -> int:
    return int(token.start_pos or 0) + 1
