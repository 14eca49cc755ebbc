"""A checked tree as Python source: once for speed, once for exactness.

The quick form is plain Python with just the type checks that keep it right. Where it fails in any
way, the exact form runs, in which failures are absorbed as CEL says and have their reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipelines.condition.error import CelError
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.given import given_function, given_shape, is_given
from pipelines.condition.linear import text_pattern
from pipelines.condition.quick import quick_binary, quick_macro
from pipelines.condition.shared import Shared
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
from pipelines.condition.values import TYPES
from pipelines.errors import ConfigError
from pipelines.shape import ANY

_EXACT = {
    "==": "equal", "!=": "unequal", "<": "less", ">": "greater", "<=": "at_most",
    ">=": "at_least", "in": "contained", "+": "add", "-": "subtract", "*": "multiply",
    "/": "divide", "%": "modulo",
}  # fmt: skip
_MACROS = {
    "exists": "exists", "all": "holds_for_all", "exists_one": "exists_one", "filter": "filtered",
    "map": "mapped", "transformList": "mapped", "transformMap": "mapped_values",
    "transformMapEntry": "mapped_entries", "optMap": "changed", "optFlatMap": "changed_flat",
}  # fmt: skip
_META = {"topic": "r.topic", "partition": "r.partition", "offset": "r.offset"}
_METHODS = {"startsWith": "startswith", "endsWith": "endswith"}
_LOGICAL = ("&&", "||")
_COMPARISONS = ("<", "<=", ">", ">=")
_FREE = frozenset({"size", "int", "uint", "double", "bool", "glob", "hasValue", "value", "orValue"})
"""Functions that neither make nor search what may be long."""
_FLAGS = frozenset(name for name, function in FUNCTIONS.items() if function.gives == "bool")


@dataclass(frozen=True, slots=True)
class Generator:
    """Writes one expression.

    Attributes:
        shared: What it has in common with those for parts of the expression.
        quick: Write the quick form.
        variables: Python source for the variables of macros around.
    """

    shared: Shared
    quick: bool
    variables: Mapping[str, str] = field(default_factory=dict)

    def source(self, node: Node) -> str:
        """Return Python source for the node: an expression over `r`, the record, and `v`."""
        match node:
            case Literal(value=value):
                return self.shared.literal(value)
            case Name(name=name, absolute=absolute):
                return self._name(name, hidden=absolute)
            case Select():
                return self._select(node)
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
            case Bind(variable=variable, value=value, body=body):
                name = self.shared.temporary()
                inner = self._inside({variable: f"{name}()"})
                made = replace(inner, variables=self.variables).source(value)
                return f"bound(lambda: {made}, lambda {name}: {inner.source(body)})"
            case _:
                return self._container(node)

    def flag(self, node: Node) -> str:
        """Return source that gives a bool or fails."""
        source = self.source(node)
        return source if _is_flag(node) else f"flag({source})"

    def _name(self, name: str, *, hidden: bool = False) -> str:
        if name in self.variables and not hidden:
            return self.variables[name]
        if name in self.shared.sources:
            return self.shared.sources[name]
        if name in TYPES:
            return self.shared.constant(TYPES[name], f"type_{name.replace('.', '_')}")
        return f"unknown_name({name!r})"

    def _select(self, node: Select) -> str:
        if (whole := self.shared.dotted.get(id(node))) is not None:
            return self._name(whole, hidden=True)
        target, name = node.target, node.field
        is_meta = isinstance(target, Name) and target.name == "meta" and name in _META
        if is_meta and "meta" not in self.variables and "meta(r)" in self.shared.sources.values():
            return _META[name]
        inside = self.source(target)
        if node.optional:
            return f"select_optional({inside}, {name!r})"
        if not self.quick or isinstance(target, Literal | ListOf):
            return f"select({inside}, {name!r})"
        # a subscript that does not fit raises, and the exact form says why
        return f"{inside}[{name!r}]"

    def _has(self, target: str, name: str) -> str:
        if not self.quick:
            return f"has({target}, {name!r})"
        if target == "v":
            return f"({name!r} in v if v.__class__ is dict else has(v, {name!r}))"
        t = self.shared.temporary()
        return f"({name!r} in {t} if ({t} := {target}).__class__ is dict else has({t}, {name!r}))"

    def _binary(self, node: Binary) -> str:
        operator = node.operator
        if operator in _LOGICAL:
            left, right = self.flag(node.left), self.flag(node.right)
            if self.quick:
                return f"({left} {'and' if operator == '&&' else 'or'} {right})"
            function = "both" if operator == "&&" else "either"
            return f"{function}(lambda: {left}, lambda: {right})"
        if self.quick and (found := quick_binary(self, node)) is not None:
            return found
        self.shared.spends |= operator == "+"
        return f"{_EXACT[operator]}({self.source(node.left)}, {self.source(node.right)})"

    def _call(self, node: Call) -> str:
        given = [*([node.target] if node.target is not None else []), *node.arguments]
        sources = [self.source(one) for one in given]
        name = node.function
        if is_given(node) and (known := self._given(node)):
            return known
        function = FUNCTIONS.get(name)
        if function is None or not function.fits(len(given), is_method=node.target is not None):
            # what it is given may fail before
            return f"unfit_call({name!r}, {', '.join(f'lambda: {one}' for one in sources)})"
        last = given[-1] if given else node
        if name == "matches" and isinstance(last, Literal) and isinstance(last.value, str):
            self.shared.spends = True
            try:
                return f"(search({self.shared.constant(text_pattern(last.value))}, {sources[0]}))"
            except ConfigError:
                pass
        if self.quick and name in _METHODS and isinstance(last, Literal):
            t = self.shared.temporary()
            return (
                f"({t}.{_METHODS[name]}({sources[1]}) "
                f"if ({t} := {sources[0]}).__class__ is str else retry())"
            )
        self.shared.spends |= name not in _FREE
        if function.lazy:
            sources[-1] = f"lambda: {self._inside({}).source(given[-1])}"
        called = self.shared.constant(function.run, f"cel_{name.replace('.', '_')}")
        return f"{called}({', '.join(sources)})"

    def _given(self, node: Call) -> str:
        """Return the source of a call that asks for what is handed in, "" if it is not."""
        if node.function == "header":
            sources = self.shared.sources
            if "headers" not in sources or len(node.arguments) != 1:
                return ""
            name = self.source(node.arguments[0])
            is_record = "meta(r)" in sources.values()
            return f"header(r, {name})" if is_record else f"header_of({sources['headers']}, {name})"
        try:
            given_shape(node, [ANY] * len(node.arguments), self.shared.given)
        except CelError:
            return ""
        function, arguments = given_function(node, self.shared.given)
        name = self.shared.constant(function)
        return f"{name}({', '.join(self.source(one) for one in arguments)})"

    def _macro(self, node: Macro) -> str:
        self.shared.spends = True
        if self.quick and (found := quick_macro(self, node)) is not None:
            return found
        target = self.source(node.target)
        name = self.shared.temporary()
        variables = dict.fromkeys(node.variables, name)
        if len(node.variables) > 1:
            variables = {one: f"{name}[{place}]" for place, one in enumerate(node.variables)}
        inner = self._inside(variables)
        bodies = [f"lambda {name}: {inner.source(body)}" for body in node.bodies]
        if not node.macro.startswith("opt"):
            target = f"{'elements' if len(node.variables) == 1 else 'pairs'}({target})"
        if len(bodies) > 1:
            target = f"filtered({target}, {bodies[0]})"
        return f"{_MACROS[node.macro]}({target}, {bodies[-1]})"

    def inside(self, variables: Mapping[str, str], *, quick: bool) -> Generator:
        """Return a generator for what stands inside of a macro and knows its variables."""
        return Generator(self.shared, quick, {**self.variables, **variables})

    def _inside(self, variables: Mapping[str, str]) -> Generator:
        # what may fail on its own is exact: failures are absorbed one by one
        return self.inside(variables, quick=False)

    def _container(self, node: Node) -> str:
        match node:
            case Index(target=target, index=position, optional=optional):
                function = "index_optional" if optional else "index"
                return f"{function}({self.source(target)}, {self.source(position)})"
            case ListOf(items=items):
                written = ", ".join(self.source(one) for one in items)
                is_plain = not any(isinstance(one, Spread) for one in items)
                return f"[{written}]" if is_plain else f"list_of({written})"
            case Spread(value=value):
                return f"Spread({self.source(value)})"
            case MapOf(entries=entries):
                pairs = (f"({self.source(key)}, {self.source(value)})" for key, value in entries)
                return f"map_of({', '.join(pairs)})"
            case _:
                raise AssertionError(type(node).__name__)


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
            return function in _FLAGS
        case Macro(macro=macro):
            return macro in ("exists", "all", "exists_one")
        case _:
            return False
