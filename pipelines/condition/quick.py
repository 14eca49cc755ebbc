"""The quick form of comparisons and macros: Python's own, with the type checks that they need.

Whatever fails in it is run again in the exact form. So it may be wrong in no way but by failing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pipelines.condition.shared import Shared
from pipelines.condition.tree import Binary, ListOf, Literal, Macro, Node

EXACT = 2**53
"""Up to here, doubles and integers compare exactly."""
_COMPARISONS = ("<", "<=", ">", ">=")
_MACROS = {
    "exists": "any({body} for {names} in {over})",
    "all": "all({body} for {names} in {over})",
    "exists_one": "(sum({body} for {names} in {over}) == 1)",
    "filter": "[{names} for {names} in {over} if {body}]",
    "map": "[{body} for {names} in {over}{condition}]",
    "transformList": "[{body} for {names} in {over}{condition}]",
}


class Writer(Protocol):
    """What writes the parts."""

    @property
    def shared(self) -> Shared:
        """The names of the whole expression."""

    def source(self, node: Node) -> str:
        """Return Python source for the node."""

    def flag(self, node: Node) -> str:
        """Return source that gives a bool or fails."""

    def inside(self, variables: Mapping[str, str], *, quick: bool) -> Writer:
        """Return what writes inside of a macro with these variables."""


def quick_binary(write: Writer, node: Binary) -> str | None:
    """Return the quick form of a comparison with a constant; None: there is none."""
    if node.operator in ("==", "!="):
        if isinstance(node.right, Literal):
            return _equal_to(write, node.left, node.right.value, node.operator)
        if isinstance(node.left, Literal):
            return _equal_to(write, node.right, node.left.value, node.operator)
    if node.operator == "in" and isinstance(node.right, ListOf):
        items = [one.value for one in node.right.items if isinstance(one, Literal)]
        if len(items) == len(node.right.items) and all(type(one) is str for one in items):
            return f"({write.source(node.left)} in {tuple(items)!r})"
    if node.operator in _COMPARISONS:
        return _ordered(write, node)
    return None


def quick_macro(write: Writer, node: Macro) -> str | None:
    """Return a macro over a list or map as Python's own comprehension; None: there is none."""
    form = _MACROS.get(node.macro)
    over = write.source(node.target)
    if form is None or ":=" in over:  # which Python does not allow there
        return None
    names = [write.shared.temporary() for _ in node.variables]
    inner = write.inside(dict(zip(node.variables, names, strict=True)), quick=True)
    is_change = node.macro in ("map", "transformList")
    last = node.bodies[-1]
    return form.format(
        body=inner.source(last) if is_change else inner.flag(last),
        names=", ".join(names),
        over=f"{'elements' if len(names) == 1 else 'pairs'}({over})",
        condition=f" if {inner.flag(node.bodies[0])}" if len(node.bodies) > 1 else "",
    )


def _equal_to(write: Writer, node: Node, value: object, operator: str) -> str | None:
    if isinstance(node, Literal):
        return None  # Python warns of what it knows to be false
    is_equal = operator == "=="
    if value is None or isinstance(value, bool):
        return f"({write.source(node)} is {'' if is_equal else 'not '}{value!r})"
    if isinstance(value, str | bytes):
        return f"({write.source(node)} {operator} {value!r})"
    if not -EXACT <= value <= EXACT:  # type: ignore[operator] # a number
        return None
    t = write.shared.temporary()  # True is 1 to Python
    written = write.shared.literal(value)
    found = f"(({t} := {write.source(node)}) == {written} and {t}.__class__ is not bool)"
    return found if is_equal else f"(not {found})"


def _ordered(write: Writer, node: Binary) -> str | None:
    for literal, other in ((node.right, node.left), (node.left, node.right)):
        value = literal.value if isinstance(literal, Literal) else None
        is_number = type(value) in (int, float) and -EXACT <= value <= EXACT  # type: ignore[operator] # a number
        if not (is_number or type(value) is str):
            continue
        t = write.shared.temporary()
        fits = f"({t} := {write.source(other)}).__class__"
        fits += " is str" if type(value) is str else " in NUMBERS"
        written = write.shared.literal(value)
        sides = (t, written) if other is node.left else (written, t)
        return f"({sides[0]} {node.operator} {sides[1]} if {fits} else retry())"
    return None
