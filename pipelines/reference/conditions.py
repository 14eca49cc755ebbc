"""Pages of the language of conditions: CEL as it is here, and every function."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.limits import MAX_CHARACTERS, MAX_COST, MAX_DEPTH
from pipelines.reference import functions
from pipelines.reference.page import Page, table

GROUPS: dict[str, dict[str, tuple[str, str, str]]] = {
    "own": functions.OWN,
    "texts": functions.TEXTS,
    "conversions": functions.CONVERSIONS,
    "times and durations": functions.TIMES,
    "optional values": functions.OPTIONALS,
    "numbers": functions.NUMBERS,
    "macros": functions.MACROS,
}
"""What there is, by what it is about."""
FUNCTIONS_TOLD = {
    name: told
    for title, group in GROUPS.items()
    if title != "macros"
    for name, told in group.items()
}
"""Every function that has a page: what it is, an example, and its value."""
DIFFERENCES: dict[str, str] = {
    "substring up to the end": (
        "`'abc'.substring(0, 3)` is `'abc'`. Google's refuses an end right behind the last "
        "character of a text whose type is known only when it runs."
    ),
    "keys that no map has": (
        "`null in {'a': 1}` is false here as in cel-go. Google's C++ has no such overload."
    ),
    "digits of a second": (
        "`string()` of a time or duration writes as many digits as there are, as cel-go does: "
        "`0.1s`. Google's C++ writes three, six or nine: `0.100s`."
    ),
    "order of maps": (
        "Macros visit the entries of a map in the order in which it was written. The language "
        "leaves that open."
    ),
    "%d of a double": "`%d` writes a double in its shortest form, `2.5`; Google's C++ `2.500000`.",
    "%s of bytes": (
        "Bytes that are no UTF-8 are an error of `%s`, as of `string()`. Google's C++ makes a "
        "text of them that is none."
    ),
    "times that RFC 3339 does not allow": (
        "Years have four digits and nothing stands around a time. Google's C++ reads fewer digits "
        "and white space, and `%s` writes years before 1000 with fewer."
    ),
    "failures that are not absorbed": (
        "A key given twice, or a clause of `format` that does not fit, is a failure like others: "
        "`true ||` absorbs it. In Google's C++ it ends the evaluation."
    ),
    "%s of a double": (
        "`%s` writes all digits that a double needs, as `string()` does; Google's C++ writes six."
    ),
    "the negative of a duration": "`-duration('1s')` is a duration. Google's has no such overload.",
    "an optional element by a double": (
        "`[1, 2][?1.0]` is what `[1, 2][1.0]` is, but optional. Google's C++ has no such overload."
    ),
    "a macro below an optional index": (
        "In `[[2].exists(x, x == 2)][?0].optMap(o, o)` Google's C++ 0.1.3 gives an element of the "
        "inner list."
    ),
    "the sign of NaN": "`string(0.0 / 0.0)` is `nan`; Google's C++ shows a sign: `-nan`.",
}
"""Where our values differ from those of Google's implementation (cel-expr-python), and why."""


def pages() -> Iterator[Page]:
    """Yield the page of the language, and one for each function and macro."""
    yield Page("language", "conditions", _SUMMARY, _body())
    yield Page("language", "eval", _EVAL_SUMMARY, _EVAL.format(tags=table(_TAG_COLUMNS, _TAGS)))
    for kind, told in (("function", FUNCTIONS_TOLD), ("macro", functions.MACROS)):
        for name, (summary, example, value) in told.items():
            body = f"```\n{example}\n```\n\nis `{value}`.\n"
            yield Page(kind, name, summary, f"{_signature(name)}{body}")


def _signature(name: str) -> str:
    known = FUNCTIONS.get(name)
    if known is None:
        return ""
    takes = [" or ".join(kinds) or "anything" for kinds in known.takes]
    if known.optional:
        takes[-known.optional :] = [f"{one} (may be left out)" for one in takes[-known.optional :]]
    listed = ", ".join(takes) + (", …" if known.more else "") or "nothing"
    gives = "what it was given" if known.gives == "any" else known.gives
    return f"Takes {listed}; gives {gives}.\n\n"


def _body() -> str:
    groups = "\n".join(
        f"- {title}: {', '.join(f'`{name}`' for name in told)}" for title, told in GROUPS.items()
    )
    differences = "".join(f"- **{name}**: {reason}\n" for name, reason in DIFFERENCES.items())
    limits = (
        f"An expression has at most {MAX_CHARACTERS} characters and {MAX_DEPTH} levels of nesting. "
        f"For one record it may cost {MAX_COST} units: an element that a macro visits is one, and "
        "so is a character, byte or element of what is made; 16 characters that are searched are "
        "one. What costs more is an error that nothing absorbs."
    )
    return _TEXT.format(groups=groups, limits=limits, differences=differences)


_SUMMARY = (
    "expressions of `when`, `value`, `by` and `key`, in the Common Expression Language (CEL)."
)
_TEXT = """\
In an expression stand `message` (the value), `key`, `headers` (texts by name) and `meta` (`topic`,
`partition`, `offset`, `timestamp`), and whatever a macro names.

    has(message.amount) && message.amount < 5.0 && message.country in ["DE", "FR"]

A field that is missing, a division by zero, a type that does not fit: each is an error, and the
record is dead-lettered (`condition_error`). `&&` and `||` absorb an error where the other side
decides, in either order; `has(message.a)`, `message.?a.orValue(0)` and `?:` go around it. Integers
have 64 bits and fail instead of wrapping round; numbers of different types compare by value.

`clearwater eval` tries an expression out, and `--explain` shows what it became.

## Functions

{groups}

## Limits

{limits}

## What is left out

Messages of Protocol Buffers. Texts are compared and counted by code point.

## Where Google's implementation says otherwise

{differences}"""
_EVAL_SUMMARY = "expressions tried out by `clearwater eval`, and how values are written for it."
_EVAL = """\
`clearwater eval EXPR --vars FILE` gives the value of one expression. Without one, each line of
standard input is `{{"id": …, "expr": "…", "vars": {{…}}}}`, and each gives, in the same order,
`{{"id": …, "value": …}}` or `{{"id": …, "error": "…"}}`. A name with dots in `vars` is a
variable, too.

No type is asked about before the expression runs, so a wrong one is an error of the value and
`&&` and `||` absorb it.

A plain integer is an int, a number with a point or an exponent a double. What JSON has no type for
is an object with one tag, both ways:

{tags}"""
_TAG_COLUMNS = ("type", "written", "where")
_TAGS = (
    ("int", '`{"$int": "9007199254740993"}`', "beyond 2^53 - 1; else a plain integer"),
    ("uint", '`{"$uint": "1"}`', "always"),
    ("double", '`{"$double": "NaN"}`', "NaN, Infinity, -Infinity; else a plain number"),
    ("bytes", '`{"$bytes": "aGk="}`', "always, as base64"),
    ("timestamp", '`{"$timestamp": "2026-03-02T08:00:00Z"}`', "always, as RFC 3339"),
    ("duration", '`{"$duration": "1.5s"}`', "always"),
    ("map", '`{"$map": [[1, "a"]]}`', "with other keys than strings, or one that is a tag"),
    ("type", '`{"$type": "int"}`', "always"),
    ("optional value", '`{"$optional": [1]}`', "always; `[]` where it is absent"),
)
