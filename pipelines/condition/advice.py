"""What to write in CEL where an author wrote what other languages have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipelines.condition.error import NAME, SYNTAX, CelError
from pipelines.errors import Problem, unknown

_LOOK = "look at what stands before it, and at brackets and quotes"
_TERNARY = "a choice is written `condition ? one : other`"
_SIGNS = {
    "=": "equality is `==`", "and": "write `&&`", "or": "write `||`", "&": "write `&&`",
    "|": "write `||`", "not": "`not` is written `!`", "#": "a comment starts with `//`",
    "{": "messages of protobuf are not known here", "is": "write `==` or `!=`",
    "like": "write `.contains('…')`, `.startsWith('…')` or `.matches('…')`",
    "then": _TERNARY, "else": _TERNARY, "between": "write `a <= x && x <= b`",
}  # fmt: skip
_BEFORE = {"if": _TERNARY, "not": "`not` is written `!`", "case": _TERNARY}
_AROUND = {"=~": "write `.matches('…')`", "<>": "inequality is `!=`", "===": "equality is `==`",
           "!==": "inequality is `!=`", "->": "a macro is written `list.exists(x, …)`",
           "=>": "a macro is written `list.exists(x, …)`"}  # fmt: skip
_CONSTANTS = {"none": "null", "nil": "null", "undefined": "null", "yes": "true", "no": "false"}
_FUNCTIONS = {
    "len": "size", "length": "size", "count": "size", "lower": "lowerAscii", "upper": "upperAscii",
    "tolower": "lowerAscii", "toupper": "upperAscii", "tolowercase": "lowerAscii",
    "touppercase": "upperAscii", "regex": "matches", "regexp_like": "matches", "match": "matches",
    "includes": "contains", "str": "string", "tostring": "string", "float": "double",
    "any": "exists", "some": "exists", "every": "all", "concat": "join", "strip": "trim",
}  # fmt: skip
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_TEXT = re.compile(r"""("([^"\\]|\\.)*"|'([^'\\]|\\.)*')""")


def misplaced(text: str, written: str, column: int) -> CelError:
    """Return that something cannot stand where it stands, and what is meant, perhaps.

    Args:
        text: The expression.
        written: What stands there.
        column: Where, from 1.
    """
    if written in "'\"":
        what = f"the quote `{written}` is not closed"
        return CelError(
            Problem(what, code=SYNTAX, fix="write it at the end of the text, too"), column
        )
    around = text[max(0, column - 3) : column + 2]
    fix = next((told for sign, told in _AROUND.items() if sign in around), "")
    words = text[: column - 1].split()
    fix = fix or _SIGNS.get(written, "") or _BEFORE.get(words[-1] if words else "", _LOOK)
    return CelError(Problem(f"`{written}` cannot stand here", code=SYNTAX, fix=fix), column)


def too_early(text: str) -> CelError:
    """Return that an expression ends before it is complete, and which bracket is open."""
    opened: list[tuple[str, int]] = []
    plain = _TEXT.sub(lambda match: " " * len(match[0]), text)
    for place, sign in enumerate(plain, start=1):
        if sign in _PAIRS:
            opened.append((sign, place))
        elif opened and sign == _PAIRS[opened[-1][0]]:
            opened.pop()
    fix = "write what is missing at its end"
    if opened:
        sign, place = opened[-1]
        fix = f"close the `{sign}` at character {place} with `{_PAIRS[sign]}`"
    problem = Problem("the expression ends too early", code=SYNTAX, fix=fix)
    return CelError(problem, len(text) + 1)


def no_name(name: str, known: Iterable[str]) -> Problem:
    """Return the problem that there is no such variable."""
    constant = _CONSTANTS.get(name.casefold(), name.casefold())
    if constant in ("true", "false", "null"):
        return replace(unknown("no name", name, known, NAME), near=constant)
    fix = f"write `message.{name}` for a field of the record, or a text in quotes"
    return unknown("no name", name, known, NAME, fix=fix)


def no_function(name: str, known: Iterable[str]) -> Problem:
    """Return the problem that there is no such function."""
    found = unknown("no function", name, known, NAME)
    meant = _FUNCTIONS.get(name.casefold())
    return found if meant is None else replace(found, near=meant)


def after_failure(why: str) -> str:
    """Return what to do about a part of an expression that always fails so."""
    return next((fix for sign, fix in _FAILURES.items() if sign in why), "correct it")


_FAILURES = {
    "no duration": "a duration is written as 90s, 1h30m or 500ms",
    "no timestamp": "a time is written as 2026-03-02T08:00:00Z",
    "division by zero": "divide by another number",
}
