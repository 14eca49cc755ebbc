"""Our expressions against Google's implementation, over generated ones.

2,000 of them in each run; `CLEARWATER_TEST_EXPRESSIONS=100000` tries more.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_math, ext_optional, ext_strings

from pipelines.condition import CelError, compile_expression
from pipelines.condition.error import CelFailure
from pipelines.condition.evaluate import prepare
from pipelines.condition.values import CelType, FlagKey
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.reference.conditions import DIFFERENCES
from pipelines.shape import ANY
from tests.condition.expressions import MESSAGE, Expressions

_HOW_MANY = int(os.environ.get("CLEARWATER_TEST_EXPRESSIONS", "2000"))
_PARTS = 8
_ERROR = "error"
_REFUSED = "refused"
_ENV = cel.NewEnv(
    variables={"message": cel.Type.DYN},
    extensions=[
        ext_bindings.ExtBindings(), ext_math.ExtMath(), ext_optional.ExtOptional(),
        ext_strings.ExtStrings(),
    ],
)  # fmt: skip
_FRACTION = re.compile(r"(:\d\d\.\d*?|\d\.\d*?)0+([Zs])")


def ours(text: str) -> object:
    try:
        return plain(prepare(text, {"message": 0}).run({"message": MESSAGE}))
    except (CelError, CelFailure):
        return _ERROR


def of_a_record(text: str) -> object:
    try:
        return plain(compile_expression(text, "test", ANY)(Record(MESSAGE)))
    except RecordError:
        return _ERROR
    except CelError:  # the types are checked there
        return _REFUSED


def theirs(text: str) -> tuple[object, str]:
    """Return what the reference gives, and what it says where that is an error."""
    # it gives back more references to None than it took, which would end Python 3.11
    for _ in range(50):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))
    try:
        compiled = _ENV.compile(text)
    except Exception as error:  # noqa: BLE001 - whatever it says
        return _REFUSED, str(error)
    try:
        found = compiled.eval(data={"message": MESSAGE})
        if found.type() == cel.Type.ERROR:
            return _ERROR, str(found)
        if found.type() == cel.Type.TYPE:
            return "type", ""
        return plain(found.plain_value()), ""
    except TypeError:  # it has no Python value for a type or an optional one in a list
        return _REFUSED, ""
    except Exception as error:  # noqa: BLE001 - the same
        return _ERROR, str(error)


def plain(value: Any) -> object:  # noqa: C901, PLR0911 - one case per type
    """Return a value that compares as CEL's values do: True is not 1, and NaN is itself."""
    match value:
        case list() | tuple():
            return ("list", [plain(one) for one in value])
        case dict():
            pairs = ((plain(key), plain(one)) for key, one in value.items())
            return ("map", sorted(pairs, key=repr))
        case bool():
            return ("bool", value)
        case FlagKey():
            return ("bool", value.value)
        case int() | float():
            return ("number", "nan" if value != value else value + 0)  # noqa: PLR0124 - NaN is not
        case bytes() | bytearray():
            return ("bytes", bytes(value))
        case datetime():
            return ("timestamp", value.astimezone(UTC).replace(tzinfo=None))
        case timedelta():
            return ("duration", value // timedelta(microseconds=1))
        case CelType():
            return "type"
        case str():
            return ("string", value.replace("-nan", "nan"))
        case _:
            return (type(value).__name__, value)


_SEEN: dict[str, Callable[[str, str], bool]] = {
    "substring up to the end": lambda _, said: "<end> is greater than <string>" in said,
    "keys that no map has": lambda _, said: said.endswith("No matching overloads found : @in"),
    "digits of a second": lambda text, _: bool(
        re.search(r"string\(|%s", text) and re.search(r"\.\d+[Zs-]|ms'", text)
    ),
    "order of maps": lambda text, _: bool(re.search(r"(\.m|\{).*\)\.(map|filter)\(x", text)),
    "%d of a double": lambda text, _: "%d" in text,
    "%s of bytes": lambda text, _: "%s" in text and ("b'" in text or "message.b" in text),
    "times that RFC 3339 does not allow": lambda text, _: bool(
        re.search(
            r"(string\(|%s).*'0001|'0001.*substring|timestamp\(.*(substring\(1|' | '|n')", text
        )
    ),
    "failures that are not absorbed": lambda _, said: said.startswith(
        ("ALREADY_EXISTS", "INVALID_ARGUMENT: expected")
    ),
    "%s of a double": lambda text, _: bool(re.search(r"%s.*(\d\.\d|\de|\.d\b)", text)),
    "the negative of a duration": lambda _, said: said.endswith(": -_(duration)"),
    "an optional element by a double": lambda _, said: said.endswith(": _[?_](list, double)"),
    "a macro below an optional index": lambda text, _: bool(
        re.search(r"(exists|exists_one|all|map|filter)\(.*\[\?.*optMap", text)
    ),
    "the sign of NaN": lambda text, _: "string(" in text and "0.0" in text,
}


def is_known(text: str, found: object, expected: object, said: str) -> bool:
    """Return True for one of the differences that the reference page lists."""
    if found != expected and _FRACTION.sub(r"\1\2", repr(found)) == _FRACTION.sub(
        r"\1\2", repr(expected)
    ):
        return True
    return any(seen(text, said) for seen in _SEEN.values())


def test_every_difference_is_on_the_page() -> None:
    assert set(_SEEN) == set(DIFFERENCES)


@pytest.mark.parametrize("part", range(_PARTS))
def test_every_expression_has_the_value_that_the_reference_gives(part: int) -> None:
    expressions = Expressions(seed=part)
    compared = 0
    for _ in range(_HOW_MANY // _PARTS):
        text = expressions.one()
        expected, said = theirs(text)
        if expected == _REFUSED:
            continue
        compared += 1
        found = ours(text)
        assert found == expected or is_known(text, found, expected, said), text
        assert of_a_record(text) in (found, _REFUSED, _ERROR if "type" in repr(found) else found)
    assert compared > _HOW_MANY // _PARTS // 2
