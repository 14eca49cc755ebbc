"""Given: what an expression is handed from outside, and the functions that ask for it.

A condition reads no clock and no file. What `table()`, `entity()` and `now()` need, whoever
compiles the expression hands in; without it they are refused before any record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pipelines.condition.error import NAME, TYPE, CelError, CelFailure
from pipelines.condition.tree import Call, Literal, Node, children
from pipelines.condition.values import a_kind
from pipelines.errors import unknown
from pipelines.shape import STRING, Shape
from pipelines.table import Table

GIVEN = ("header", "table", "entity", "now")
"""The functions whose answer is not in their arguments."""
_TIMESTAMP, _BOOL = Shape("timestamp"), Shape("bool")
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Given:
    """What is handed in.

    Attributes:
        tables: The tables, by the name that `table("name", key)` gives.
        entities: The entity types that `finds` knows, as Presidio spells them.
        finds: Given a text and an entity type, whether the text holds such an entity.
        now: The time at which the record is processed, with its time zone.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    entities: Collection[str] = ()
    finds: Callable[[str, str], bool] | None = None
    now: Callable[[], datetime] | None = None


NOTHING = Given()


def given_shape(node: Call, shapes: Sequence[Shape], given: Given) -> Shape:
    """Return the type of a call of one of GIVEN.

    Raises:
        CelError: It is written wrongly, or asks for what is not handed in.
    """
    match node.function:
        case "header":
            if len(shapes) != 1 or shapes[0].kind not in ("string", "any"):
                raise CelError('write header("name")', node.column, TYPE)
            return STRING
        case "now":
            if shapes:
                raise CelError("write now()", node.column, TYPE)
            if given.now is None:
                raise CelError("now() has no clock here", node.column, NAME)
            return _TIMESTAMP
        case "table":
            name = _literal(node, 0, 'write table("name", key)')
            if name not in given.tables:
                raise CelError(unknown("no table", name, given.tables, "CW0202"), node.column)
            return replace(given.tables[name].row, nullable=True)
        case _:
            name = _literal(node, 1, 'write entity(value, "EMAIL_ADDRESS")')
            if given.finds is None:
                raise CelError("entity() has no detectors here", node.column, NAME)
            if name not in given.entities:
                raise CelError(unknown("no entity", name, given.entities, NAME), node.column)
            if shapes[0].kind not in ("string", "any"):
                message = f"`entity` takes string, not {shapes[0].kind}"
                raise CelError(message, node.column, TYPE)
            return _BOOL


def given_function(node: Call, given: Given) -> tuple[Callable[..., Any], list[Node]]:
    """Return what a checked call of `table`, `entity` or `now` runs, and on which arguments."""
    match node.function:
        case "now":
            return given.now or _no_clock, []
        case "table":
            return given.tables[_literal(node, 0, "")].lookup, [node.arguments[1]]
        case _:
            entity, finds = _literal(node, 1, ""), given.finds

            def holds(value: Any) -> bool:
                if type(value) is not str or finds is None:
                    raise CelFailure(f"{a_kind(value)} is no string")
                return finds(value, entity)

            return holds, [node.arguments[0]]


def is_given(node: Call) -> bool:
    """Return True for a call of one of GIVEN."""
    return node.target is None and node.function in GIVEN


def tables_read(root: Node) -> tuple[str, ...]:
    """Return the names of the tables that an expression reads."""
    names: dict[str, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.function == "table" and node.target is None:
            names[_literal(node, 0, 'write table("name", key)')] = None
        waiting += children(node)
    return tuple(names)


def _no_clock() -> datetime:
    raise CelFailure("now() has no clock here")


def _literal(node: Call, place: int, form: str) -> str:
    """Return the argument that must be written as it is: it is known before any record."""
    found = node.arguments[place] if len(node.arguments) == _PAIR else None
    if isinstance(found, Literal) and isinstance(found.value, str):
        return found.value
    raise CelError(form, node.column, TYPE)
