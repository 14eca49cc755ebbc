"""`text.format(list)`: values written into a text, as the strings extension of cel-go does."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from pipelines.condition.conversions import to_string
from pipelines.condition.error import CelFailure, with_article
from pipelines.condition.limits import charge
from pipelines.condition.values import CelType, kind_of, known_key

_CLAUSE = re.compile(r"%(?:(%)|(?:\.(\d{1,3}))?(.)|$)", re.DOTALL | re.ASCII)
_DIGITS = 6
_WHOLE = ("int", "uint")
_NUMBERS = ("int", "uint", "double")


def formatted(text: Any, values: Any) -> str:
    """Return `text.format(values)`.

    Raises:
        CelFailure: A clause is none, has no value left or does not fit its value.
    """
    if type(text) is not str or type(values) is not list:
        raise CelFailure("`format` takes a string and a list")
    waiting = iter(values)

    def written(clause: re.Match[str]) -> str:
        if clause[1]:
            return "%"
        write = _CLAUSES.get(clause[3] or "")
        if write is None:
            raise CelFailure("there is no such formatting clause")
        try:
            value = next(waiting)
        except StopIteration:
            raise CelFailure("more formatting clauses than values") from None
        found = write(value, _DIGITS if clause[2] is None else int(clause[2]))
        charge(len(found))
        return found

    charge(len(text))
    return _CLAUSE.sub(written, text)


def _string(value: Any, _digits: int) -> str:
    kind = kind_of(value)
    if kind == "list":
        return f"[{', '.join(_string(one, 0) for one in value)}]"
    if kind == "map":
        entries = {_string(known_key(key), 0): _string(one, 0) for key, one in value.items()}
        return f"{{{', '.join(f'{key}: {entries[key]}' for key in sorted(entries))}}}"
    if kind == "null":
        return "null"
    if isinstance(value, CelType):
        return value.name
    if kind == "double" and not math.isfinite(value):
        return _not_finite(value)
    return to_string(value)


def _decimal(value: Any, _digits: int) -> str:
    kind = kind_of(value)
    if kind in _WHOLE:
        return str(int(value))
    if kind == "double":
        return to_string(value) if math.isfinite(value) else _not_finite(value)
    raise _unfit("d", kind)


def _fixed(value: Any, digits: int) -> str:
    return _point("f", value, digits)


def _scientific(value: Any, digits: int) -> str:
    return _point("e", value, digits)


def _point(letter: str, value: Any, digits: int) -> str:
    if kind_of(value) not in _NUMBERS:
        raise _unfit(letter, kind_of(value))
    number = float(value)
    return f"{number:.{digits}{letter}}" if math.isfinite(number) else _not_finite(number)


def _binary(value: Any, _digits: int) -> str:
    if kind_of(value) == "bool":
        return "1" if value else "0"
    return _in_base("b", value)


def _octal(value: Any, _digits: int) -> str:
    return _in_base("o", value)


def _hexadecimal(value: Any, _digits: int) -> str:
    kind = kind_of(value)
    if kind in ("string", "bytes"):
        charge(2 * len(value))
        return bytes(value.encode() if kind == "string" else value).hex()
    return _in_base("x", value)


def _upper_hexadecimal(value: Any, digits: int) -> str:
    return _hexadecimal(value, digits).upper()


def _in_base(letter: str, value: Any) -> str:
    if kind_of(value) not in _WHOLE:
        raise _unfit(letter, kind_of(value))
    return format(int(value), letter)


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _unfit(letter: str, kind: str) -> CelFailure:
    return CelFailure(f"`%{letter}` does not take {with_article(kind)}")


_CLAUSES: dict[str, Callable[[Any, int], str]] = {
    "s": _string, "d": _decimal, "f": _fixed, "e": _scientific, "b": _binary, "o": _octal,
    "x": _hexadecimal, "X": _upper_hexadecimal,
}  # fmt: skip
