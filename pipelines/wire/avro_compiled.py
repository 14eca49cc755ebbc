"""Compiled: one Avro schema as a Python function of its own that reads values of it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from fastavro.read import LOGICAL_READERS

Read = Callable[[bytes, int], tuple[Any, int]]
"""From bytes and where a value begins to the value and where it ends."""

_HEAD = "def read(raw, at):"
_DEEPEST = 12  # blocks in each other; Python takes 20
_KINDS = frozenset({
    "null", "boolean", "int", "long", "float", "double", "bytes", "string", "fixed", "enum",
    "record", "error", "array", "map",
})  # fmt: skip
_PACKED = {"float": ("<f", 4), "double": ("<d", 8)}


def compiled_reader(schema: Any) -> Read | None:
    """Return a function that reads values of a schema, None where it has no such form.

    It does what a general reader does field by field, without asking each time what each is, in
    two thirds of the time. It raises what it may on bytes that are no such value; of a value that
    ends too early it may only tell so by an end behind theirs.

    Args:
        schema: The schema, with each use of a named type written out.
    """
    source = _Source()
    try:
        source.read(schema, "value", 1)
    except _Unsuited:
        return None
    text = "\n".join((_HEAD, *source.lines, "    return value, at"))
    exec(compile(text, "<avro>", "exec"), source.names)  # noqa: S102 - of our words and literals
    return source.names["read"]  # type: ignore[no-any-return] # just made


def varint(raw: bytes, number: int, at: int) -> tuple[int, int]:
    """Return the rest of a number of several bytes, and where it ends.

    Args:
        raw: All bytes.
        number: The first byte.
        at: Where the second stands.

    Raises:
        ValueError: It has more than ten bytes.
        IndexError: The bytes end within it.
    """
    number &= 127
    for shift in range(7, 70, 7):
        byte = raw[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004 - the eighth bit says that more follow
            return number, at
    raise ValueError("no number")


def wrong() -> Any:
    """Raise what says that bytes are no value of the schema."""
    raise ValueError("no value of the schema")


class _Unsuited(Exception):
    """The schema has no form as a function."""


class _Source:
    """The lines of the function, as far as they are written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {"varint": varint, "wrong": wrong}
        self._count = 0

    def read(self, schema: Any, into: str, depth: int) -> None:
        """Write what reads a value into a variable.

        Raises:
            _Unsuited: The schema needs a general reader.
        """
        if isinstance(schema, list):
            self._union(schema, into, depth)
            return
        if isinstance(schema, str):
            schema = {"type": schema}
        kind = schema["type"]
        if not isinstance(kind, str):
            self.read(kind, into, depth)
            return
        if kind not in _KINDS or depth > _DEEPEST:  # a type's name inside itself, for one
            raise _Unsuited
        getattr(self, f"_{kind}")(schema, into, depth)
        convert = LOGICAL_READERS.get(f"{kind}-{schema.get('logicalType')}")
        if convert is not None:
            given = self._known(convert), self._known(schema)
            self._line(depth, f"{into} = {given[0]}({into}, {given[1]}, None)")

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def _new(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _known(self, what: Any) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = what
        return name

    def _varint(self, depth: int) -> None:
        self._line(depth, "n = raw[at]; at += 1")
        self._line(depth, "if n > 127: n, at = varint(raw, n, at)")

    def _null(self, _: Any, into: str, depth: int) -> None:
        self._line(depth, f"{into} = None")

    def _boolean(self, _: Any, into: str, depth: int) -> None:
        self._line(depth, f"{into} = raw[at] != 0; at += 1")

    def _long(self, _: Any, into: str, depth: int) -> None:
        self._varint(depth)
        self._line(depth, f"{into} = (n >> 1) ^ -(n & 1)")

    _int = _long

    def _double(self, schema: Any, into: str, depth: int) -> None:
        layout, size = _PACKED[schema["type"]]
        unpack = self._known(struct.Struct(layout).unpack_from)
        self._line(depth, f"({into},) = {unpack}(raw, at); at += {size}")

    _float = _double

    def _bytes(self, _: Any, into: str, depth: int, decode: str = "") -> None:
        self._varint(depth)
        self._line(depth, "if n & 1: wrong()")
        self._line(depth, f"e = at + (n >> 1); {into} = raw[at:e]{decode}; at = e")

    def _string(self, schema: Any, into: str, depth: int) -> None:
        self._bytes(schema, into, depth, ".decode()")

    def _fixed(self, schema: Any, into: str, depth: int) -> None:
        self._line(depth, f"e = at + {int(schema['size'])}; {into} = raw[at:e]; at = e")
        self._line(depth, "if at > len(raw): wrong()")

    def _enum(self, schema: Any, into: str, depth: int) -> None:
        symbols = self._known(tuple(schema["symbols"]))
        self._varint(depth)
        self._line(depth, f"{into} = wrong() if n & 1 else {symbols}[n >> 1]")

    def _record(self, schema: Any, into: str, depth: int) -> None:
        fields = {field["name"]: self._new() for field in schema["fields"]}
        for field in schema["fields"]:
            self.read(field["type"], fields[field["name"]], depth)
        pairs = ", ".join(f"{name!r}: {variable}" for name, variable in fields.items())
        self._line(depth, f"{into} = {{{pairs}}}")

    _error = _record

    def _array(self, schema: Any, into: str, depth: int) -> None:
        inner = self._new()
        self._line(depth, f"{into} = []")
        self._blocks(schema["items"], depth)
        self.read(schema["items"], inner, depth + 2)
        self._line(depth + 2, f"{into}.append({inner})")

    def _map(self, schema: Any, into: str, depth: int) -> None:
        name, inner = self._new(), self._new()
        self._line(depth, f"{into} = {{}}")
        self._blocks("string", depth)
        self._string(None, name, depth + 2)
        self.read(schema["values"], inner, depth + 2)
        self._line(depth + 2, f"{into}[{name}] = {inner}")

    def _blocks(self, items: Any, depth: int) -> None:
        """Write the loops around what is in an array or map.

        Raises:
            _Unsuited: Items may take no byte: a few bytes could ask for endless many.
        """
        if _may_be_empty(items):
            raise _Unsuited
        self._line(depth, "while True:")
        self._varint(depth + 1)
        self._line(depth + 1, "if not n: break")
        self._line(depth + 1, "c = n >> 1")
        self._line(depth + 1, "if n & 1:")  # the size of the block in bytes follows
        self._line(depth + 2, "c += 1")
        self._varint(depth + 2)
        self._line(depth + 1, "for _ in range(c):")

    def _union(self, members: list[Any], into: str, depth: int) -> None:
        self._varint(depth)
        for number, member in enumerate(members):
            self._line(depth, f"{'elif' if number else 'if'} n == {2 * number}:")
            self.read(member, into, depth + 1)
        self._line(depth, "else: wrong()")


def _may_be_empty(schema: Any) -> bool:
    """Return True if a value of the schema may take no byte."""
    if isinstance(schema, list):
        return False  # the member's number
    if isinstance(schema, str):
        return schema == "null"
    kind = schema["type"]
    if kind in ("record", "error"):
        return all(_may_be_empty(field["type"]) for field in schema["fields"])
    return schema["size"] == 0 if kind == "fixed" else _may_be_empty(kind)
