from __future__ import annotations

import pytest

from pipelines.condition import CelError, verdict
from pipelines.condition.advice import after_failure, no_function, no_name
from pipelines.condition.parse import parse
from pipelines.shape import ANY


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("message.a = 1", "equality is `==`"),
        ("message.a === 1", "equality is `==`"),
        ("message.a <> 1", "inequality is `!=`"),
        ("message.a =~ 'x'", "write `.matches('…')`"),
        ("message.a like 'x%'", "write `.contains('…')`, `.startsWith('…')` or `.matches('…')`"),
        ("message.a is null", "write `==` or `!=`"),
        ("not message.a", "`not` is written `!`"),
        ("if message.a then 1 else 2", "a choice is written `condition ? one : other`"),
        ("message.a.exists(x -> x)", "a macro is written `list.exists(x, …)`"),
        ("message.a == 'x", "the quote `'` is not closed"),
        ('message.a == "x', 'the quote `"` is not closed'),
        ("size(message.a > 3", "close the `(` at character 5 with `)`"),
        ("message.a in ['(', 'b'", "close the `[` at character 14 with `]`"),
        ("1 +", "write what is missing at its end"),
    ],
)
def test_what_other_languages_have_is_told_in_cel(text: str, told: str) -> None:
    with pytest.raises(CelError) as failure:
        parse(text)
    assert told in failure.value.message


@pytest.mark.parametrize(
    ("name", "near"), [("True", "true"), ("None", "null"), ("NULL", "null"), ("x", "")]
)
def test_constants_are_written_small(name: str, near: str) -> None:
    assert no_name(name, ["message"]).near == near


@pytest.mark.parametrize(
    ("name", "near"), [("len", "size"), ("toLowerCase", "lowerAscii"), ("startswith", "startsWith")]
)
def test_functions_of_other_languages_have_another_name(name: str, near: str) -> None:
    assert no_function(name, ["size", "lowerAscii", "startsWith"]).near == near


@pytest.mark.parametrize(
    ("text", "offset", "why", "fix"),
    [
        ("message.a < timestamp('2026-13-01T00:00:00Z')", 13, "no timestamp", "2026-03-02T"),
        ("duration('5 minutes') > duration('1s')", 1, "no duration", "1h30m"),
        ("message.n / 0 == 1", 1, "division by zero", "another number"),
        ("message.n == int('x')", 14, "no int", "correct it"),
    ],
)
def test_a_part_that_always_fails_is_told_with_its_reason(
    text: str, offset: int, why: str, fix: str
) -> None:
    found = verdict(text, ANY)
    assert found is not None
    assert (found.outcome, found.offset) == ("error", offset)
    assert why in found.why
    assert fix in after_failure(found.why)


@pytest.mark.parametrize("text", ["message.n / 0.0 == 1.0", "message.n / message.m == 1"])
def test_what_may_have_a_value_is_no_failure(text: str) -> None:
    assert verdict(text, ANY) is None
