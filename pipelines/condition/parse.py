"""CEL text to tree, by lark. Grammar: the CEL language definition, section "Syntax"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, VisitError

from pipelines.condition.error import CelError
from pipelines.condition.literals import bytes_literal, text_literal
from pipelines.condition.tree import (
    Binary,
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
    Ternary,
    Unary,
    children,
)

MAX_CHARACTERS = 10_000
MAX_DEPTH = 80

_GRAMMAR = r"""
?start: ternary
?ternary: disjunction
        | disjunction "?" disjunction ":" ternary
?disjunction: conjunction
        | conjunction (OR conjunction)+ -> logical
?conjunction: relation
        | relation (AND relation)+     -> logical
?relation: addition
        | relation RELATION addition   -> binary
        | relation IN addition         -> binary
?addition: product
        | addition PLUS product        -> binary
        | addition MINUS product       -> binary
?product: unary
        | product PRODUCT unary        -> binary
?unary: member
        | NOT unary                    -> unary
        | MINUS unary                  -> unary
?member: primary
        | member "." IDENT             -> select
        | member "." IDENT "(" [arguments] ")" -> method
        | member OPEN ternary "]"      -> index
?primary: IDENT                        -> name
        | IDENT "(" [arguments] ")"    -> function
        | "(" ternary ")"
        | OPEN "]"                     -> list_of
        | OPEN arguments [","] "]"     -> list_of
        | OPEN_MAP "}"                 -> map_of
        | OPEN_MAP entries [","] "}"   -> map_of
        | NUMBER                       -> number
        | STRING                       -> string
        | BYTES                        -> bytes_
        | CONSTANT                     -> constant
arguments: ternary | arguments "," ternary
entries: entry | entries "," entry
entry: ternary ":" ternary

OR: "||"
AND: "&&"
RELATION: "<=" | ">=" | "==" | "!=" | "<" | ">"
IN.3: /in(?![A-Za-z0-9_])/
PLUS: "+"
MINUS: "-"
PRODUCT: "*" | "/" | "%"
NOT: "!"
OPEN: "["
OPEN_MAP: "{"
CONSTANT.3: /(true|false|null)(?![A-Za-z0-9_])/
NUMBER: /0x[0-9a-fA-F]+u?|\d+\.\d+([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+u?/
STRING.2: /[rR]?("{3}([^\\]|\\.)*?"{3}|'{3}([^\\]|\\.)*?'{3}|"([^"\\\n]|\\.)*"|'([^'\\\n]|\\.)*')/s
BYTES.3: /([bB][rR]?|[rR][bB])("([^"\\\n]|\\.)*"|'([^'\\\n]|\\.)*')/
IDENT: /[_a-zA-Z][_a-zA-Z0-9]*/
%ignore /[ \t\r\n]+/
%ignore /\/\/[^\n]*/
"""
_MACROS = {"all", "exists", "exists_one", "filter", "map"}
_INT_MAX = 2**63 - 1


def parse(text: str) -> Node:
    """Return the tree of CEL text.

    Raises:
        CelError: The text is no expression, or too long or nested too deeply.
    """
    if len(text) > MAX_CHARACTERS:
        raise CelError(f"longer than {MAX_CHARACTERS} characters", MAX_CHARACTERS)
    if _nesting(text) > MAX_DEPTH:
        raise CelError(f"nested deeper than {MAX_DEPTH} levels", 1)
    try:
        root = cast(Node, _parser().parse(text))
    except UnexpectedEOF:
        raise CelError("the expression ends too early", len(text) + 1) from None
    except UnexpectedInput as error:
        position: int | None = getattr(error, "pos_in_stream", None)
        column = max(1, (position or 0) + 1)
        if isinstance(error, UnexpectedCharacters):
            raise CelError(f"`{text[column - 1]}` cannot stand here", column) from None
        token = str(getattr(error, "token", ""))
        if not token:  # lark names the end of the text so
            raise CelError("the expression ends too early", len(text) + 1) from None
        raise CelError(f"`{token}` cannot stand here{_advice(token)}", column) from None
    except VisitError as error:
        if isinstance(error.orig_exc, CelError):
            raise error.orig_exc from None
        raise
    if _levels(root) > MAX_DEPTH:
        raise CelError(f"nested deeper than {MAX_DEPTH} levels: split it over several steps", 1)
    return root


def _advice(written: str) -> str:
    pieces = {"=": "; equality is `==`", "and": "; write `&&`", "or": "; write `||`"}
    return pieces.get(written, "; `not` is written `!`" if written == "not" else "")


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in re.sub(r"""("([^"\\]|\\.)*"|'([^'\\]|\\.)*')""", "", text):
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest + max(0, len(re.findall(r"[!\-]{20,}", text)) * MAX_DEPTH)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    # built while it is parsed: a walk through lark's own tree could go too deep
    return Lark(
        _GRAMMAR,
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=True,
        transformer=_Builder(),
    )


