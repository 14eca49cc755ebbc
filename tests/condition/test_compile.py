from __future__ import annotations

import timeit
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.condition import CelError, check, compile_condition, compile_expression
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY, STRING, Shape

ORDER = Shape(
    "object",
    fields={
        "amount": Shape("double"),
        "count": Shape("int"),
        "name": STRING,
        "items": Shape("list", items=Shape("object", fields={"price": Shape("double")})),
        "at": Shape("timestamp"),
    },
)
FOUR = (
    'has(message.amount) && message.amount < 5.0 && message.country in ["DE", "FR"] '
    '&& header("x-synthetic") != "1"'
)


def value(text: str, message: Any = None, **record: Any) -> Any:
    return compile_expression(text, "step", ANY)(Record(message, **record))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4", 3), ("7 / 2", 3), ("-7 / 2", -3), ("-7 % 3", -1), ("0x1F", 31),
        ("7.0 / 2.0", 3.5), ("1 == 1.0", True), ("null == false", False),
        ("'a' + 'b'", "ab"), ("b'a' + b'\\x01'", b"a\x01"), ("[1] + [2]", [1, 2]),
        ("r'\\d'", "\\d"), ("'''it's'''", "it's"), ("'\\u00e9\\t\\x41\\101'", "é\tAA"),
        ("{'a': 1}['a']", 1), ("[1, 2,][1]", 2), ("size({'a': 1})", 1), ("'é' < 'f'", False),
        ("2 in [1, 2]", True), ("'a' in {'a': 1}", True), ("!(1 > 2)", True), ("-(1)", -1),
        ("1 < 2 ? 'yes' : 'no'", "yes"), ("1 / 0 == 1 || true", True), ("1 / 0 == 1 && false", False),
        ("[1, 2].exists(x, x > 1)", True), ("[1, 2].all(x, x > 1)", False),
        ("[1, 2].exists_one(x, x > 1)", True), ("[1, 2].filter(x, x > 1)", [2]),
        ("[1, 2].map(x, x * 2)", [2, 4]), ("[1, 2].map(x, x > 1, x * 2)", [4]),
        ("{'k': 1}.map(k, k)", ["k"]), ("'abc'.matches('^a.c$')", True),
        ("matches('abc', 'z')", False), ("'abc'.endsWith('c')", True), ("int('7')", 7),
        ("int(2.9)", 2), ("double('1e3')", 1000.0), ("double(2)", 2.0), ("string(2.0)", "2"),
        ("string(true)", "true"), ("string(b'a')", "a"), ("bool('true')", True), ("bool('0')", False),
        ("string(timestamp('2026-03-02T08:00:00.500Z'))", "2026-03-02T08:00:00.5Z"),
        ("string(duration('90s'))", "90s"), ("duration('1h30m') > duration('89m')", True),
        ("int(timestamp('1970-01-01T00:01:00Z'))", 60), ("timestamp(60) - timestamp(0)", timedelta(0, 60)),
        ("timestamp(0) + duration('1s')", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("-duration('1s')", timedelta(seconds=-1)), ("1.5e2", 150.0), (".5", 0.5), ("1 // two\n + 1", 2),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("message.b", "no such field `b`"), ("message.a.b", "an int has no field `b`"),
        ("message.l[5]", "outside of the list"), ("message.l['x']", "no position of type string"),
        ("message.d['x']", "no such key"), ("message.a[0]", "an int has no elements"),
        ("message.a / 0", "division by zero"), ("message.a % 0", "division by zero"),
        ("message.big + 1", "integer overflow"), ("message.big * 2", "integer overflow"),
        ("message.a < 'x'", "have no order"), ("message.a + 1.5", "have no sum"),
        ("message.a - 'x'", "have no difference"), ("message.s * 2", "have no product"),
        ("message.s / 2", "have no quotient"), ("message.s % 2", "have no remainder"),
        ("!message.a", "an int is no bool"), ("message.a && true", "an int is no bool"),
        ("-message.s", "a string has no negative"), ("size(message.a)", "an int has no size"),
        ("int(message.s)", "this string is no int"), ("double(message.s)", "is no double"),
        ("bool(message.s)", "is no bool"), ("timestamp(message.s)", "is no timestamp"),
        ("duration(message.s)", "is no duration"), ("string(message.l)", "a list has no text"),
        ("message.a.startsWith('x')", "an int is no string"), ("message.a.matches('x')", "is no string"),
        ("message.s.matches(message.bad)", "not a pattern"), ("1 in message.a", "nothing is in an int"),
        ("message.a.exists(x, true)", "an int has no elements"), ("has(message.a.b)", "has no fields"),
        ("{message.l: 1}", "no key of a map"), ("{message.s: 1, 'secret': 2}", "given twice"),
        ("string(message.bytes)", "no text"), ("header('h')", "is no text"),
        ("timestamp(message.far) + duration('9999999h')", "range of times"),
    ],
)  # fmt: skip
def test_a_failure_says_its_kind_and_never_a_value(text: str, hint: str) -> None:
    message = {
        "a": 7, "l": [1], "d": {}, "s": "secret", "big": 2**63 - 1, "bad": "(", "bytes": b"\xff",
        "far": "9999-12-31T00:00:00Z",
    }  # fmt: skip
    with pytest.raises(RecordError) as failure:
        value(text, message, headers=[("h", b"\xff")])

    assert (failure.value.code, failure.value.where) == ("condition_error", "step")
    assert hint in failure.value.hint
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mesage.a", "no name `mesage`; known: headers, key, message, meta; did you mean `message`?"),
        ("message.amout", "no field `amout`; known: amount, at, count, items, name; did you mean"),
        ("message.name < 3", "a string and an int have no order"),
        ("message.count + 1.5", "convert one with double(…)"),
        ("message.name == 3", "never equal"), ("message.name in [1]", "never in a list of int"),
        ("message.name && true", "is no bool"), ("foo(1)", "no function `foo`; known:"),
        ("size(1, 2)", "`size` is called"), ("size(3)", "takes string or bytes"),
        ("message.at.getHours('Mars')", "there is no such time zone"),
        ("message.at.getYear()", "did you mean"), ("hash(message.at) > 1u && glob(1, '')", "takes string"),
        ("message.?amout.orValue(1.0)", "no field `amout`"), ("1u + 1", "convert one with int(…)"),
        ("message.name.hasValue()", "takes optional"), ("[?1]", "no optional value"), ("1.optMap(x, x)", "no optional"),
        ("'a'.matches('(')", "not a pattern"), ("message.count.x", "an int has no field `x`"),
        ("message.name.exists(x, true)", "a string has no elements"), ("header(1)", 'header("name")'),
        ("message.items.all(i, i.price)", "a double is no bool"), ("-message.name", "no negative"),
        ("message.items['x']", "no position of type string"), ("1 in 2", "nothing is in an int"),
        ("has(message)", "`has` takes one field"), ("[1].map(x)", "write `list.map(x, …)`"),
        ("1 +", "ends too early"), ("(1", "ends too early"), ("1 = 1", "cannot stand here"),
        ("a and b", "write `&&`"), ("a or b", "write `||`"), ("1 # 2", "`#` cannot stand here"),
        ("'\\q'", "no escape `\\q`"), ("'\\ud800'", "no such character"), ("99999999999999999999", "64 bits"),
        ("(" * 100 + "1" + ")" * 100, "nested deeper"), ("1" + " " * 10_000, "longer than"),
    ],
)  # fmt: skip
def test_what_can_never_work_is_refused_with_the_way_out(text: str, words: str) -> None:
    with pytest.raises(CelError) as failure:
        compile_expression(text, "step", ORDER)
    assert words in str(failure.value)


