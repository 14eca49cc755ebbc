"""Original: a record as it was fetched, and its form inside a dead letter."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_NULL = 2**32 - 1
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Original:
    """A record as it was fetched: raw, for the eyes of the key's owner only.

    Attributes:
        key: Raw key.
        value: Raw value.
        headers: Raw headers, in order.
    """

    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: tuple[tuple[str, bytes | None], ...] = field(repr=False)


def packed(
    key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]]
) -> Iterator[bytes]:
    """Yield the parts of a record, each behind its length."""
    names = [(name.encode("utf-8", "surrogateescape"), content) for name, content in headers]
    for part in (key, value, *(part for header in names for part in header)):
        yield _LENGTH.pack(_NULL if part is None else len(part))
        yield part or b""


def unpacked(original: bytes) -> Original:
    """Return what `packed` made the bytes of."""
    parts: list[bytes | None] = []
    start = 0
    while start < len(original):
        (length,) = _LENGTH.unpack_from(original, start)
        start += _LENGTH.size
        parts.append(None if length == _NULL else original[start : start + length])
        start += 0 if length == _NULL else length
    key, value, *rest = parts
    names = [(name or b"").decode("utf-8", "surrogateescape") for name in rest[::2]]
    return Original(key, value, tuple(zip(names, rest[1::2], strict=True)))
