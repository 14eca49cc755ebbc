"""What each function and macro of conditions is for, with an example that a test runs."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str, str]] = {
    "has": ("whether a field is there; no value of its own is asked for.",
        "has(message.name)", "true"),
    "size": ("how many characters, bytes, elements or entries there are.", "size('é😀')", "2"),
    "startsWith": ("whether a text starts with another.",
        "'orders-eu'.startsWith('orders')", "true"),
    "endsWith": ("whether a text ends with another.", "'orders-eu'.endsWith('-eu')", "true"),
    "contains": ("whether a text contains another.", "'orders-eu'.contains('s-e')", "true"),
    "matches": ("whether an RE2 pattern matches somewhere in a text, in linear time.",
        "'a1'.matches('^[a-z][0-9]$')", "true"),
    "charAt": ('the character at a position, "" right behind the last.',
        "'abc'.charAt(1)", "'b'"),
    "indexOf": ("the first position of a text in another, from a position on; else -1.",
        "'abcb'.indexOf('b', 2)", "3"),
    "lastIndexOf": ("the last position of a text in another, up to a position; else -1.",
        "'abcb'.lastIndexOf('b')", "3"),
    "join": ("the texts of a list as one, with a separator between them.",
        "['a', 'b'].join('-')", "'a-b'"),
    "lowerAscii": ("a text with the letters A to Z in lower case.", "'AbÇ'.lowerAscii()", "'abÇ'"),
    "upperAscii": ("a text with the letters a to z in upper case.", "'abç'.upperAscii()", "'ABç'"),
    "replace": ("a text with another in place of a part of it, everywhere or so many times.",
        "'a-b-c'.replace('-', '+', 1)", "'a+b-c'"),
    "split": ("the pieces of a text between separators, all or at most so many.",
        "'a-b-c'.split('-', 2)", "['a', 'b-c']"),
    "substring": ("the part of a text from a position to before another.",
        "'abcd'.substring(1, 3)", "'bc'"),
    "trim": ("a text without white space at both ends.", "' a '.trim()", "'a'"),
    "reverse": ("a text from its end to its start.", "'abc'.reverse()", "'cba'"),
    "format": ("a text with values in place of `%s %d %f %e %b %o %x %X`.",
        "'%s: %.2f'.format(['total', 1.5])", "'total: 1.50'"),
    "strings.quote": ("a text as a literal in double quotes.",
        "strings.quote('a\"b')", "'\"a\\\\\"b\"'"),
}  # fmt: skip
"""Functions of texts, and `has`: what each is, an example, and its value."""

CONVERSIONS: dict[str, tuple[str, str, str]] = {
    "int": ("a value as an int; a double is cut toward zero, a time gives seconds since 1970.",
        "int('7') + int(2.9)", "9"),
    "uint": ("a value as an unsigned int.", "uint(2.9)", "2u"),
    "double": ("a value as a double.", "double('1e3')", "1000.0"),
    "string": ("a value as text; times as RFC 3339.", "string(duration('90s'))", "'90s'"),
    "bytes": ("a text as its UTF-8 bytes.", "bytes('é')", "b'\\xc3\\xa9'"),
    "bool": ("a text such as `true` or `0` as a bool.", "bool('true')", "true"),
    "timestamp": ("the time of RFC 3339 text, or of seconds since 1970.",
        "timestamp('2026-03-02T08:00:00Z') > timestamp(0)", "true"),
    "duration": ("the duration of text such as `1h30m`.",
        "duration('1h30m') == duration('5400s')", "true"),
    "dyn": ("a value whose type nothing is asked about before it is there.",
        "dyn(1) == 1.0", "true"),
    "type": ("the type of a value.", "type(1u) == uint", "true"),
    "base64.encode": ("bytes as base64 text.", "base64.encode(b'hi')", "'aGk='"),
    "base64.decode": ("the bytes of base64 text; padding may be missing.",
        "base64.decode('aGk')", "b'hi'"),
}  # fmt: skip
"""Functions between types."""

TIMES: dict[str, tuple[str, str, str]] = {
    "getFullYear": ("the year of a time, in a time zone where one is given.",
        "timestamp(0).getFullYear('-01:00')", "1969"),
    "getMonth": ("the month of a time, from 0.", "timestamp(0).getMonth()", "0"),
    "getDate": ("the day of the month of a time, from 1.", "timestamp(0).getDate()", "1"),
    "getDayOfMonth": ("the day of the month of a time, from 0.",
        "timestamp(0).getDayOfMonth()", "0"),
    "getDayOfWeek": ("the day of the week of a time, Sunday is 0.",
        "timestamp(0).getDayOfWeek()", "4"),
    "getDayOfYear": ("the day of the year of a time, from 0.", "timestamp(0).getDayOfYear()", "0"),
    "getHours": ("the hour of a time; of a duration, all its hours.",
        "timestamp(0).getHours('Asia/Tokyo')", "9"),
    "getMinutes": ("the minute of a time; of a duration, all its minutes.",
        "duration('1h30m').getMinutes()", "90"),
    "getSeconds": ("the second of a time; of a duration, all its seconds.",
        "duration('1m1s').getSeconds()", "61"),
    "getMilliseconds": ("the milliseconds below the second.",
        "duration('1.5s').getMilliseconds()", "500"),
}  # fmt: skip
"""Functions of times and durations."""

OPTIONALS: dict[str, tuple[str, str, str]] = {
    "optional.of": ("a value that is there.", "optional.of(1).value()", "1"),
    "optional.none": ("a value that is absent.", "optional.none().hasValue()", "false"),
    "optional.ofNonZeroValue": ("a value, absent where it is zero or empty.",
        "optional.ofNonZeroValue('').hasValue()", "false"),
    "optional.unwrap": ("those values of a list that are there.",
        "optional.unwrap([optional.of(1), optional.none()])", "[1]"),
    "unwrapOpt": ("those values of a list that are there.",
        "[optional.of(1), optional.none()].unwrapOpt()", "[1]"),
    "hasValue": ("whether an optional value is there.", "message.?name.hasValue()", "true"),
    "value": ("an optional value; an error where it is absent.", "message.?name.value()", "'Ada'"),
    "or": ("an optional value, or another one where it is absent.",
        "message.?nick.or(message.?name).value()", "'Ada'"),
    "orValue": ("an optional value, or what stands in for it.",
        "message.?nick.orValue('none')", "'none'"),
}  # fmt: skip
"""Functions of optional values, which `message.?field` and `list[?0]` give."""

NUMBERS: dict[str, tuple[str, str, str]] = {
    "math.greatest": ("the greatest of numbers, or of a list of them.",
        "math.greatest(1, 2.5, 2u)", "2.5"),
    "math.least": ("the least of numbers, or of a list of them.", "math.least([3, 1, 2])", "1"),
    "math.ceil": ("a double rounded up.", "math.ceil(1.2)", "2.0"),
    "math.floor": ("a double rounded down.", "math.floor(1.8)", "1.0"),
    "math.round": ("the nearest whole double, of two the one farther from zero.",
        "math.round(-2.5)", "-3.0"),
    "math.trunc": ("a double without its fraction.", "math.trunc(-1.8)", "-1.0"),
    "math.abs": ("a number without its sign.", "math.abs(-5)", "5"),
    "math.sign": ("-1, 0 or 1, of the number's type.", "math.sign(-2.5)", "-1.0"),
    "math.sqrt": ("the square root, as a double.", "math.sqrt(16)", "4.0"),
    "math.isNaN": ("whether a double is no number.", "math.isNaN(0.0 / 0.0)", "true"),
    "math.isInf": ("whether a double is infinite.", "math.isInf(1.0 / 0.0)", "true"),
    "math.isFinite": ("whether a double is neither infinite nor NaN.",
        "math.isFinite(1.5)", "true"),
    "math.bitAnd": ("the bits that two integers share.", "math.bitAnd(6, 3)", "2"),
    "math.bitOr": ("the bits of either of two integers.", "math.bitOr(6, 3)", "7"),
    "math.bitXor": ("the bits of one of two integers.", "math.bitXor(6, 3)", "5"),
    "math.bitNot": ("the bits that an integer has not.", "math.bitNot(0)", "-1"),
    "math.bitShiftLeft": ("the bits of an integer, moved to the left.",
        "math.bitShiftLeft(1, 4)", "16"),
    "math.bitShiftRight": ("the bits of an integer, moved to the right.",
        "math.bitShiftRight(16, 4)", "1"),
}  # fmt: skip
"""Functions of numbers."""

OWN: dict[str, tuple[str, str, str]] = {
    "header": ("the text of the record's last header of a name, \"\" without one.",
        "header('x-synthetic') == ''", "true"),
    "table": ("the row of a declared table for a key, null where there is none.",
        "table('countries', 'DE').name", "'Germany'"),
    "entity": ("whether a detector finds such an entity in a text.",
        "entity('ada@example.com', 'EMAIL_ADDRESS')", "true"),
    "now": ("the time at which the record is processed.",
        "now() - timestamp('2026-03-02T07:00:00Z') == duration('1h')", "true"),
    "hash": (
        ("a number from 0 to 2^63 - 1, always the same for the same value; to pick "
        "records, not to hide values."),
        "hash(5) == hash(5.0)", "true",
    ),
    "glob": ("whether all of a text fits a pattern; `*` is any text, `?` one character.",
        "glob('orders-eu', 'orders-*')", "true"),
}  # fmt: skip
"""Clearwater's own functions."""