def test_a_condition_is_a_bool() -> None:
    assert compile_condition("message.a > 1", "s", ANY)(Record({"a": 2})) is True
    with pytest.raises(CelError, match="a condition is true or false; this is an int"):
        compile_condition("message.count", "s", ORDER)
    with pytest.raises(RecordError):
        compile_condition("message.a", "s", ANY)(Record({"a": 1}))


def test_key_headers_and_meta_can_be_read() -> None:
    record = {"key": "k", "headers": [("h", b"1"), ("h", b"2")], "topic": "t", "partition": 3}
    assert value("[key, headers['h'], header('h'), header('x'), meta.topic]", **record) == [
        "k", "2", "2", "", "t",
    ]  # fmt: skip
    assert value("meta.partition + meta.offset", **record) == 3
    assert value("meta.timestamp == timestamp(1)", timestamp=1000) is True
    assert value("size(meta)", **record) == 4


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("message.a == 1", {"a": False}), ("has(message.a) && message.a == 1", {"a": True}),
        ("message.a == 1 && has(message.a)", {"a": True}),
        ("!has(message.a) || message.a == 1", {"a": True}),
        ("has(message.a) || message.a == 1", {"a": False}),
        ("has(message.a) ? message.a == 1 : message.b == 2", {"a": True, "b": False}),
        ("has(message.a.b) && message.a.b == 1", {"a": False, "a.b": True}),
    ],
)  # fmt: skip
def test_reads_and_their_guards_are_known(text: str, reads: dict[str, bool]) -> None:
    assert dict(check(text, ANY).reads) == reads


