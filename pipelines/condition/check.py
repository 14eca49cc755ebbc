"""The static types of an expression: what can never work is found before any record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.condition.advice import no_name
from pipelines.condition.calls import called
from pipelines.condition.error import FIELD, TYPE, CelError, no_flag, with_article
from pipelines.condition.given import NOTHING, Given
from pipelines.condition.operators import (
    ARITHMETIC,
    ITERABLE,
    arithmetic_advice,
    common,
    relation_problem,
)
from pipelines.condition.reads import chain, dotted_name, guarding, loose, missing_guarding
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
from pipelines.condition.values import TYPES, kind_of
from pipelines.errors import Problem, unknown
from pipelines.shape import ANY, STRING, Shape, joined

BOOL, INT, OPTIONAL = Shape("bool"), Shape("int"), Shape("optional")
_LITERALS: dict[str, Shape] = {
    "bool": BOOL, "int": INT, "uint": Shape("uint"), "double": Shape("double"), "string": STRING,
    "bytes": Shape("bytes"), "null": Shape("null", nullable=True),
}  # fmt: skip
META = Shape(
    "object",
    fields={"topic": STRING, "partition": INT, "offset": INT, "timestamp": Shape("timestamp")},
)


@dataclass(slots=True)
class Checker:
    """Finds the type of every node.

    Attributes:
        names: The variables and their shapes; a name may have dots.
        strict: Refuse what can never work. Else its type is unknown and it fails when it runs.
        given: What is handed in from outside.
        shapes: The type found for each node, by identity.
        reads: Paths of the message's fields that are read, and whether `has` guards them.
        dotted: The name that a node stands for as a whole, by identity: `a.b`, or a type.
        local: The variables of macros around.
    """

    names: Mapping[str, Shape]
    strict: bool = True
    given: Given = NOTHING
    shapes: dict[int, Shape] = field(default_factory=dict)
    reads: dict[str, bool] = field(default_factory=dict)
    dotted: dict[int, str] = field(default_factory=dict)
    local: frozenset[str] = frozenset()

    def check(self, node: Node, guards: frozenset[str] = frozenset()) -> Shape:
        """Return the node's type.

        Args:
            node: What to check, with all below it.
            guards: Paths that are there for sure where this node has a say.

        Raises:
            CelError: It can never have a value.
        """
        if isinstance(node, Name) and node.name == "message" and "message" not in self.local:
            self._reads_everything()
        elif (path := chain(node)) is not None:
            there = loose(node) or any(
                guard == path or guard.startswith(f"{path}.") for guard in guards
            )
            self.reads[path] = self.reads.get(path, True) and there
        shape = self._shape(node, guards)
        self.shapes[id(node)] = shape
        return shape

    def _refuse(self, problem: Problem | str, column: int) -> Shape:
        if self.strict:
            raise CelError(problem, column, TYPE)
        return ANY

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
            case Macro() | Bind():
                return self._scope(node, guards)
            case _:
                return self._container(node, guards)

    def _name(self, node: Name) -> Shape:
        if node.name in self.names and not (node.absolute and node.name in self.local):
            return self.names[node.name]
        if node.name in TYPES:
            self.dotted[id(node)] = node.name
            return Shape("type")
        return self._refuse(no_name(node.name, self.names), node.column)

    def _whole(self, node: Select | Has) -> Shape | None:
        """Return the type of `a.b` where that is the name of a variable or type."""
        if isinstance(node, Has) or (name := dotted_name(node, self.local)) is None:
            return None
        if name in self.names or name in TYPES:
            self.dotted[id(node)] = name
            return self.names.get(name, Shape("type"))
        return None

    def _reads_everything(self) -> None:
        """Note that the message as a whole is read: every field of it may end in the value."""
        for name in self.names["message"].fields if "message" in self.names else ():
            self.reads.setdefault(joined("", name), True)

    def _parent(self, node: Select | Has | Index, guards: frozenset[str]) -> Shape:
        """Return the type of what a field is selected from."""
        parent = node.target
        is_message = isinstance(parent, Name) and parent.name == "message"
        is_loose = not isinstance(node, Has) and node.optional
        is_chain = chain(parent) is not None and chain(node) is not None
        # the parents of a chain are no reads of their own: the whole chain is one
        if is_message or (is_chain and not is_loose):
            self.shapes[id(parent)] = shape = self._shape(parent, guards)
            return shape
        return self.check(parent, guards)

    def _selected(self, node: Select | Has, guards: frozenset[str]) -> Shape:
        if (whole := self._whole(node)) is not None:
            return whole
        target = self._parent(node, guards)
        is_optional = isinstance(node, Select) and node.optional
        if target.kind == "optional":
            return OPTIONAL
        if target.kind == "any":
            return OPTIONAL if is_optional else ANY
        if target.kind == "map" and target.items is not None:
            return OPTIONAL if is_optional else target.items
        if target.kind == "object":
            if node.field in target.fields:
                return OPTIONAL if is_optional else target.fields[node.field]
            return self._refuse(unknown("no field", node.field, target.fields, FIELD), node.column)
        return self._refuse(f"{with_article(target.kind)} has no field `{node.field}`", node.column)

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
                return self._refuse(f"{with_article(operand.kind)} has no negative", node.column)
            return operand
        if node.operator in ("&&", "||"):
            known = guarding if node.operator == "&&" else missing_guarding
            # absorption makes the right side guard the left one too
            self._bool(node.left, guards | known(node.right))
            return self._bool(node.right, guards | known(node.left))
        left, right = self.check(node.left, guards), self.check(node.right, guards)
        return self._binary(node, left, right)

    def _binary(self, node: Binary, left: Shape, right: Shape) -> Shape:
        if node.operator in ARITHMETIC:
            return self._arithmetic(node, left, right)
        if problem := relation_problem(node.operator, left, right):
            self._refuse(problem, node.column)
        return BOOL

    def _arithmetic(self, node: Binary, left: Shape, right: Shape) -> Shape:
        if "any" in (left.kind, right.kind):
            return ANY
        found = ARITHMETIC[node.operator].get((left.kind, right.kind))
        if found is None:
            why = arithmetic_advice(node.operator, left.kind, right.kind)
            return self._refuse(why, node.column)
        if found == "list":
            is_same = left.items is not None and left.items == right.items
            return left if is_same else Shape("list")
        return Shape(found)

    def _bool(self, node: Node, guards: frozenset[str]) -> Shape:
        shape = self.check(node, guards)
        if shape.kind not in ("bool", "any"):
            self._refuse(no_flag(shape.kind), node.column)
        return BOOL

    def _call(self, node: Call, guards: frozenset[str]) -> Shape:
        arguments = [*([] if node.target is None else [node.target]), *node.arguments]
        shapes = [self.check(one, guards) for one in arguments]
        try:
            return called(node, arguments, shapes, self.given)
        except CelError:
            if self.strict:
                raise
            return ANY

    def _scope(self, node: Macro | Bind, guards: frozenset[str]) -> Shape:
        """Check what has variables of its own."""
        if isinstance(node, Bind):
            value = self.check(node.value, guards)
            return self._inside({node.variable: value}).check(node.body, guards)
        target = self.check(node.target, guards)
        if node.macro in ("optMap", "optFlatMap"):
            if target.kind not in ("optional", "any"):
                self._refuse(f"{with_article(target.kind)} is no optional value", node.column)
            self._inside({node.variables[0]: ANY}).check(node.bodies[0], guards)
            return OPTIONAL
        if target.kind not in ITERABLE:
            self._refuse(f"{with_article(target.kind)} has no elements", node.column)
        is_map = target.kind in ("map", "object")
        items = target.items or ANY
        key = STRING if target.kind == "object" else ANY  # what a map's keys are, no shape says
        first = key if is_map else items
        kinds = [first] if len(node.variables) == 1 else [key if is_map else INT, items]
        inner = self._inside(dict(zip(node.variables, kinds, strict=True)))
        found = [inner.check(body, guards) for body in node.bodies]
        is_change = node.macro.startswith(("map", "transform"))
        for body, shape in zip(node.bodies, found[:-1] if is_change else found, strict=False):
            if shape.kind not in ("bool", "any"):
                self._refuse(no_flag(shape.kind), body.column)
        if node.macro in ("map", "transformList"):
            return Shape("list", items=found[-1])
        if node.macro == "filter":
            return Shape("list", items=first)
        return Shape("map", items=found[-1]) if is_change else BOOL

    def _inside(self, variables: Mapping[str, Shape]) -> Checker:
        return Checker(
            {**self.names, **variables},
            self.strict,
            self.given,
            self.shapes,
            self.reads,
            self.dotted,
            self.local | set(variables),
        )

    def _indexed(self, node: Index, guards: frozenset[str]) -> Shape:
        is_named = isinstance(node.index, Literal) and isinstance(node.index.value, str)
        position = self.check(node.index, guards)
        # else which field it is turns out with the record
        target = self._parent(node, guards) if is_named else self.check(node.target, guards)
        if target.kind == "optional":
            return OPTIONAL
        if target.kind not in ITERABLE:
            return self._refuse(f"{with_article(target.kind)} has no elements", node.column)
        if target.kind == "list" and position.kind not in ("int", "uint", "any", "double"):
            return self._refuse(f"a list has no position of type {position.kind}", node.column)
        found = target.items or ANY
        if target.kind == "object" and isinstance(node.index, Literal):
            name = str(node.index.value)
            if name not in target.fields:
                return self._refuse(unknown("no field", name, target.fields, FIELD), node.column)
            found = target.fields[name]
        return OPTIONAL if node.optional else found

    def _container(self, node: Node, guards: frozenset[str]) -> Shape:
        match node:
            case Index():
                return self._indexed(node, guards)
            case Spread(value=value):
                shape = self.check(value, guards)
                if shape.kind not in ("optional", "any"):
                    self._refuse(f"{with_article(shape.kind)} is no optional value", node.column)
                return ANY
            case ListOf(items=items):
                return Shape("list", items=common([self.check(one, guards) for one in items]))
            case MapOf(entries=entries):
                pairs = [(self.check(key, guards), self.check(one, guards)) for key, one in entries]
                return Shape("map", items=common([value for _, value in pairs]))
            case _:
                raise CelError("this cannot stand here", node.column)
