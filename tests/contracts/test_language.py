"""The language by example: what each part of it gives, and where it fails."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.condition.error import CelError, CelFailure
from pipelines.condition.evaluate import prepare
from pipelines.condition.tagged import to_cel, to_json

VARIABLES: dict[str, Any] = {
    "n": 7, "big": {"$int": "9223372036854775807"}, "text": "añb😀", "list": [3, 1, 2],
    "map": {"a": 1, "b": {"c": "deep"}}, "at": {"$timestamp": "2026-03-02T23:30:00.25Z"},
    "for_long": {"$duration": "-3661.5s"}, "dotted.name": "whole", "dotted": {"name": "parts"},
}  # fmt: skip
KNOWN = {name: to_cel(one) for name, one in VARIABLES.items()}


def value(text: str) -> Any:
    return to_json(prepare(text, KNOWN).run(KNOWN))


def uint(number: int) -> dict[str, str]:
    return {"$uint": str(number)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # unsigned integers
        ("2u + 3u", uint(5)), ("5u / 2u", uint(2)), ("5u % 3u", uint(2)), ("0xFFu", uint(255)),
        ("uint('18446744073709551615')", uint(2**64 - 1)), ("uint(2.9)", uint(2)), ("int(7u)", 7),
        # numbers of different types
        ("dyn(1) == 1u", True), ("dyn(1u) == 1.0", True), ("dyn(2u) > 1", True),
        ("dyn(-1) < 0u", True), ("dyn(1.5) in [1, 2]", False), ("dyn(2.0) in [1, 2u]", True),
        ("[1, 2u] == [1.0, 2]", True), ("0.0 / 0.0 == 0.0 / 0.0", False),
        ("dyn(0.0 / 0.0) < 1", False), ("-0.0 == 0.0", True), ("dyn('1') == 1", False),
        ("dyn(true) == 1", False), ("dyn(null) == 0", False),
        ("big < 9223372036854775808.0", False), ("1.0 / 0.0 > 1e308", True),
        # texts by code point, bytes by byte
        ("size(text)", 4), ("size(bytes(text))", 8), ("text.charAt(3)", "😀"),
        ("text.substring(1, 3)", "ñb"), ("text.indexOf('b')", 2), ("text.lastIndexOf('😀')", 3),
        ("'abcabc'.lastIndexOf('abc', 2)", 0), ("'a-b-c'.split('-', 2)", ["a", "b-c"]),
        ("'abc'.split('')", ["a", "b", "c"]), ("''.split('')", [""]),
        ("'abc'.split('', 2)", ["a", "bc"]), ("['a', 'b'].join('+')", "a+b"),
        ("'aXa'.replace('a', 'b', 1)", "bXa"), ("'\\u2003x\\t'.trim()", "x"),
        ("'ÄbC'.lowerAscii()", "Äbc"), ("'äbc'.upperAscii()", "äBC"), ("text.reverse()", "😀bña"),
        ("strings.quote('a\"\\n')", '"a\\"\\n"'), ("'naïve'.matches('^na.ve$')", True),
        (
            "'%s|%d|%.1f|%x|%e'.format([map, n, 2.25, 'az', 1500.0])",
            "{a: 1, b: {c: deep}}|7|2.2|617a|1.500000e+03",
        ),
        ("'%b %o %X %%'.format([5, 8u, 255])", "101 10 FF %"),
        ("'%s'.format([[null, b'x', 1u, int]])", "[null, x, 1, int]"),
        ("'%s %d'.format([0.0/0.0, -1.0/0.0])", "NaN -Infinity"),
        ("'%s'.format([{true: 1}])", "{true: 1}"), ("base64.encode(b'\\xff\\x00')", "/wA="),
        ("base64.decode('/wA')", {"$bytes": "/wA="}),
        # literals
        (r"'\x41\u00e9\U0001F600\101\a\?\`'", "Aé😀A\a?`"), (r"r'\n' + R'''a'b'''", "\\na'b"),
        ("'''a\nb'''", "a\nb"), (r"b'\xff\101é'", {"$bytes": "/0HDqQ=="}),
        (r"rb'\x'", {"$bytes": "XHg="}), ('b"""a"b"""', {"$bytes": "YSJi"}), ("1e3", 1000.0),
        (".5e1", 5.0), ("-9223372036854775808", {"$int": "-9223372036854775808"}), ("--3", 3),
        # maps with any key
        ("{1: 'a', 2u: 'b', true: 'c'}[2]", "b"), ("{true: 1, 1: 2}[true]", 1),
        ("{true: 1, 1: 2}[1u]", 2), ("{1: 'a'}[1.0]", "a"), ("{1: 2} == {1u: 2.0}", True),
        ("size({true: 1, 1: 2})", 2), ("true in {1: 1}", False), ("{'a-b': 1}.`a-b`", 1),
        ("map.b.c", "deep"), ("map['b']['c']", "deep"), ("dotted.name", "whole"),
        ("{'for': 1}.for", 1), ("list[dyn(1.0)]", 1), ("list[2u]", 2),
        ("{false: 'x'}.map(k, k)", [False]),
        # times
        ("at.getFullYear()", 2026), ("at.getMonth()", 2), ("at.getDate()", 2),
        ("at.getDayOfMonth()", 1), ("at.getDayOfWeek()", 1), ("at.getDayOfYear()", 60),
        ("at.getHours('Asia/Kolkata')", 5), ("at.getMinutes('+05:45')", 15),
        ("at.getDate('-01:00')", 2), ("at.getDate('Australia/Sydney')", 3),
        ("at.getMilliseconds()", 250), ("for_long.getHours()", -1), ("for_long.getMinutes()", -61),
        ("for_long.getSeconds()", -3661), ("for_long.getMilliseconds()", -500),
        ("string(for_long)", "-3661.5s"),
        (
            "timestamp('2026-03-02T00:00:00.000000001+01:00')",
            {"$timestamp": "2026-03-01T23:00:00.000000001Z"},
        ),
        ("at - timestamp('2026-03-02T23:30:00Z')", {"$duration": "0.25s"}),
        ("duration('1ns') * 1 == 1 || true", True),
        ("timestamp('9999-12-31T23:59:59Z').getFullYear('+01:00')", 10000),
        ("duration('1h1ms2us3ns')", {"$duration": "3600.001002003s"}),
        ("timestamp('0001-01-01T00:00:00Z').getFullYear('-01:00')", 0),
        ("timestamp(-1)", {"$timestamp": "1969-12-31T23:59:59Z"}),
        ("duration('1.5us') < duration('1501ns')", True),
        ("duration('1ns') == duration('2ns')", False),
        ("timestamp('2016-12-31T23:59:60Z') == timestamp('2017-01-01T00:00:00Z')", True),
        ("int(at)", 1772494200),
        # conversions
        ("string(1e6)", "1e+06"), ("string(123456.5)", "123456.5"), ("string(1.0 / 0.0)", "inf"),
        ("string(-0.0)", "-0"), ("string(0.00001)", "1e-05"),
        ("string(12345678.9)", "1.23456789e+07"), ("string(5u)", "5"),
        ("double('1e400')", {"$double": "Infinity"}), ("int('-5')", -5), ("bool('TRUE')", True),
        ("string(b'\\xc3\\xa9')", "é"), ("dyn(5) + 1", 6),
        # types
        ("type(1)", {"$type": "int"}), ("type(type(1))", {"$type": "type"}),
        ("type(null) == null_type", True), ("type(at) == google.protobuf.Timestamp", True),
        ("[int, uint].exists(t, t == type(1u))", True),
        ("type(optional.none())", {"$type": "optional_type"}),
        # macros
        ("list.all(x, x > 0)", True), ("list.exists(i, x, i == 2 && x == 2)", True),
        ("list.existsOne(x, x > 2)", True), ("map.exists(k, v, k == 'a' && v == 1)", True),
        ("list.map(x, x > 1, x * 10)", [30, 20]), ("map.filter(k, k != 'a')", ["b"]),
        ("list.transformList(i, x, i + x)", [3, 2, 4]),
        ("list.transformList(i, x, i > 0, x)", [1, 2]),
        ("{'a': 2}.transformMap(k, v, v * 2)", {"a": 4}),
        ("list.transformMap(i, x, x > 1, x)", {"$map": [[0, 3], [2, 2]]}),
        ("{'a': 'b'}.transformMapEntry(k, v, {v: k})", {"b": "a"}),
        ("[[1], [2, 3]].map(l, l.map(x, x + 1))", [[2], [3, 4]]),
        ("[1].exists(n, n == 1) && n == 7", True), ("[1].map(n, .n)", [7]),
        ("[1, 'a'].exists(x, x == 'a' || x / 0 == 1)", True),
        ("[0, 1].exists(x, 1 / x == 1)", True), ("[0, 2].all(x, 1 / x > 1)", False),
        ("cel.bind(x, n + 1, x * x)", 64), ("cel.bind(x, 1 / 0, true)", True),
        ("cel.bind(x, 1 / 0, x == 1 || true)", True),
        # optional values
        ("map.?a", {"$optional": [1]}), ("map.?z.hasValue()", False),
        ("map.?b.c.orValue('')", "deep"), ("map.?z.c.orValue('none')", "none"),
        ("list[?5].orValue(0)", 0), ("map[?'b'].?c.value()", "deep"),
        ("optional.none().or(optional.of(2)).value()", 2), ("[1, ?map.?a, ?map.?z]", [1, 1]),
        ("{'x': 1, ?'y': map.?z}", {"x": 1}), ("map.?a.optMap(x, x + 1).orValue(0)", 2),
        ("optional.ofNonZeroValue('').hasValue()", False), ("optional.of(1).orValue(1 / 0)", 1),
        ("has(map.?b.c)", True), ("map.?b.optFlatMap(b, b.?c)", {"$optional": ["deep"]}),
        ("optional.unwrap([map.?a, map.?z])", [1]), ("optional.of(1) == optional.of(1u)", True),
        # mathematics
        ("math.greatest(1, 2.5, 2u)", 2.5), ("math.least([3, 1u])", uint(1)),
        ("math.round(-2.5)", -3.0), ("math.ceil(1.1)", 2.0), ("math.trunc(-1.9)", -1.0),
        ("math.abs(-5)", 5), ("math.sign(-2.5)", -1.0), ("math.sqrt(16)", 4.0),
        ("math.isNaN(0.0 / 0.0)", True), ("math.bitAnd(6u, 3u)", uint(2)), ("math.bitNot(0)", -1),
        ("math.bitShiftRight(-1, 63)", 1), ("math.bitShiftLeft(1, 64)", 0),
        # failures are values: absorbed in either order
        ("nothing || true", True), ("true || nothing", True), ("unknown(1) && false", False),
        ("1 / 0 > 1 ? 1 : 2", None), ("map.z == 1 || true", True),
        ("!(1 / 0 == 1) && false", False), ("'a' < 1 || true", True),
        ("[1][5] == 1 || true", True), ("true ? 1 : 1 / 0", 1),
        ("// a remark\n1 // and another", 1),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(text: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(CelFailure):
            value(text)
        return
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("18446744073709551615u + 1u", "unsigned integer overflow"),
        ("0u - 1u", "unsigned integer overflow"), ("1u / 0u", "division by zero"),
        ("1u % 0u", "division by zero"), ("-(1u)", "a uint has no negative"),
        ("1u + 1", "have no sum"), ("-9223372036854775808 / -1", "integer overflow"),
        ("-9223372036854775808 % -1", "integer overflow"),
        ("-(-9223372036854775808)", "integer overflow"), ("uint(-1)", "out of range"),
        ("uint(-0.5)", "out of range"), ("int(1e19)", "out of range"),
        ("int(0.0 / 0.0)", "out of range"), ("int(18446744073709551615u)", "out of range"),
        ("uint('-1')", "no uint"), ("int('1.0')", "no int"), ("double('1_0')", "no double"),
        ("bool('yes')", "no bool"), ("bytes(1)", "no bytes"),
        ("string([1])", "a list has no text"), ("string(b'\\xff')", "no text"),
        ("timestamp('2026-02-30T00:00:00Z')", "no timestamp"),
        ("timestamp('2026-03-02 00:00:00Z')", "no timestamp"),
        ("timestamp(253402300800)", "range of times"),
        ("timestamp('2026-03-02T00:00:00')", "no timestamp"), ("duration('1')", "no duration"),
        ("duration('320000000000s')", "range of durations"),
        ("at.getHours('Mars/Olympus')", "no such time zone"),
        ("at.getHours('../../etc/passwd')", "no such time zone"),
        ("for_long.getFullYear()", "takes no duration"),
        ("timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')", "range of times"),
        ("timestamp(253402300799) - timestamp('0001-01-01T00:00:00Z')", "range of durations"),
        ("text.charAt(5)", "outside of the string"),
        ("text.substring(3, 1)", "ends before it starts"),
        ("'%d'.format(['a'])", "`%d` does not take a string"),
        ("'%d'.format([])", "more formatting clauses"),
        ("'%q'.format([1])", "no such formatting clause"),
        ("'%'.format([1])", "no such formatting clause"), ("[1].join()", "an int is no string"),
        ("'a'.matches('(')", "not a pattern"), ("'a'.split(1)", "an int is no string"),
        ("base64.decode('*')", "no base64"), ("{1: 1, 1u: 2}", "given twice"),
        ("{1.5: 1}", "no key of a map"), ("{null: 1}", "no key of a map"),
        ("{1: 2}[b'']", "no such key"), ("map.z", "no such field `z`"),
        ("[1][1.5]", "no position of type double"), ("[1][-1]", "outside of the list"),
        ("has(n.a)", "has no fields"), ("{'a': 1}.transformMapEntry(k, v, 1)", "no map"),
        ("optional.none().value()", "absent"), ("map.?a.optMap(x, 1 / 0)", "division by zero"),
        ("n.hasValue()", "no optional value"), ("[?1]", "no optional value"),
        ("math.greatest('a')", "no number"), ("math.bitShiftLeft(1, -1)", "negative number"),
        ("math.ceil(1)", "no double"), ("math.greatest([])", "empty list"),
        ("nothing", "undeclared reference to `nothing`"),
        ("size(1, 2)", "no such overload of `size`"), ("size()", "no such overload"),
        ("n.size(1)", "no such overload"), ("'a'.nothing()", "no such overload of `nothing`"),
        ("true && 1", "an int is no bool"), ("1 ? 2 : 3", "an int is no bool"),
        ("1 in 2", "nothing is in an int"),
        ("[1, 2].exists_one(x, 1 / (x - 1) == 1)", "division by zero"),
        ("'a' < b'a'", "have no order"), ("[1] < [2]", "have no order"),
        ("int < uint", "have no order"), ("header('x')", "no such overload of `header`"),
        ("now()", "no such overload of `now`"),
    ],
)  # fmt: skip
def test_a_failure_says_its_kind(text: str, words: str) -> None:
    with pytest.raises(CelFailure) as failure:
        value(text)
    assert words in str(failure.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("18446744073709551616u", "an unsigned integer has 64 bits"),
        ("9223372036854775808", "an integer has 64 bits"), ("for", "`for` is a reserved word"),
        ("[1].map(while, 1)", "`while` is a reserved word"), ("'a\nb'", "is not closed"),
        ("r'a'b'", "cannot stand here"), ("a.b{c: 1}", "messages of protobuf"),
        ("cel.bind(1, 2, 3)", "write `cel.bind(name, value, expression)`"),
        ("[1].transformMap(k, 1)", "write `list.transformMap"),
        ("[1].all(.x, true)", "write `list.all"), ("{?1: }", "cannot stand here"),
        ("a.?", "ends too early"), (r"b'\u00e9'", "no escape for a character in bytes"),
        ("1 ? 2", "ends too early"),
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused(text: str, words: str) -> None:
    with pytest.raises(CelError) as failure:
        prepare(text, {})
    assert words in str(failure.value)