def test_a_four_clause_condition_costs_little_more_than_python() -> None:
    record = Record({"amount": 3.0, "country": "DE"})
    run = compile_condition(FOUR, "s", ANY)

    def by_hand(one: Record) -> bool:
        message: Any = one.value
        found = (
            "amount" in message and message["amount"] < 5.0 and message["country"] in ("DE", "FR")
        )
        return found and dict(one.headers).get("x-synthetic", b"") != b"1"

    assert run(record) is by_hand(record) is True
    ours = min(timeit.repeat(lambda: run(record), number=20_000))
    theirs = min(timeit.repeat(lambda: by_hand(record), number=20_000))
    assert ours < theirs * 4


def test_a_condition_is_compiled_in_no_time() -> None:
    compile_condition(FOUR, "s", ANY)
    taken = min(timeit.repeat(lambda: compile_condition(FOUR, "s", ANY), number=1, repeat=20))
    assert taken < 0.005


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uint(5)", 5), ("[1u, timestamp('2026-03-02T08:00:00.000000001Z')]", None),
        ("{1: {true: 2u}}", {1: {True: 2}}), ("duration('1.0000015s')", timedelta(0, 1, 1)),
        ("message.?a.orValue(0)", 1), ("[message.?a, message.?b].map(x, x.hasValue())", [True, False]),
    ],
)  # fmt: skip
def test_what_leaves_an_expression_is_what_records_hold(text: str, expected: object) -> None:
    found = value(text, {"a": 1})
    if expected is None:
        assert [type(one) for one in found] == [int, datetime]
    else:
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1 == null, null != null, true == true, 'a' == 'a']", [False, False, True, True]),
        ("[dyn('a') == true, dyn(1) == 1.0, dyn(true) == 1]", [False, True, False]),
    ],
)  # fmt: skip
def test_python_has_nothing_to_warn_of(text: str, expected: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert value(text) == expected


@pytest.mark.parametrize("text", ["type(1)", "optional.of(1)", "[message.?a]", "{'a': int}"])
def test_types_and_optional_values_are_no_values_of_records(text: str) -> None:
    with pytest.raises(RecordError, match="is no value of a record"):
        value(text, {})


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("message.?a.orValue(0) == 1", {"a": True}), ("message.a.?b.orValue(0) == 1", {"a": False, "a.b": True}),
        ("message.?a.b.hasValue()", {"a.b": True}), ("message[?'a'].hasValue()", {"a": True}),
        ("[1].exists(i, x, message.a == x)", {"a": False}), ("cel.bind(x, message.a, x > 1)", {"a": False}),
    ],
)  # fmt: skip
def test_what_is_read_in_new_ways_is_known_too(text: str, reads: dict[str, bool]) -> None:
    assert dict(check(text, ANY).reads) == reads


@pytest.mark.parametrize("text", ['header("4929-1234") == ""', "headers.exists(h, h == key)"])
def test_an_error_names_no_header_of_the_record(text: str) -> None:
    record = Record({}, "k", [("4929-1234", b"\xff")])
    with pytest.raises(RecordError, match="a header is no text") as failure:
        compile_condition(text, "s", ANY)(record)
    assert "4929" not in str(failure.value)
