"""Our compiler against Google's CEL implementation, over generated expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.condition import CelError, compile_expression
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY

pytestmark = pytest.mark.no_cover  # looking on takes ten times as long as the work

ERROR = "error"
REFUSED = "refused"
"""By the type checker, which is stricter than ours with literals of several types."""
_ENV = cel.NewEnv(variables={"message": cel.Type.DYN})

numbers = st.one_of(st.integers(-20, 20), st.sampled_from([2**62, -(2**62), 2**63 - 1]))
texts = st.text("abé😀1", max_size=4)
scalars = st.one_of(st.none(), st.booleans(), numbers, st.floats(allow_nan=False, width=32), texts)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
messages = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("a", "b", "c"), values) | {"d": st.dictionaries(texts, values)}
)


def literal(value: Any) -> str:  # noqa: PLR0911 - one case per type
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case float():
            return f"double('{value!r}')"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
        case _:
            return str(value)


fields = st.sampled_from(["message.a", "message.b", "message.c", "message.d.x", "message.zz"])
leaves = st.one_of(fields, scalars.map(literal), st.lists(scalars, max_size=3).map(literal))


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(
        ["&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in"]
    )
    binary = st.tuples(inner, operators, inner).map(lambda one: f"({one[0]} {one[1]} {one[2]})")
    return st.one_of(
        binary,
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, inner, inner).map(lambda one: f"({one[0]} ? {one[1]} : {one[2]})"),
        inner.map(lambda one: f"size({one})"),
        st.sampled_from(["a", "b", "c"]).map(lambda name: f"has(message.{name})"),
        st.tuples(inner, st.sampled_from(["startsWith", "endsWith", "contains"]), inner).map(
            lambda one: f"({one[0]}).{one[1]}({one[2]})"
        ),
        st.tuples(inner, st.sampled_from(["exists", "all", "exists_one", "filter"]), inner).map(
            lambda one: f"({one[0]}).{one[1]}(x, x == {one[2]})"
        ),
        st.tuples(inner, inner).map(lambda one: f"({one[0]}).map(x, [x, {one[1]}])"),
        st.tuples(inner, inner).map(lambda one: f"({one[0]})[{one[1]}]"),
        inner.map(lambda one: f"int({one})"),
        inner.map(lambda one: f"double({one})"),
    )


expressions = st.recursive(leaves, grown, max_leaves=6)


def ours(text: str, message: dict[str, Any]) -> object:
    try:
        return plain(compile_expression(text, "test", ANY)(Record(message)))
    except (CelError, RecordError):
        return ERROR


def theirs(text: str, message: dict[str, Any]) -> object:
    try:
        compiled = _ENV.compile(text)
    except Exception:  # noqa: BLE001 - whatever it says is an error of theirs
        return REFUSED
    try:
        found = compiled.eval(data={"message": message})
    except Exception:  # noqa: BLE001 - the same
        return ERROR
    return ERROR if found.type() == cel.Type.ERROR else plain(found.plain_value())


def plain(value: object) -> object:
    """Return a value that compares as CEL's values do: True is not 1."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {(type(key).__name__, key): plain(one) for key, one in value.items()}
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN is not itself
        return "NaN"
    return (type(value).__name__, value)


@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
@given(expressions, messages)
@example("message.a && false", {"a": 1})
@example("(message.zz == 1) || true", {})
@example("true == 1", {})
@example("[true, 1][0]", {})
@example("-7 / 2", {})
@example("-7 % 2", {})
@example("9223372036854775807 + 1", {})
@example("message.a in [1, 2]", {"a": True})
def test_every_expression_has_the_value_that_the_reference_gives(
    text: str, message: dict[str, Any]
) -> None:
    expected = theirs(text, message)
    if expected != REFUSED:
        assert ours(text, message) == expected, text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("timestamp('2026-03-02T08:00:00Z') < timestamp('2026-03-02T09:00:00+00:00')", True),
        ("duration('1h30m') == duration('5400s')", True),
        ("timestamp('2026-03-02T08:00:00Z') + duration('1h') > timestamp(0)", True),
        ("'aXb'.matches('^a.b$')", True),
        ("string(1.0) + string(true) + string(7)", "1true7"),
        ("int('12') + int(2.9)", 14),
        ("r'\\d' + \"\\u00e9\"", "\\dé"),
        ("size('é😀')", 2),
    ],
)
def test_functions_give_what_the_reference_gives(text: str, value: object) -> None:
    run: Callable[[Record], object] = compile_expression(text, "test", ANY)
    assert run(Record({})) == value
    assert theirs(text, {}) == plain(value)