MACROS: dict[str, tuple[str, str, str]] = {
    "all": ("whether something holds for all elements, or for all keys of a map.",
        "[1, 2].all(x, x > 0)", "true"),
    "exists": (
        ("whether something holds for any element; with two names, for an index and "
        "element or key and value."),
        "{'a': 1}.exists(k, v, k == 'a' && v == 1)", "true",
    ),
    "exists_one": ("whether something holds for one element, no more and no less.",
        "[1, 2].exists_one(x, x > 1)", "true"),
    "existsOne": ("the same as `exists_one`.", "[1, 2].existsOne(i, x, i == 0 && x == 1)", "true"),
    "filter": ("the elements, or keys, for which something holds.",
        "[1, 2, 3].filter(x, x > 1)", "[2, 3]"),
    "map": ("what becomes of each element, of all or of those for which something holds.",
        "[1, 2, 3].map(x, x > 1, x * 10)", "[20, 30]"),
    "transformList": ("a list of what becomes of each index and element, or key and value.",
        "['a'].transformList(i, x, x + string(i))", "['a0']"),
    "transformMap": ("a map with the same keys and other values.",
        "{'a': 1}.transformMap(k, v, v + 1)", "{'a': 2}"),
    "transformMapEntry": ("a map of what becomes of each entry, key and value.",
        "{'a': 'b'}.transformMapEntry(k, v, {v: k})", "{'b': 'a'}"),
    "optMap": ("what becomes of an optional value, if it is there.",
        "message.?name.optMap(x, size(x)).orValue(0)", "3"),
    "optFlatMap": ("what becomes of an optional value, itself optional.",
        "message.?a.optFlatMap(x, x.?b).orValue(0)", "0"),
    "cel.bind": ("a name for a value that is used more than once.",
        "cel.bind(x, size(message.name), x * x)", "9"),
}  # fmt: skip
"""Macros: they bring names of their own."""
