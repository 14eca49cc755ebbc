from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.condition import CelError, Given, check, compile_condition, compile_expression
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY, STRING, Shape

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Countries:
    """A table of two rows."""

    row = Shape("object", fields={"name": STRING, "eu": Shape("bool")})

    def lookup(self, key: object) -> object | None:
        rows = {"DE": {"name": "Germany", "eu": True}, "CH": {"name": "Switzerland", "eu": False}}
        return rows.get(key) if isinstance(key, str) else None


def finds(text: str, entity: str) -> bool:
    return entity == "EMAIL_ADDRESS" and "@" in text


GIVEN = Given(
    tables={"countries": Countries()},
    entities=("EMAIL_ADDRESS", "IBAN_CODE"),
    finds=finds,
    now=lambda: NOW,
)


def value(text: str, message: Any = None) -> Any:
    return compile_expression(text, "step", ANY, given=GIVEN)(Record(message))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('table("countries", message.c).name', "Germany"),
        ('table("countries", message.c).eu && message.c != "CH"', True),
        ('table("countries", "XX") == null', True),
        ('entity(message.mail, "EMAIL_ADDRESS")', True),
        ('entity(message.c, "EMAIL_ADDRESS")', False),
        ('entity(message.mail, "IBAN_CODE") || true', True),
        ('[message.c, message.mail].filter(x, entity(x, "EMAIL_ADDRESS"))', ["a@example.com"]),
        ("now()", NOW),
        ("now() - timestamp('2026-03-02T07:00:00Z')", timedelta(hours=1)),
        ('glob(message.topic, "orders-*")', True),
        ("hash(5) == hash(5.0)", True),
        ("hash('a') == hash('b')", False),
        ("hash(message.c) >= 0", True),
    ],
)
def test_what_is_handed_in_is_asked(text: str, expected: object) -> None:
    message = {"c": "DE", "mail": "a@example.com", "topic": "orders-eu"}
    assert value(text, message) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('table("country", message.c)', "no table `country`; known: countries; did you mean"),
        ("table(message.t, 1)", 'write table("name", key)'),
        ('table("countries")', 'write table("name", key)'),
        ('table("countries", 1).nmae', "no field `nmae`; known: eu, name; did you mean `name`?"),
        ('entity(message.c, "EMAIL")', "no entity `EMAIL`; known: EMAIL_ADDRESS, IBAN_CODE"),
        ("entity(message.c, message.d)", 'write entity(value, "EMAIL_ADDRESS")'),
        ('entity(1, "EMAIL_ADDRESS")', "`entity` takes string, not int"),
        ("now(1)", "write now()"),
        ("hash()", "`hash` is called hash(…)"),
        ("glob('a', 1)", "`glob` takes string, not int"),
    ],
)
def test_what_is_not_handed_in_is_refused(text: str, words: str) -> None:
    with pytest.raises(CelError) as failure:
        check(text, ANY, given=GIVEN)
    assert words in str(failure.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('table("countries", 1)', "no table `countries`; known: none"),
        ('entity("a", "EMAIL_ADDRESS")', "no detectors here"),
        ("now()", "no clock here"),
    ],
)
def test_without_anything_handed_in_they_are_refused(text: str, words: str) -> None:
    with pytest.raises(CelError, match=words):
        compile_condition(text, "step", ANY)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('entity(message.n, "EMAIL_ADDRESS")', "an int is no string"),
        ("hash(message.l)", "a list has no hash"),
        ("hash(null)", "a null has no hash"),
        ("glob(message.n, '*')", "two strings"),
        ('table("countries", "XX").name', "a null has no field `name`"),
    ],
)
def test_a_failure_names_no_value(text: str, hint: str) -> None:
    with pytest.raises(RecordError, match=hint) as failure:
        value(text, {"n": 4929, "l": ["secret"]})
    assert not any(one in str(failure.value) for one in ("4929", "secret"))


def test_the_tables_that_it_looks_up_are_known() -> None:
    text = 'table("countries", message.c).eu || [1].exists(x, table("countries", x) != null)'
    found = check(text, ANY, given=GIVEN)
    assert found.tables == ("countries",)
    assert dict(found.reads) == {"c": False}
    assert found.shape.kind == "bool"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("orders-*", "orders-eu", True), ("orders-*", "orders-", True),
        ("orders-*", "orders", False),
        ("*", "", True), ("", "", True), ("", "a", False), ("a", "a", True), ("a", "ab", False),
        ("*a*b*", "xaxbx", True), ("*a*b*", "ba", False), ("a*a", "a", False), ("a*a", "aa", True),
        ("ab*bc", "abc", False), ("a?c", "abc", True), ("a?c", "ac", False), ("a?*", "a", False),
        ("*.gz", "x.gz\n", False), ("a.c", "abc", False), ("[a]", "[a]", True), ("é?", "é😀", True),
        ("*ab*ab", "abab", True), ("*ab*ab", "ab", False), ("**", "x\ny", True), ("?", "\n", True),
    ],
)  # fmt: skip
def test_a_glob_fits_the_whole_text(pattern: str, text: str, *, fits: bool) -> None:
    assert value("glob(message.t, message.p)", {"t": text, "p": pattern}) is fits


def test_a_hash_stays_what_it_is() -> None:
    # the first 63 bits of SHA-256 of "customer-1", as sha256sum shows them
    assert value("hash('customer-1')") == int("e83f10dcd2c68747", 16) >> 1
