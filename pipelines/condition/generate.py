"""A checked tree as Python source: once for speed, once for exactness.

The quick form is plain Python with just the type checks that keep it right. Where it fails in any
way, the exact form runs, in which failures are absorbed as CEL says and have their reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.condition.linear import text_pattern
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
)
from pipelines.shape import Shape

_EXACT = {
    "==": "equal", "!=": "unequal", "<": "less", ">": "greater", "<=": "at_most",
    ">=": "at_least", "in": "contained", "+": "add", "-": "subtract", "*": "multiply",
    "/": "divide", "%": "modulo",
}  # fmt: skip
_MACROS = {
    "exists": "exists", "all": "holds_for_all", "exists_one": "exists_one", "filter": "filtered",
    "map": "mapped",
}  # fmt: skip
_META = {"topic": "r.topic", "partition": "r.partition", "offset": "r.offset"}
_METHODS = {"startsWith": "startswith", "endsWith": "endswith"}
_LOGICAL = ("&&", "||")
_COMPARISONS = ("<", "<=", ">", ">=")


@dataclass(slots=True)
class Generator:
    """Writes one expression.

    Attributes:
        shapes: The static type of each node, by identity.
        constants: Values that the source refers to by name.
        quick: Write the quick form.
    """

    shapes: Mapping[int, Shape]
    constants: dict[str, Any]
    quick: bool
    variables: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def source(self, node: Node) -> str:
        """Return Python source for the node: an expression over `r`, the record, and `v`."""
        match node:
            case Literal(value=value):
                return repr(value)
            case Name(name=name):
                return self._name(name)
            case Select(target=target, field=name):
                return self._select(target, name)
            case Has(target=target, field=name):
                return self._has(self.source(target), name)
            case Unary(operator=operator, operand=operand):
                if operator == "!":
                    return f"(not {self.flag(operand)})"
                return f"minus({self.source(operand)})"
            case Binary():
                return self._binary(node)
            case Ternary(condition=condition, left=left, right=right):
                return f"({self.source(left)} if {self.flag(condition)} else {self.source(right)})"
            case Call():
                return self._call(node)
            case Macro():
                return self._macro(node)
            case _:
                return self._container(node)

    def flag(self, node: Node) -> str:
        """Return source that gives a bool or fails."""
        source = self.source(node)
        return source if _is_flag(node) else f"flag({source})"

    def _name(self, name: str) -> str:
        if name in self.variables:
            return self.variables[name]
        plain = {"message": "v", "key": "r.key", "headers": "header_map(r)", "meta": "meta(r)"}
        return plain[name]

    def _select(self, target: Node, name: str) -> str:
        if isinstance(target, Name) and target.name == "meta" and name in _META:
            return _META[name]
        inside = self.source(target)
        # a subscript that does not fit raises, and the exact form says why
        return f"{inside}[{name!r}]" if self.quick else f"select({inside}, {name!r})"

    def _has(self, target: str, name: str) -> str:
        if not self.quick:
            return f"has({target}, {name!r})"
        if target == "v":
            return f"({name!r} in v if v.__class__ is dict else has(v, {name!r}))"
        t = self._temporary()
        return f"({name!r} in {t} if ({t} := {target}).__class__ is dict else has({t}, {name!r}))"

    def _binary(self, node: Binary) -> str:
        operator = node.operator
        if operator in _LOGICAL:
            left, right = self.flag(node.left), self.flag(node.right)
            if self.quick:
                return f"({left} {'and' if operator == '&&' else 'or'} {right})"
            function = "both" if operator == "&&" else "either"
            return f"{function}(lambda: {left}, lambda: {right})"
        if self.quick and (found := self._quick_binary(node)) is not None:
            return found
        return f"{_EXACT[operator]}({self.source(node.left)}, {self.source(node.right)})"

    def _quick_binary(self, node: Binary) -> str | None:
        if node.operator in ("==", "!="):
            if isinstance(node.right, Literal):
                return self._equal_to(node.left, node.right.value, node.operator)
            if isinstance(node.left, Literal):
                return self._equal_to(node.right, node.left.value, node.operator)
        if node.operator == "in" and isinstance(node.right, ListOf):
            items = [one.value for one in node.right.items if isinstance(one, Literal)]
            if len(items) == len(node.right.items) and all(type(one) is str for one in items):
                return f"({self.source(node.left)} in {tuple(items)!r})"
        if node.operator in _COMPARISONS:
            return self._ordered(node)
        return None

    def _equal_to(self, node: Node, value: object, operator: str) -> str | None:
        source = self.source(node)
        is_equal = operator == "=="
        if value is None or isinstance(value, bool):
            return f"({source} is {'' if is_equal else 'not '}{value!r})"
        if isinstance(value, str | bytes):
            return f"({source} {operator} {value!r})"
        t = self._temporary()  # True is 1 to Python
        found = f"(({t} := {source}) == {value!r} and {t}.__class__ is not bool)"
        return found if is_equal else f"(not {found})"

    def _ordered(self, node: Binary) -> str | None:
        for literal, other in ((node.right, node.left), (node.left, node.right)):
            if not isinstance(literal, Literal) or type(literal.value) not in (int, float, str):
                continue
            t = self._temporary()
            fits = f"({t} := {self.source(other)}).__class__"
            fits += " is str" if type(literal.value) is str else " in NUMBERS"
            sides = (t, repr(literal.value)) if other is node.left else (repr(literal.value), t)
            return f"({sides[0]} {node.operator} {sides[1]} if {fits} else retry())"
        return None

    def _call(self, node: Call) -> str:
        given = [*([node.target] if node.target is not None else []), *node.arguments]
        sources = [self.source(one) for one in given]
        if node.function == "header":
            return f"header(r, {sources[0]})"
        last = given[-1]
        if node.function == "matches" and isinstance(last, Literal):
            name = self._constant(text_pattern(str(last.value)))
            return f"(search({name}, {sources[0]}))"
        if self.quick and node.function in _METHODS and isinstance(last, Literal):
            t = self._temporary()
            return (
                f"({t}.{_METHODS[node.function]}({sources[1]}) "
                f"if ({t} := {sources[0]}).__class__ is str else retry())"
            )
        return f"cel_{node.function}({', '.join(sources)})"

    def _macro(self, node: Macro) -> str:
        target = self.source(node.target)
        variable = self._temporary()
        # failures inside are absorbed one by one, so what is inside is exact
        inner = Generator(
            self.shapes,
            self.constants,
            quick=False,
            variables={**self.variables, node.variable: variable},
            _count=self._count + 1000,
        )
        bodies = [f"lambda {variable}: {inner.source(body)}" for body in node.bodies]
        self._count = inner._count
        if node.macro == "map" and len(bodies) > 1:
            target = f"filtered({target}, {bodies[0]})"
        return f"{_MACROS[node.macro]}({target}, {bodies[-1]})"

    def _container(self, node: Node) -> str:
        match node:
            case Index(target=target, index=position):
                return f"index({self.source(target)}, {self.source(position)})"
            case ListOf(items=items):
                return f"[{', '.join(self.source(one) for one in items)}]"
            case MapOf(entries=entries):
                pairs = (f"({self.source(key)}, {self.source(value)})" for key, value in entries)
                return f"map_of({', '.join(pairs)})"
            case _:
                raise AssertionError(type(node).__name__)

    def _temporary(self) -> str:
        self._count += 1
        return f"t{self._count}"

    def _constant(self, value: object) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name


def _is_flag(node: Node) -> bool:
    """Return True if the node's source gives a bool whatever the record."""
    match node:
        case Literal(value=value):
            return isinstance(value, bool)
        case Has() | Unary(operator="!"):
            return True
        case Binary(operator=operator):
            return operator in (*_LOGICAL, *_COMPARISONS, "==", "!=", "in")
        case Call(function=function):
            return function in ("startsWith", "endsWith", "contains", "matches", "bool")
        case Macro(macro=macro):
            return macro in ("exists", "all", "exists_one")
        case _:
            return False
