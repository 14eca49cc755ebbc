"""The Python names that generated source may use, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

from pipelines.condition import arithmetic, exact, macros, optionals, texts
from pipelines.condition.error import CelFailure
from pipelines.record import Record


def _retry() -> NoReturn:
    raise CelFailure("the quick form does not fit")


def _unknown_name(name: str) -> NoReturn:
    raise CelFailure(f"undeclared reference to `{name}`")


def _unfit_call(name: str, *arguments: Callable[[], Any]) -> NoReturn:
    for argument in arguments:
        argument()
    raise CelFailure(f"no such overload of `{name}`")


def _meta(record: Record) -> dict[str, object]:
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": datetime.fromtimestamp(record.timestamp / 1000, UTC),
    }


NAMESPACE: dict[str, Any] = {
    "__builtins__": {},
    "NUMBERS": exact.NUMBERS,
    "dict": dict,
    "str": str,
    "bool": bool,
    "any": any,
    "all": all,
    "sum": sum,
    "retry": _retry,
    "unknown_name": _unknown_name,
    "unfit_call": _unfit_call,
    "search": texts.search,
    "meta": _meta,
    **{
        name: getattr(exact, name)
        for name in (
            "flag", "select", "select_optional", "has", "index", "index_optional", "equal",
            "unequal", "less", "greater", "at_most", "at_least", "contained", "both", "either",
        )
    },
    **{
        name: getattr(arithmetic, name)
        for name in ("minus", "add", "subtract", "multiply", "divide", "modulo")
    },
    **{
        name: getattr(macros, name)
        for name in (
            "elements", "pairs", "exists", "holds_for_all", "exists_one", "filtered",
            "mapped", "mapped_values", "mapped_entries", "bound", "Spread", "list_of", "map_of",
            "header", "header_map", "header_of",
        )
    },
    "changed": optionals.changed,
    "changed_flat": optionals.changed_flat,
}  # fmt: skip
