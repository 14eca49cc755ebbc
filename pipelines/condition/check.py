"""The static types of an expression: what can never work is found before any record."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.condition.error import CelError
from pipelines.condition.exact import kind_of
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.linear import text_pattern
from pipelines.condition.reads import chain, guarding, missing_guarding
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
from pipelines.errors import ConfigError
from pipelines.shape import ANY, STRING, Kind, Shape, joined

BOOL, INT, DOUBLE = Shape("bool"), Shape("int"), Shape("double")
_LITERALS: dict[str, Shape] = {
    "bool": BOOL, "int": INT, "double": DOUBLE, "string": STRING, "bytes": Shape("bytes"),
    "null": Shape("null", nullable=True),
}  # fmt: skip
META = Shape(
    "object",
    fields={"topic": STRING, "partition": INT, "offset": INT, "timestamp": Shape("timestamp")},
)
_NUMBERS: tuple[Kind, ...] = ("int", "double", "decimal")
_ORDERED: tuple[Kind, ...] = ("bool", "string", "bytes", "timestamp", "duration", "date")
_ARITHMETIC: dict[str, dict[tuple[Kind, Kind], Kind]] = {
    "+": {
        ("int", "int"): "int", ("double", "double"): "double", ("string", "string"): "string",
        ("bytes", "bytes"): "bytes", ("list", "list"): "list",
        ("timestamp", "duration"): "timestamp", ("duration", "timestamp"): "timestamp",
        ("duration", "duration"): "duration",
    },
    "-": {
        ("int", "int"): "int", ("double", "double"): "double",
        ("timestamp", "timestamp"): "duration", ("timestamp", "duration"): "timestamp",
        ("duration", "duration"): "duration",
    },
    "*": {("int", "int"): "int", ("double", "double"): "double"},
    "/": {("int", "int"): "int", ("double", "double"): "double"},
    "%": {("int", "int"): "int"},
}  # fmt: skip


@dataclass(slots=True)
class Checker:
    """Finds the type of every node.

    Attributes:
        names: The variables and their shapes.
        shapes: The type found for each node, by identity.
        reads: Paths of the message's fields that are read, and whether `has` guards them.
    """

    names: Mapping[str, Shape]
    shapes: dict[int, Shape] = field(default_factory=dict)
    reads: dict[str, bool] = field(default_factory=dict)

    def check(self, node: Node, guards: frozenset[str] = frozenset()) -> Shape:
        """Return the node's type.

        Args:
            node: What to check, with all below it.
            guards: Paths that are there for sure where this node has a say.

        Raises:
            CelError: It can never have a value.
        """
        if isinstance(node, Name) and node.name == "message":
            self._reads_everything()
        elif (path := chain(node)) is not None:
            there = any(guard == path or guard.startswith(f"{path}.") for guard in guards)
            self.reads[path] = self.reads.get(path, True) and there
        shape = self._shape(node, guards)
        self.shapes[id(node)] = shape
        return shape

    def _shape(self, node: Node, guards: frozenset[str]) -> Shape:
        match node:
            case Literal():
                return _LITERALS[kind_of(node.value)]
            case Name():
                return self._name(node)
            case Select() | Has():
                found = self._selected(node, guards)
                return BOOL if isinstance(node, Has) else found
            case Unary() | Binary() | Ternary():
                return self._operation(node, guards)
            case Call():
                return self._call(node, guards)
            case Macro():
                return self._macro(node, guards)
            case _:
                return self._container(node, guards)

    def _name(self, node: Name) -> Shape:
        if node.name in self.names:
            return self.names[node.name]
        raise CelError(_unknown("name", node.name, self.names), node.column)

    def _reads_everything(self) -> None:
        """Note that the message as a whole is read: every field of it may end in the value."""
        for name in self.names["message"].fields:
            self.reads.setdefault(joined("", name), True)

    def _parent(self, node: Select | Has | Index, guards: frozenset[str]) -> Shape:
        """Return the type of what a field is selected from."""
        parent = node.target
        is_message = isinstance(parent, Name) and parent.name == "message"
        # the parents of a chain are no reads of their own: the whole chain is one
        if is_message or (chain(parent) is not None and chain(node) is not None):
            self.shapes[id(parent)] = shape = self._shape(parent, guards)
            return shape
        return self.check(parent, guards)

    def _selected(self, node: Select | Has, guards: frozenset[str]) -> Shape:
        target = self._parent(node, guards)
        if target.kind == "any":
            return ANY
        if target.kind == "map" and target.items is not None:
            return target.items
        if target.kind == "object":
            if node.field in target.fields:
                return target.fields[node.field]
            raise CelError(_unknown("field", node.field, target.fields), node.column)
        raise CelError(f"a {target.kind} has no field `{node.field}`", node.column)

    def _operation(self, node: Unary | Binary | Ternary, guards: frozenset[str]) -> Shape:
        if isinstance(node, Ternary):
            self._bool(node.condition, guards)
            left = self.check(node.left, guards | guarding(node.condition))
            right = self.check(node.right, guards | missing_guarding(node.condition))
            return left if left.kind == right.kind else ANY
        if isinstance(node, Unary):
            if node.operator == "!":
                return self._bool(node.operand, guards)
            operand = self.check(node.operand, guards)
            if operand.kind not in ("any", "int", "double", "duration"):
                raise CelError(f"a {operand.kind} has no negative", node.column)
            return operand
        if node.operator in ("&&", "||"):
            known = guarding if node.operator == "&&" else missing_guarding
            # absorption makes the right side guard the left one too
            self._bool(node.left, guards | known(node.right))
            return self._bool(node.right, guards | known(node.left))
        left, right = self.check(node.left, guards), self.check(node.right, guards)
        return _binary(node, left, right)

    def _bool(self, node: Node, guards: frozenset[str]) -> Shape:
        shape = self.check(node, guards)
        if shape.kind not in ("bool", "any"):
            raise CelError(f"a {shape.kind} is no bool: compare it with something", node.column)
        return BOOL

    def _call(self, node: Call, guards: frozenset[str]) -> Shape:
        given = [*([node.target] if node.target is not None else []), *node.arguments]
        shapes = [self.check(one, guards) for one in given]
        if node.function == "header" and node.target is None:
            if len(shapes) != 1 or shapes[0].kind not in ("string", "any"):
                raise CelError('write header("name")', node.column)
            return STRING
        function = FUNCTIONS.get(node.function)
        if function is None:
            known = [*FUNCTIONS, "has", "header", "all", "exists", "exists_one", "filter", "map"]
            raise CelError(_unknown("function", node.function, known), node.column)
        is_method = node.target is not None
        if len(shapes) != len(function.takes) or (
            is_method != function.method and not function.both
        ):
            form = f"x.{node.function}(…)" if function.method else f"{node.function}(…)"
            raise CelError(f"`{node.function}` is called {form}", node.column)
        for shape, kinds in zip(shapes, function.takes, strict=True):
            if shape.kind not in (*kinds, "any"):
                wanted = " or ".join(kinds)
                raise CelError(f"`{node.function}` takes {wanted}, not {shape.kind}", node.column)
        pattern = given[-1]
        if node.function == "matches" and isinstance(pattern, Literal):
            try:
                text_pattern(str(pattern.value))
            except ConfigError as error:
                raise CelError(str(error), pattern.column) from None
        return Shape(function.gives)

    def _macro(self, node: Macro, guards: frozenset[str]) -> Shape:
        target = self.check(node.target, guards)
        if target.kind not in ("any", "list", "map", "object"):
            raise CelError(f"a {target.kind} has no elements", node.column)
        element = STRING if target.kind in ("map", "object") else target.items or ANY
        inner = Checker({**self.names, node.variable: element}, self.shapes, self.reads)
        found = [inner.check(body, guards) for body in node.bodies]
        predicates = found[:-1] if node.macro == "map" else found
        for body, shape in zip(node.bodies, predicates, strict=False):
            if shape.kind not in ("bool", "any"):
                raise CelError(f"a {shape.kind} is no bool: compare it", body.column)
        if node.macro == "map":
            return Shape("list", items=found[-1])
        return Shape("list", items=element) if node.macro == "filter" else BOOL

    def _indexed(self, node: Index, guards: frozenset[str]) -> Shape:
        is_named = isinstance(node.index, Literal) and isinstance(node.index.value, str)
        position = self.check(node.index, guards)
        # else which field it is turns out with the record
        target = self._parent(node, guards) if is_named else self.check(node.target, guards)
        if target.kind not in ("any", "list", "map", "object"):
            raise CelError(f"a {target.kind} has no elements", node.column)
        if target.kind == "list" and position.kind not in ("int", "any", "double"):
            raise CelError(f"a list has no position of type {position.kind}", node.column)
        if target.kind == "object" and isinstance(node.index, Literal):
            name = str(node.index.value)
            if name not in target.fields:
                raise CelError(_unknown("field", name, target.fields), node.column)
            return target.fields[name]
        return target.items or ANY

    def _container(self, node: Node, guards: frozenset[str]) -> Shape:
        match node:
            case Index():
                return self._indexed(node, guards)
            case ListOf(items=items):
                found = [self.check(one, guards) for one in items]
                alike = {shape.kind for shape in found}
                return Shape("list", items=found[0] if len(alike) == 1 else ANY)
            case MapOf(entries=entries):
                for key, _ in entries:
                    self.check(key, guards)
                values = [self.check(value, guards) for _, value in entries]
                alike = {shape.kind for shape in values}
                return Shape("map", items=values[0] if len(alike) == 1 else ANY)
            case _:
                raise CelError("this cannot stand here", node.column)


def _binary(node: Binary, left: Shape, right: Shape) -> Shape:
    kinds = (left.kind, right.kind)
    if node.operator == "in":
        if right.kind not in ("list", "map", "object", "any"):
            raise CelError(f"nothing is in a {right.kind}", node.column)
        if right.kind == "list" and right.items and not _comparable(left.kind, right.items.kind):
            raise CelError(f"a {left.kind} is never in a list of {right.items.kind}", node.column)
        return BOOL
    if node.operator in ("==", "!="):
        if not _comparable(*kinds):
            raise CelError(f"a {left.kind} and a {right.kind} are never equal", node.column)
        return BOOL
    if node.operator in ("<", "<=", ">", ">="):
        if "any" not in kinds and not (
            all(kind in _NUMBERS for kind in kinds)
            or (kinds[0] == kinds[1] and kinds[0] in _ORDERED)
        ):
            raise CelError(f"a {left.kind} and a {right.kind} have no order", node.column)
        return BOOL
    if "any" in kinds:
        return ANY
    found = _ARITHMETIC[node.operator].get(kinds)
    if found is None:
        advice = ": convert one with double(…)" if set(kinds) == {"int", "double"} else ""
        message = f"`{node.operator}` does not take a {left.kind} and a {right.kind}{advice}"
        raise CelError(message, node.column)
    return left if found == "list" else Shape(found)


def _comparable(left: Kind, right: Kind) -> bool:
    if "any" in (left, right) or "null" in (left, right) or left == right:
        return True
    if {left, right} <= {"map", "object"}:
        return True
    return left in _NUMBERS and right in _NUMBERS


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    listed = sorted(known)
    near = difflib.get_close_matches(name, listed, n=1)
    advice = f"; did you mean `{near[0]}`?" if near else ""
    return f"no {what} `{name}`; known: {', '.join(listed) or 'none'}{advice}"
