"""JSON values: orjson, and exact integers where they have more than 64 bits."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any

import orjson

from pipelines.canonical_text import canonical_text
from pipelines.errors import RecordError

_DIGITS = bytes(ord("0") if byte in b"0123456789" else 0 for byte in range(256))
"""Every digit as 0, all else as NUL: runs of digits are found ten times as fast as by a pattern."""
_LONG_NUMBER = b"0" * 19
_NO_MEMORY = "Not enough memory"
"""How orjson says so: as if the text were wrong."""
_BEFORE_NUMBER = b":,[ \t\r\n-."
_OPTIONS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_UTC_Z
_LINE = _OPTIONS | orjson.OPT_APPEND_NEWLINE
"""What orjson returns keeps the four kilobytes that it was written in; a slice of it does not."""
_ANY_KEYS = _OPTIONS | orjson.OPT_NON_STR_KEYS
"""Takes twice the time of the same without: most names are text."""
_AS_TEXT = (bytes, Decimal, timedelta, str)
_NULL = type(None)


def decode(raw: bytes) -> Any:
    """Return the JSON value; any may stand at the top.

    Integers of any length keep their digits. Of a key given twice the last counts.

    Raises:
        RecordError: These bytes are no JSON (`decode_failed`).
        MemoryError: There is not enough memory to tell.
    """
    try:
        if not _may_be_long(raw):
            return orjson.loads(raw)
        # orjson reads integers beyond 64 bits as doubles and would lose digits
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if str(error).startswith(_NO_MEMORY):
            raise MemoryError from None
        raise RecordError("decode_failed", "decode", "not JSON in UTF-8") from None


def decode_record(raw: bytes) -> Any:
    """Return the JSON value of a record, as `decode` does, but never None.

    Raises:
        RecordError: These bytes are no JSON, or the value null (`decode_failed`).
    """
    value = decode(raw)
    if value is None:
        raise no_record()
    return value


def decode_records(raws: Sequence[bytes]) -> list[Any]:
    """Return the JSON values of records, as `decode_record` does.

    One look for long numbers in all of them costs a quarter of a look at each.

    Raises:
        ValueError: One of them may need `decode_record`.
    """
    if _may_be_long(b",".join(raws)):
        raise ValueError("perhaps a number beyond 64 bits")
    values = [*map(orjson.loads, raws)]
    if _NULL in {*map(type, values)}:
        raise ValueError("perhaps the value null")
    return values


def _may_be_long(raw: bytes) -> bool:
    """Return True if a number may have more digits in a row than one of 64 bits has.

    Digits behind a quote or a letter are part of a string: ids and hashes are full of them.
    """
    digits = raw.translate(_DIGITS)
    at = digits.find(_LONG_NUMBER)
    while at >= 0:
        if at == 0 or raw[at - 1] in _BEFORE_NUMBER:
            return True
        end = digits.find(b"\0", at)
        at = digits.find(_LONG_NUMBER, end) if end >= 0 else -1
    return False


def no_record() -> RecordError:
    """Return why the value null is refused: it would leave as a tombstone, and delete."""
    return RecordError("decode_failed", "decode", "the value null is no record")


def encode(value: object) -> bytes:
    """Return the value as JSON text in UTF-8.

    Times become RFC 3339, decimals text, bytes base64; NaN and infinities null, as ECMA-262 has it.

    Raises:
        RecordError: The value has no form in JSON (`encode_failed`).
    """
    try:
        return orjson.dumps(value, default=_text, option=_LINE)[:-1]
    except (orjson.JSONEncodeError, RecursionError):
        return _encode_exactly(value)


def encode_all(values: Sequence[object]) -> list[bytes]:
    """Return values as JSON texts, as `encode` does.

    Raises:
        orjson.JSONEncodeError: One of them needs a closer look, or has no form.
    """
    return [line[:-1] for line in map(orjson.dumps, values, repeat(_text), repeat(_LINE))]


def kept(raws: Sequence[bytes], values: Sequence[object]) -> Sequence[bytes | None]:
    """Return texts as they came, None for each that may show more than its decoded value does.

    Of a name given twice in an object only the last value is decoded, and of a long number not
    every digit: what nobody looked at must not leave.

    Args:
        raws: The texts.
        values: What each was decoded to.
    """
    if _shows_no_more(b",".join(raws), values):
        return raws
    several = zip(raws, values, strict=True)
    return [raw if _shows_no_more(raw, value) else None for raw, value in several]


def _shows_no_more(raw: bytes, value: object) -> bool:
    """Return True if there are as many names in these texts as in what was decoded.

    Each name has a colon behind it. All others stand in strings, the same number in the value
    written anew: unless one is spelled in hexadecimal.
    """
    if (b"\\" in raw and b"\\u" in raw) or _may_be_long(raw):
        return False
    try:
        return raw.count(b":") == orjson.dumps(value).count(b":")
    except TypeError:
        return False


def _encode_exactly(value: object) -> bytes:
    with suppress(orjson.JSONEncodeError, RecursionError):
        return orjson.dumps(value, default=_text, option=_ANY_KEYS)
    try:
        text = json.dumps(_finite(value), default=_plain, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except (ValueError, TypeError, RecursionError):
        raise RecordError("encode_failed", "encode", "the value has no form in JSON") from None


def _text(value: object) -> str:
    """Return what orjson has no form for as text."""
    if isinstance(value, _AS_TEXT):
        return canonical_text(value)
    raise TypeError(type(value).__name__)


def _plain(value: object) -> Any:
    """Return a scalar as orjson writes it."""
    return orjson.loads(orjson.dumps(value, default=_text, option=_ANY_KEYS))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and infinity are no JSON")
