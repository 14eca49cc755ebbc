"""Clearwater's own functions: few, and none that CEL's own could stand for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pipelines.canonical_text import canonical_text
from pipelines.condition.error import CelFailure
from pipelines.condition.limits import charge
from pipelines.condition.linear import text_pattern
from pipelines.condition.values import a_kind, kind_of

_NO_SCALAR = ("list", "map", "type", "optional")


def hashed(value: Any) -> int:
    """Return `hash(value)`: a number from 0 to 2^63 - 1 that is the same for the same value.

    The first 63 bits of SHA-256 over the value's canonical text, so 5 and 5.0 are one value. It
    picks records evenly, it does not hide them: whoever can guess a value can check the guess.
    """
    if value is None or kind_of(value) in _NO_SCALAR:
        raise CelFailure(f"{a_kind(value)} has no hash")
    text = canonical_text(value)
    charge(len(text))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def glob(value: Any, pattern: Any) -> bool:
    """Return `glob(value, pattern)`: all of the text fits; `*` is any text, `?` one character."""
    if type(value) is not str or type(pattern) is not str:
        raise CelFailure("`glob` takes two strings")
    return _glob(pattern)(value)


@lru_cache(maxsize=256)
def _glob(pattern: str) -> Callable[[str], bool]:
    if "?" in pattern:
        pieces = {"*": "(?s:.*)", "?": "(?s:.)"}
        written = "".join(pieces.get(one) or re.escape(one) for one in pattern)
        found = text_pattern(f"^(?:{written})$")
        return lambda text: found.fullmatch(text) is not None
    if "*" not in pattern:
        return pattern.__eq__
    start, *between, end = pattern.split("*")
    least = sum(map(len, (start, end, *between)))

    def fits(text: str) -> bool:
        if len(text) < least or not text.startswith(start) or not text.endswith(end):
            return False
        place = len(start)
        for piece in between:
            # the first place is as good as any: what follows has the most room behind it
            place = text.find(piece, place, len(text) - len(end))
            if place < 0:
                return False
            place += len(piece)
        return True

    return fits


def encoded(value: Any) -> str:
    """Return `base64.encode(bytes)`."""
    if type(value) is not bytes:
        raise CelFailure(f"{a_kind(value)} is no bytes")
    charge(len(value))
    return base64.b64encode(value).decode("ascii")


def decoded(text: Any) -> bytes:
    """Return `base64.decode(text)`; the padding may be missing."""
    if type(text) is not str:
        raise CelFailure(f"{a_kind(text)} is no string")
    charge(len(text))
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        raise CelFailure("this string is no base64") from None
