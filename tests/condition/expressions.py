"""Random CEL expressions over the variables of MESSAGE: mostly of sound types, not always."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MESSAGE: dict[str, object] = {
    "i": -7, "j": 2**62, "d": 2.5, "s": "héllo😀", "b": b"ya\xff", "l": [1, 2.0, "x", None],
    "m": {"a": 1, "b": {"c": "z"}, "k": True}, "n": None, "t": True,
}  # fmt: skip
_LEAVES = {
    "int": (
        "0", "1", "-1", "2", "7", "-7", "63", "9223372036854775807", "-9223372036854775808",
        "4611686018427387904", "0x1F", "9007199254740993", "message.i", "message.j", "message.m.a",
        "message.l[0]",
    ),
    "uint": (
        "0u", "1u", "2u", "7u", "18446744073709551615u", "9007199254740993u", "0x10u",
    ),
    "double": (
        "0.0", "-0.0", "1.0", "0.5", "-2.5", "1e300", "1e-7", "3.0", "9007199254740992.0",
        "9223372036854775808.0", "(1.0/0.0)", "(-1.0/0.0)", "(0.0/0.0)", "1e6", "123456.7",
        "message.d",
    ),
    "string": (
        "''", "'a'", "'abc'", "'héllo😀'", "'1'", "'-5'", "'2.5'", "'true'", r"'\n'", "'a,b,c'",
        r"r'\d+'", "'[a-z]+'", "'2024-02-29T12:00:00Z'", "'1h30m'", "'90s'", "'%d %s'", "'  x '",
        "'('", "message.s", "message.m.b.c", "message.l[2]",
    ),
    "bytes": ("b''", "b'a'", r"b'\xff'", "b'abc'", "bytes('é')", "message.b"),
    "bool": ("true", "false", "message.t"),
    "timestamp": (
        "timestamp('2024-02-29T12:00:00Z')", "timestamp(0)", "timestamp('0001-01-01T00:00:00Z')",
        "timestamp('9999-12-31T23:59:59.999Z')", "timestamp('2023-11-05T01:30:00.5-05:00')",
        "timestamp('1969-12-31T23:59:59.5Z')",
    ),
    "duration": (
        "duration('1s')", "duration('-1.5s')", "duration('1h30m')", "duration('0s')",
        "duration('9000h')", "duration('100ms')", "duration('-90m')",
    ),
    "list": ("[]", "[1, 2, 3]", "['a', 'b']", "message.l", "[1u, 2.0]", "[[1], []]"),
    "map": ("{}", "{'a': 1}", "message.m", "{1: 'a', 2u: 'b'}", "{true: 1, 'k': 2}"),
    "null": ("null", "message.n"),
}  # fmt: skip
_NUMBERS = ("int", "uint", "double")
_ORDERED = (*_NUMBERS, "string", "bytes", "bool", "timestamp", "duration")
_ZONES = ("", "'Europe/Berlin'", "'+02:30'", "'-11:00'", "'America/New_York'")
_PARTS = (
    "FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear", "Hours", "Minutes",
    "Seconds", "Milliseconds",
)  # fmt: skip
_TYPES = (
    "int", "uint", "double", "string", "bytes", "bool", "list", "map", "null_type", "type",
    "google.protobuf.Timestamp", "google.protobuf.Duration",
)  # fmt: skip


class Expressions:
    """Makes expressions, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._pick = self._random.choice
        self._shapes: dict[str, tuple[Callable[[int], str], ...]] = {
            "int": (self._sum, self._sum, self._int, self._part, self._place, self._choice),
            "uint": (self._sum, self._conversion),
            "double": (self._sum, self._conversion, self._extreme, self._negative),
            "string": (self._text, self._text, self._changed_text, self._string, self._choice),
            "bytes": (self._conversion, self._sum),
            "bool": (
                self._logic, self._logic, self._relation, self._relation, self._contained,
                self._search, self._macro, self._asked,
            ),
            "timestamp": (self._time, self._conversion),
            "duration": (self._span, self._conversion),
            "list": (self._list, self._mapped, self._split),
            "map": (self._map,),
            "null": (self._null,),
        }  # fmt: skip
        self._wanted = "int"

    def one(self) -> str:
        """Return an expression."""
        depth = self._pick((1, 2, 2, 3, 3, 4))
        return self._any(depth) if self._random.random() < 0.85 else self._element(depth)

    def _any(self, depth: int) -> str:
        return self._of(self._pick(tuple(_LEAVES)), depth)

    def _of(self, kind: str, depth: int) -> str:
        """Return an expression of that type; now and then of another."""
        wanted = kind if self._random.random() > 0.03 else self._pick(tuple(_LEAVES))
        if depth <= 0 or self._random.random() < 0.3:
            found = self._pick(_LEAVES[wanted])
        else:
            self._wanted = wanted
            found = self._pick(self._shapes[wanted])(depth - 1)
        return f"dyn({found})" if self._random.random() < 0.35 else found

    def _sum(self, depth: int) -> str:
        kind = self._wanted
        signs = {"int": "+-*/%", "uint": "+-*/%", "double": "+-*/"}.get(kind, "+")
        return f"({self._of(kind, depth)} {self._pick(signs)} {self._of(kind, depth)})"

    def _conversion(self, depth: int) -> str:
        kind = self._wanted
        sources = {
            "uint": (*_NUMBERS, "string"), "double": (*_NUMBERS, "string"),
            "bytes": ("string", "bytes"), "timestamp": ("int", "string", "timestamp"),
            "duration": ("string", "duration"),
        }  # fmt: skip
        return f"{kind}({self._of(self._pick(sources[kind]), depth)})"

    def _choice(self, depth: int) -> str:
        kind = self._wanted
        sides = f"{self._of(kind, depth)} : {self._of(kind, depth)}"
        return f"({self._of('bool', depth)} ? {sides})"

    def _int(self, depth: int) -> str:
        if self._random.random() < 0.5:
            return f"int({self._of(self._pick(('uint', 'double', 'string', 'timestamp')), depth)})"
        return f"size({self._of(self._pick(('string', 'bytes', 'list', 'map')), depth)})"

    def _part(self, depth: int) -> str:
        if self._random.random() < 0.3:
            return f"({self._of('duration', depth)}).get{self._pick(_PARTS[-4:])}()"
        place = self._pick(_ZONES)
        return f"({self._of('timestamp', depth)}).get{self._pick(_PARTS)}({place})"

    def _place(self, depth: int) -> str:
        name, start = self._pick(("indexOf", "lastIndexOf")), self._pick(("", ", 1", ", 0"))
        return f"({self._of('string', depth)}).{name}({self._of('string', depth)}{start})"

    def _negative(self, depth: int) -> str:
        return f"-({self._of(self._wanted, depth)})"

    def _extreme(self, depth: int) -> str:
        sides = [self._of(self._pick(_NUMBERS), depth) for _ in range(2)]
        return f"math.{self._pick(('greatest', 'least'))}({', '.join(sides)})"

    def _string(self, depth: int) -> str:
        kinds = (*_ORDERED,)
        return f"string({self._of(self._pick(kinds), depth)})"

    def _text(self, depth: int) -> str:
        form = self._pick(("'%s'", "'%.2f'", "'%x'", "'%b'", "'%e'", "'%o'", "'%X %%'", "+"))
        if form == "+":
            return f"({self._of('string', depth)} + {self._of('string', depth)})"
        return f"{form}.format([{self._any(depth)}, {self._any(depth)}])"

    def _changed_text(self, depth: int) -> str:
        text = self._of("string", depth)
        limit = self._pick(("", ", 1", ", 0", ", -1"))
        change = self._pick((
            "lowerAscii()", "upperAscii()", "trim()", "reverse()", "substring(1)",
            "substring(0, 1)", f"replace('l', {self._of('string', 0)}{limit})",
            f"charAt({self._of('int', 0)})",
        ))  # fmt: skip
        return f"({text}).{change}"

    def _logic(self, depth: int) -> str:
        if self._random.random() < 0.3:
            return f"!({self._of('bool', depth)})"
        return f"({self._of('bool', depth)} {self._pick(('&&', '||'))} {self._of('bool', depth)})"

    def _relation(self, depth: int) -> str:
        if self._random.random() < 0.5:
            kind = self._pick(tuple(_LEAVES))
            other = kind if self._random.random() < 0.6 else self._pick(tuple(_LEAVES))
            sign = self._pick(("==", "!="))
        else:
            kind = self._pick(_ORDERED)
            other = self._pick(_NUMBERS) if kind in _NUMBERS else kind
            sign = self._pick(("<", "<=", ">", ">="))
        return f"(dyn({self._of(kind, depth)}) {sign} dyn({self._of(other, depth)}))"

    def _contained(self, depth: int) -> str:
        return f"(dyn({self._any(depth)}) in {self._of('list', depth)})"

    def _search(self, depth: int) -> str:
        name = self._pick(("startsWith", "endsWith", "contains", "matches"))
        return f"({self._of('string', depth)}).{name}({self._of('string', depth)})"

    def _macro(self, depth: int) -> str:
        name = self._pick(("all", "exists", "exists_one"))
        body = self._pick((
            f"dyn(x) == {self._any(depth - 1)}", f"x > {self._of('int', depth - 1)}",
            f"x in {self._of('list', depth - 1)}", "size(x) > 0", "type(x) == int",
        ))  # fmt: skip
        return f"({self._of(self._pick(('list', 'map')), depth)}).{name}(x, {body})"

    def _asked(self, depth: int) -> str:
        return self._pick((
            f"has(message.{self._pick(('m.a', 'm.zz', 'm.b.c', 'm.a.b', 'n.a'))})",
            f"(type({self._any(depth)}) == {self._pick(_TYPES)})",
            f"bool({self._of(self._pick(('string', 'bool')), depth)})",
            f"optional.ofNonZeroValue({self._any(depth)}).hasValue()",
            f"math.is{self._pick(('NaN', 'Inf', 'Finite'))}({self._of('double', depth)})",
        ))  # fmt: skip

    def _time(self, depth: int) -> str:
        sides = self._of("timestamp", depth), self._of("duration", depth)
        return f"({sides[0]} {self._pick('+-')} {sides[1]})"

    def _span(self, depth: int) -> str:
        kind = self._pick(("timestamp", "duration"))
        return f"({self._of(kind, depth)} - {self._of(kind, depth)})"

    def _list(self, depth: int) -> str:
        if self._random.random() < 0.5:
            return f"[{self._any(depth)}, {self._any(depth)}]"
        return f"cel.bind(q, {self._of('list', depth)}, q + {self._of('list', depth)})"

    def _mapped(self, depth: int) -> str:
        body = self._pick((
            f"map(x, [x, {self._any(depth - 1)}])", "map(x, x + 1)", "map(x, string(x))",
            f"filter(x, dyn(x) != {self._any(depth - 1)})", "map(x, x > 1, x)",
        ))  # fmt: skip
        return f"({self._of('list', depth)}).{body}"

    def _split(self, depth: int) -> str:
        limit = self._pick(("", ", 1", ", 2", ", 0", ", -1"))
        return f"({self._of('string', depth)}).split({self._pick(('', ',', 'l'))!r}{limit})"

    def _map(self, depth: int) -> str:
        key = self._of(self._pick(("string", "int", "uint", "bool")), 0)
        return f"{{{key}: {self._any(depth)}, 'zz': {self._any(depth)}}}"

    def _null(self, _: int) -> str:
        return "null"

    def _element(self, depth: int) -> str:
        place = self._of(self._pick(("int", "string", "uint", "double")), 0)
        return self._pick((
            f"({self._of(self._pick(('list', 'map')), depth)})[{place}]",
            f"({self._of('map', depth)})[?{place}].orValue({self._any(depth)})",
            f"message.m.?{self._pick(('a', 'zz', 'b.c', 'b.zz'))}.orValue({self._any(depth)})",
            f"({self._of('list', depth)})[?{self._pick('0123')}].optMap(o, [o]).orValue([])",
        ))  # fmt: skip
