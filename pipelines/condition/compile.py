"""CEL text to a function of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from pipelines.condition import exact, macros
from pipelines.condition.check import META, Checker
from pipelines.condition.error import CelError, CelFailure
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.generate import Generator
from pipelines.condition.parse import parse
from pipelines.condition.tree import Node
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY, STRING, Shape

_CODE = "condition_error"


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of an expression before any record.

    Attributes:
        text: The expression.
        shape: Its type.
        reads: Paths of the message's fields that it reads, each with whether `has` (or a way
            around it) guards the read.
    """

    text: str
    shape: Shape
    reads: tuple[tuple[str, bool], ...]


def check(text: str, message: Shape, *, key: Shape = ANY) -> Checked:
    """Return what is known of an expression over records of this shape.

    Raises:
        CelError: It is no expression, or can never have a value.
    """
    checker = _checker(message, key)
    shape = checker.check(parse(text))
    return Checked(text, shape, tuple(checker.reads.items()))


def compile_expression(
    text: str, where: str, message: Shape, *, key: Shape = ANY
) -> Callable[[Record], Any]:
    """Return a function from a record to the expression's value.

    Args:
        text: CEL text over `message`, `key`, `headers`, `meta` and `header("name")`.
        where: The step's id, for errors.
        message: The value's shape.
        key: The key's shape.

    Raises:
        CelError: It is no expression, or can never have a value. The function itself raises
            RecordError (`condition_error`) where it has no value for a record.
    """
    node = parse(text)
    checker = _checker(message, key)
    checker.check(node)
    return _function(node, checker, where, as_flag=False)


def compile_condition(
    text: str, where: str, message: Shape, *, key: Shape = ANY
) -> Callable[[Record], bool]:
    """Return a function from a record to True or False; as `compile_expression`.

    Raises:
        CelError: As there, or its value is no bool.
    """
    node = parse(text)
    checker = _checker(message, key)
    shape = checker.check(node)
    if shape.kind not in ("bool", "any"):
        raise CelError(f"a condition is true or false; this is a {shape.kind}", node.column)
    return _function(node, checker, where, as_flag=True)


def _checker(message: Shape, key: Shape) -> Checker:
    headers = Shape("map", items=STRING)
    return Checker({"message": message, "key": key, "headers": headers, "meta": META})


def _function(node: Node, checker: Checker, where: str, *, as_flag: bool) -> Callable[..., Any]:
    constants = dict(_NAMESPACE)
    quickly = _compiled(node, checker, constants, as_flag=as_flag, quick=True)
    exactly = _compiled(node, checker, constants, as_flag=as_flag, quick=False)

    def run(record: Record) -> Any:
        try:
            return quickly(record)
        except Exception:  # noqa: BLE001, S110 - whatever it was, the exact form knows
            pass
        try:
            return exactly(record)
        except CelFailure as failure:
            raise RecordError(_CODE, where, str(failure)) from None
        except Exception as error:  # noqa: BLE001 - its text may quote a value
            raise RecordError(_CODE, where, type(error).__name__) from None

    return run


def _compiled(
    node: Node, checker: Checker, constants: dict[str, Any], *, as_flag: bool, quick: bool
) -> Callable[[Record], Any]:
    generator = Generator(checker.shapes, constants, quick)
    source = generator.flag(node) if as_flag else generator.source(node)
    text = f"def run(r):\n    v = r.value\n    return {source}\n"
    try:
        code = compile(text, "<condition>", "exec")
    except (RecursionError, MemoryError, SyntaxError):
        raise CelError("too large to be compiled: split it over several steps", 1) from None
    namespace = constants
    exec(code, namespace)  # noqa: S102 - written by the generator from a checked tree
    function: Callable[[Record], Any] = namespace.pop("run")
    return function


def _retry() -> NoReturn:
    raise CelFailure("the quick form does not fit")


def _search(pattern: Any, text: Any) -> bool:
    if type(text) is not str:
        raise CelFailure(f"a {exact.kind_of(text)} is no string")
    return pattern.search(text) is not None


def _time(record: Record) -> datetime:
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)


def _meta(record: Record) -> dict[str, object]:
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": _time(record),
    }


_NAMESPACE: dict[str, Any] = {
    "__builtins__": {},
    "NUMBERS": frozenset({int, float, Decimal}),
    "dict": dict,
    "str": str,
    "bool": bool,
    "retry": _retry,
    "search": _search,
    "meta": _meta,
    **{
        name: getattr(exact, name)
        for name in (
            "flag", "select", "has", "index", "equal", "unequal", "less", "greater", "at_most",
            "at_least", "contained", "both", "either", "minus", "add", "subtract", "multiply",
            "divide", "modulo",
        )
    },
    **{
        name: getattr(macros, name)
        for name in (
            "exists", "holds_for_all", "exists_one", "filtered", "mapped", "map_of", "header",
            "header_map",
        )
    },
    **{f"cel_{name}": function.run for name, function in FUNCTIONS.items()},
}  # fmt: skip
