"""What a condition can come out as, before any record: always true, never true, or either."""

from __future__ import annotations

import typing
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from pipelines.condition.check import Checker
from pipelines.condition.error import CelError, CelFailure
from pipelines.condition.evaluate import prepared
from pipelines.condition.facts import Fact, clash, mirrored, of_family, term_of
from pipelines.condition.given import is_given
from pipelines.condition.parse import parse
from pipelines.condition.reads import chain, loose
from pipelines.condition.tree import (
    Binary,
    Call,
    Has,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Ternary,
    Unary,
    children,
)
from pipelines.condition.values import kind_of
from pipelines.shape import ANY, Shape

Clauses = tuple[frozenset[Fact], ...]
"""Ways to come out: each is facts that hold together. None of them: it never does."""

_MOST_CLAUSES = 64
_RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
_TRUE = (True,)
_ERROR = object()
_VARIES = object()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out.

    Attributes:
        outcome: `true`: it is never false; `false`: it is never true; `error`: neither.
        offset: Where the part that decides starts in the text, from 1.
        is_whole: The whole condition comes out so, not only a part of it.
        facts: What would have to hold together, and cannot; empty where that is more than one way.
        why: Of an error: why there is no value.
    """

    outcome: typing.Literal["true", "false", "error"]
    offset: int
    is_whole: bool
    facts: tuple[Fact, ...] = ()
    why: str = ""


def verdict(text: str, message: Shape) -> Verdict | None:
    """Return what is wrong with a condition that can come out only one way; None: nothing.

    A part of `&&` or `||` that can is told, too. The text is one that `check` takes.
    """
    root = parse(text)
    whole = _outcome(root, message)
    for part in _parts(root):
        outcome = _outcome(part, message)
        if outcome is not None and (whole is None or part is not root):
            decides = whole is not None and whole in (outcome, "error")
            if whole is None or decides:
                facts = _clash(part, message) if outcome == "false" else ()
                failing = _failing(part) if (whole or outcome) == "error" else None
                start, why = (_start(part), "") if failing is None else failing
                return Verdict(whole or outcome, start, decides, facts, why)
    failing = _failing(root)
    if whole is None:
        return failing and Verdict("error", failing[0], is_whole=False, why=failing[1])
    facts = _clash(root, message) if whole == "false" else ()
    why = failing[1] if failing and whole == "error" else ""
    return Verdict(whole, _start(root), is_whole=True, facts=facts, why=why)


def fields_read(text: str) -> tuple[tuple[str, bool], ...]:
    """Return the fields an expression reads, each with whether `has` guards it; whatever is wrong.

    The message as a whole is the empty path.
    """
    try:
        root = parse(text)
    except CelError:
        return ()
    checker = Checker(dict.fromkeys(("message", "key", "headers", "meta"), ANY), strict=False)
    checker.check(root)
    reads = dict(checker.reads)
    for path in _asked_for(root):
        reads.setdefault(path, True)
    if _reads_whole(root):
        reads[""] = True
    return tuple(reads.items())


def ways(text: str, *, holds: bool) -> Clauses | None:
    """Return the ways for a condition to be true (or false); None: too many to follow."""
    try:
        return _ways(parse(text), wanted=holds)
    except CelError:
        return None


def can_meet(several: Iterable[Clauses], message: Shape) -> bool:
    """Return False if no record can take one way of each."""
    met: Clauses | None = (frozenset(),)
    for ones in several:
        met = _both(met, ones)
        if met is None:
            return True
    return any(clash(way, message) is None for way in met or ())


def _asked_for(node: Node) -> Iterable[str]:
    """Yield the fields that `has` asks for."""
    if isinstance(node, Has):
        path = chain(Select(node.column, node.target, node.field))
        if path is not None:
            yield path
    for child in children(node):
        yield from _asked_for(child)


def _reads_whole(node: Node) -> bool:
    if isinstance(node, Name):
        return node.name == "message"
    if chain(node) is not None:
        return False
    if isinstance(node, Has) and isinstance(node.target, Name):
        return False
    return any(_reads_whole(child) for child in children(node))


def _parts(root: Node) -> Sequence[Node]:
    """Return the operands of the `&&` and `||` at the top, the innermost first."""
    if isinstance(root, Binary) and root.operator in ("&&", "||"):
        return (*_parts(root.left), *_parts(root.right), root)
    return (root,)


def _outcome(node: Node, message: Shape) -> typing.Literal["true", "false", "error"] | None:
    can = [
        found is None or any(clash(way, message) is None for way in found)
        for found in (_ways(node, wanted=True), _ways(node, wanted=False))
    ]
    if all(can):
        return None
    return "error" if not any(can) else "true" if can[0] else "false"


def _failing(node: Node) -> tuple[int, str] | None:
    """Return the innermost part that has no value whatever comes: where it starts, and why."""
    value = _constant(node)
    if value is not _VARIES and value is not _ERROR:
        return None
    for child in children(node):
        found = _failing(child)
        if found is not None:
            return found
    if value is _ERROR:
        try:
            prepared(node, {}).run({})
        except CelFailure as error:
            return _start(node), str(error)
    match node:
        case Binary(operator="/" | "%", right=Literal(value=0) as right) if (
            kind_of(right.value) != "double"
        ):
            return _start(node), "division by zero"
        case _:
            return None


def _clash(node: Node, message: Shape) -> tuple[Fact, ...]:
    found = _ways(node, wanted=True)
    return (clash(found[0], message) or ()) if found is not None and len(found) == 1 else ()


def _ways(node: Node, *, wanted: bool) -> Clauses | None:
    value = _constant(node)
    if value is not _VARIES:
        return (frozenset(),) if value is wanted else ()
    match node:
        case Unary(operator="!", operand=operand):
            return _ways(operand, wanted=not wanted)
        case Binary(operator="&&" | "||" as sign, left=left, right=right):
            join = _both if (sign == "&&") is wanted else _either
            return join(_ways(left, wanted=wanted), _ways(right, wanted=wanted))
        case Ternary(condition=condition, left=left, right=right):
            return _either(
                _both(_ways(condition, wanted=True), _ways(left, wanted=wanted)),
                _both(_ways(condition, wanted=False), _ways(right, wanted=wanted)),
            )
        case _:
            pass
    fact = _fact(node)
    return (frozenset([fact if wanted else fact.negated(), *_there(node)]),)


def _fact(node: Node) -> Fact:
    """Return what holds where the node is true."""
    match node:
        case Has(target=target, field=field):
            path = chain(Select(node.column, target, field))
            if path is not None:
                return Fact(path, "has", is_field=True)
        case Binary(operator=sign, left=left, right=right):
            on_left, on_right = _constant(left), _constant(right)
            if sign in _RELATIONS and _is_plain(on_right):
                return _about(left, sign, on_right)
            if sign in _RELATIONS and _is_plain(on_left):
                return _about(right, mirrored(sign), on_left)
            if sign == "in" and isinstance(on_right, list) and all(map(_is_plain, on_right)):
                return _about(left, "in", *on_right)
        case _:
            pass
    return _about(node, "==", *_TRUE)


def _about(node: Node, relation: str, *values: object) -> Fact:
    path = chain(node)
    listed = tuple(of_family(value) for value in values)
    return Fact(path or term_of(node), relation, listed, path is not None)


def _is_plain(value: Any) -> bool:
    """Return True for a value that is known and no container."""
    return value not in (_VARIES, _ERROR) and isinstance(value, Hashable)


def _there(node: Node) -> Iterable[Fact]:
    """Yield the fields without which the node has no value."""
    if isinstance(node, Has):
        parent = chain(node.target)
        if parent is not None:
            yield Fact(parent, "has", is_field=True)
        return
    path = chain(node)
    if path is not None:
        if not loose(node):
            yield Fact(path, "has", is_field=True)
        return
    if isinstance(node, Macro | Ternary) or (
        isinstance(node, Binary) and node.operator in ("&&", "||")
    ):
        return  # what is in them may not be needed
    for child in children(node):
        yield from _there(child)


def _both(one: Clauses | None, other: Clauses | None) -> Clauses | None:
    if one == () or other == ():
        return ()
    if one is None or other is None or len(one) * len(other) > _MOST_CLAUSES:
        return None
    return tuple(left | right for left, right in product(one, other))


def _either(one: Clauses | None, other: Clauses | None) -> Clauses | None:
    if one is None or other is None or len(one) + len(other) > _MOST_CLAUSES:
        return None
    return one + other


def _constant(node: Node) -> Any:
    """Return the value of what reads nothing, _ERROR where it has none, else _VARIES."""
    if isinstance(node, Literal):
        return node.value
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name | Macro) or (isinstance(one, Call) and is_given(one)):
            return _VARIES
        waiting += children(one)
    try:
        return prepared(node, {}).run({})
    except CelFailure:
        return _ERROR
    except CelError:
        return _VARIES


def _start(node: Node) -> int:
    """Return where the text of a node starts."""
    return min([node.column, *map(_start, children(node))])
