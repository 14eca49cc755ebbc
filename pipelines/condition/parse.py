"""CEL text to tree, by lark. Grammar: the CEL language definition, section "Syntax"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, VisitError

from pipelines.condition.advice import misplaced, too_early
from pipelines.condition.build import builder
from pipelines.condition.error import LIMIT, CelError
from pipelines.condition.limits import MAX_CHARACTERS, MAX_DEPTH
from pipelines.condition.tree import Literal, Node, children
from pipelines.condition.values import INT_MAX

_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels: split it over several steps"
_GRAMMAR = r"""
?start: ternary
?ternary: disjunction
        | disjunction MARK disjunction ":" ternary
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
        | member DOT IDENT             -> select
        | member DOT QUOTED            -> select
        | member DOT_MARK IDENT        -> select
        | member DOT_MARK QUOTED       -> select
        | member DOT IDENT "(" [arguments] ")" -> method
        | member OPEN ternary "]"      -> index
        | member OPEN MARK ternary "]" -> index_optional
?primary: IDENT                        -> name
        | DOT IDENT                    -> absolute_name
        | IDENT "(" [arguments] ")"    -> function
        | DOT IDENT "(" [arguments] ")" -> absolute_function
        | "(" ternary ")"
        | OPEN "]"                     -> list_of
        | OPEN items [","] "]"         -> list_of
        | OPEN_MAP "}"                 -> map_of
        | OPEN_MAP entries [","] "}"   -> map_of
        | NUMBER                       -> number
        | STRING                       -> string
        | BYTES                        -> bytes_
        | CONSTANT                     -> constant
arguments: ternary | arguments "," ternary
items: item | items "," item
?item: ternary
     | MARK ternary                    -> spread
entries: entry | entries "," entry
entry: ternary ":" ternary
     | MARK ternary ":" ternary        -> spread_entry

OR: "||"
AND: "&&"
RELATION: "<=" | ">=" | "==" | "!=" | "<" | ">"
IN.3: /in(?![A-Za-z0-9_])/
PLUS: "+"
MINUS: "-"
PRODUCT: "*" | "/" | "%"
NOT: "!"
DOT: "."
DOT_MARK: ".?"
MARK: "?"
OPEN: "["
OPEN_MAP: "{"
CONSTANT.3: /(true|false|null)(?![A-Za-z0-9_])/
NUMBER: /0x[0-9a-fA-F]+[uU]?|\d+\.\d+([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?/
STRING.2: /[rR]("{3}.*?"{3}|'{3}.*?'{3}|"[^"\n\r]*"|'[^'\n\r]*')|"{3}([^\\]|\\.)*?"{3}|'{3}([^\\]|\\.)*?'{3}|"([^"\\\n\r]|\\[^\n\r])*"|'([^'\\\n\r]|\\[^\n\r])*'/s
BYTES.3: /([bB][rR]|[rR][bB])("{3}.*?"{3}|'{3}.*?'{3}|"[^"\n\r]*"|'[^'\n\r]*')|[bB]("{3}([^\\]|\\.)*?"{3}|'{3}([^\\]|\\.)*?'{3}|"([^"\\\n\r]|\\[^\n\r])*"|'([^'\\\n\r]|\\[^\n\r])*')/s
IDENT: /[_a-zA-Z][_a-zA-Z0-9]*/
QUOTED: /`[A-Za-z0-9_.\-\/ ]+`/
%ignore /[ \t\r\n\f]+/
%ignore /\/\/[^\n]*/
"""  # noqa: E501 - one terminal, one line


def parse(text: str) -> Node:
    """Return the tree of CEL text.

    Raises:
        CelError: The text is no expression, or too long or nested too deeply.
    """
    if len(text) > MAX_CHARACTERS:
        raise CelError(
            f"longer than {MAX_CHARACTERS} characters: split it over several steps",
            MAX_CHARACTERS,
            LIMIT,
        )
    if _nesting(text) > MAX_DEPTH:
        raise CelError(_TOO_DEEP, 1, LIMIT)
    try:
        root = cast(Node, _parser().parse(text))
    except UnexpectedEOF:
        raise too_early(text) from None
    except UnexpectedInput as error:
        position: int | None = getattr(error, "pos_in_stream", None)
        column = max(1, (position or 0) + 1)
        if isinstance(error, UnexpectedCharacters):
            raise misplaced(text, text[column - 1], column) from None
        token = str(getattr(error, "token", ""))
        if not token:  # lark names the end of the text so
            raise too_early(text) from None
        raise misplaced(text, token, column) from None
    except VisitError as error:
        if isinstance(error.orig_exc, CelError):
            raise error.orig_exc from None
        raise
    _keep_limits(root)
    return root


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in re.sub(r"""("([^"\\]|\\.)*"|'([^'\\]|\\.)*')""", "", text):
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    # a run of signs nests without a bracket
    return max([deepest, *map(len, re.findall(r"(?:[!\-]\s*){2,}", text))])


@lru_cache(maxsize=1)
def _parser() -> Lark:
    # built while it is parsed: a walk through lark's own tree could go too deep
    return Lark(
        _GRAMMAR,
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=True,
        transformer=builder(),
    )


def _keep_limits(root: Node) -> None:
    """Refuse a tree that is too deep or holds a number that is too large.

    Without recursion: that is what is to be kept from overflowing.
    """
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise CelError(_TOO_DEEP, 1, LIMIT)
        if isinstance(node, Literal) and type(node.value) is int and node.value > INT_MAX:
            raise CelError("an integer has 64 bits", node.column)
        waiting += [(child, depth + 1) for child in children(node)]