@v_args(inline=True)
class _Builder(Transformer[Any, Node]):
    """Turns lark's tree into ours."""

    def name(self, name: Token) -> Node:
        return Name(_column(name), str(name))

    def constant(self, token: Token) -> Node:
        return Literal(_column(token), {"true": True, "false": False, "null": None}[str(token)])

    def number(self, token: Token) -> Node:
        text = str(token)
        if not text.startswith("0x") and any(one in text for one in ".eE"):
            return Literal(_column(token), float(text))
        number = int(text.rstrip("u"), 16 if text.startswith("0x") else 10)
        if number > _INT_MAX + 1:  # one more is the least integer's, behind a minus
            raise CelError("an integer has 64 bits", _column(token))
        return Literal(_column(token), number)

    def string(self, token: Token) -> Node:
        return Literal(_column(token), text_literal(str(token), _column(token)))

    def bytes_(self, token: Token) -> Node:
        return Literal(_column(token), bytes_literal(str(token), _column(token)))

    def select(self, target: Node, field: Token) -> Node:
        return Select(target.column, target, str(field))

    def index(self, target: Node, _: Token, index: Node) -> Node:
        return Index(target.column, target, index)

    def unary(self, operator: Token, operand: Node) -> Node:
        is_number = isinstance(operand, Literal) and type(operand.value) in (int, float)
        if operator == "-" and is_number and isinstance(operand, Literal):
            return Literal(_column(operator), -operand.value)  # type: ignore[operator] # a number
        return Unary(_column(operator), str(operator), operand)

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(left.column, str(operator), left, right)

    def logical(self, first: Node, *more: Any) -> Node:
        # as a balanced tree: a chain of hundreds is no deeper than ten; both are associative
        return _balanced([first, *more[1::2]], str(more[0]))

    def ternary(self, condition: Node, left: Node, right: Node) -> Node:
        return Ternary(condition.column, condition, left, right)

    def arguments(self, first: Any, *more: Node) -> tuple[Node, ...]:
        return (*first, *more) if isinstance(first, tuple) else (first,)

    def entry(self, key: Node, value: Node) -> tuple[Node, Node]:
        return (key, value)

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
        return Has(_column(name), found[0].target, found[0].field)

    def method(self, target: Node, name: Token, arguments: tuple[Node, ...] | None) -> Node:
        found = arguments or ()
        if name not in _MACROS:
            return Call(_column(name), str(name), target, found)
        most = 3 if name == "map" else 2
        if len(found) not in range(2, most + 1) or not isinstance(found[0], Name):
            raise CelError(f"write `list.{name}(x, …)`: a name, then what holds", _column(name))
        return Macro(_column(name), str(name), target, found[0].name, found[1:])


def _balanced(operands: Sequence[Node], operator: str) -> Node:
    if len(operands) == 1:
        return operands[0]
    middle = (len(operands) + 1) // 2
    left, right = _balanced(operands[:middle], operator), _balanced(operands[middle:], operator)
    return Binary(left.column, operator, left, right)


def _levels(root: Node) -> int:
    """Return how deep a tree is, without recursion: that is what is to be kept from overflowing."""
    deepest = 0
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in children(node)]
    return deepest


def _column(token: Token) -> int:
    return int(token.start_pos or 0) + 1
