"""CEL text to a function of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pipelines.condition.check import META, Checker
from pipelines.condition.error import FLAG, LIMIT, CelError, CelFailure, CostExceeded, with_article
from pipelines.condition.generate import Generator
from pipelines.condition.given import NOTHING, Given, tables_read
from pipelines.condition.limits import fill
from pipelines.condition.namespace import NAMESPACE
from pipelines.condition.parse import parse
from pipelines.condition.plain import makes_more_than_plain, plain
from pipelines.condition.shared import Shared
from pipelines.condition.tree import Node
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY, STRING, Shape

_CODE = "condition_error"
_HEAD = "r):\n    v = r.value"
_SOURCES = {"message": "v", "key": "r.key", "headers": "header_map(r)", "meta": "meta(r)"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of an expression before any record.

    Attributes:
        text: The expression.
        shape: Its type.
        reads: Paths of the message's fields that it reads, each with whether `has` (or a way
            around it) guards the read.
        tables: Names of the tables that it looks up.
    """

    text: str
    shape: Shape
    reads: tuple[tuple[str, bool], ...]
    tables: tuple[str, ...] = ()


def check(text: str, message: Shape, *, key: Shape = ANY, given: Given = NOTHING) -> Checked:
    """Return what is known of an expression over records of this shape.

    Raises:
        CelError: It is no expression, or can never have a value.
    """
    checker = _checker(message, key, given)
    node = parse(text)
    shape = checker.check(node)
    return Checked(text, _outside(shape), tuple(checker.reads.items()), tables_read(node))


def compile_expression(
    text: str, where: str, message: Shape, *, key: Shape = ANY, given: Given = NOTHING
) -> Callable[[Record], Any]:
    """Return a function from a record to the expression's value.

    Args:
        text: CEL text over `message`, `key`, `headers`, `meta` and `header("name")`.
        where: The step's id, for errors.
        message: The value's shape.
        key: The key's shape.
        given: What `table()`, `entity()` and `now()` ask.

    Raises:
        CelError: It is no expression, or can never have a value. The function itself raises
            RecordError (`condition_error`) where it has no value for a record.
    """
    node = parse(text)
    checker = _checker(message, key, given)
    checker.check(node)
    return _function(node, checker, where, as_flag=False)


def compile_condition(
    text: str, where: str, message: Shape, *, key: Shape = ANY, given: Given = NOTHING
) -> Callable[[Record], bool]:
    """Return a function from a record to True or False; as `compile_expression`.

    Raises:
        CelError: As there, or its value is no bool.
    """
    node = parse(text)
    checker = _checker(message, key, given)
    shape = checker.check(node)
    if shape.kind not in ("bool", "any"):
        raise CelError(
            f"a condition is true or false; this is {with_article(shape.kind)}", node.column, FLAG
        )
    return _function(node, checker, where, as_flag=True)


def tables_named(text: str) -> tuple[str, ...]:
    """Return the names of the tables that an expression looks up; none of what is no expression."""
    try:
        return tables_read(parse(text))
    except CelError:
        return ()


def python_function(
    source: str, head: str, constants: dict[str, Any]
) -> tuple[Callable[..., Any], str]:
    """Return the function that returns `source`, and its whole text.

    Args:
        source: A Python expression.
        head: The function's parameters, and what stands before `source`.
        constants: What the source refers to by name.

    Raises:
        CelError: It is too large for Python.
    """
    text = f"def run({head}\n    return {source}\n"
    try:
        code = compile(text, "<condition>", "exec")
    except (RecursionError, MemoryError, SyntaxError):
        raise CelError("too large to be compiled: split it over several steps", 1, LIMIT) from None
    exec(code, constants)  # noqa: S102 - written by the generator from a checked tree
    function: Callable[..., Any] = constants.pop("run")
    return function, text


def _checker(message: Shape, key: Shape, given: Given) -> Checker:
    headers = Shape("map", items=STRING)
    names = {"message": message, "key": key, "headers": headers, "meta": META}
    return Checker(names, given=given)


def _outside(shape: Shape) -> Shape:
    """Return the shape as those know it who have no types but a record's."""
    if shape.kind == "uint":
        return replace(shape, kind="int")
    if shape.kind in ("type", "optional"):
        return ANY
    if shape.items is not None:
        return replace(shape, items=_outside(shape.items))
    return shape


def _function(node: Node, checker: Checker, where: str, *, as_flag: bool) -> Callable[..., Any]:
    shared = Shared(_SOURCES, checker.dotted, checker.given, dict(NAMESPACE))
    forms = []
    for quick in (True, False):
        generator = Generator(shared, quick)
        source = generator.flag(node) if as_flag else generator.source(node)
        forms.append(python_function(source, _HEAD, shared.constants)[0])
    quickly, exactly = forms
    is_plain = as_flag or not makes_more_than_plain(node)
    spends = shared.spends

    def run_exactly(record: Record) -> Any:
        try:
            fill()
            found = exactly(record)
            return found if is_plain else plain(found)
        except (CelFailure, CostExceeded) as failure:
            raise RecordError(_CODE, where, str(failure)) from None
        except Exception as error:  # noqa: BLE001 - its text may quote a value
            raise RecordError.of(error, _CODE, where) from None

    def run(record: Record) -> Any:
        try:
            return quickly(record)
        except Exception:  # noqa: BLE001, S110 - whatever it was, the exact form knows
            pass
        return run_exactly(record)

    def run_counted(record: Record) -> Any:
        try:
            fill()
            found = quickly(record)
            return found if is_plain else plain(found)
        except Exception:  # noqa: BLE001, S110 - whatever it was, the exact form knows
            pass
        return run_exactly(record)

    return run if is_plain and not spends else run_counted
