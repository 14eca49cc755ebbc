"""Record keys: text, JSON or opaque bytes."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.declaration.pipeline import KeyFormat
from pipelines.errors import RecordError
from pipelines.wire import json
from pipelines.wire.text import decode_bytes

Codec = tuple[Callable[[bytes], object], Callable[[object], bytes]]


def key_codec(key_format: KeyFormat) -> Codec:
    """Return how keys are decoded and encoded; both raise RecordError."""
    return {
        "string": (decode_text, encode_text),
        "json": (decode_json, json.encode),
        "bytes": (decode_bytes, encode_text),
    }[key_format]


def decode_text(raw: bytes) -> str:
    """Return the key as text.

    Raises:
        RecordError: It is no UTF-8 (`decode_failed`).
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise RecordError("decode_failed", "key", "not text in UTF-8: see source.key") from None


def decode_json(raw: bytes) -> object:
    """Return the key as a JSON value.

    Raises:
        RecordError: It is no JSON (`decode_failed`).
    """
    try:
        return json.decode(raw)
    except RecordError:
        raise RecordError("decode_failed", "key", "not JSON in UTF-8: see source.key") from None


def encode_text(key: object) -> bytes:
    """Return a key as bytes: text in UTF-8, bytes as they are, anything else as JSON."""
    if isinstance(key, str):
        return key.encode("utf-8", "replace")
    return key if isinstance(key, bytes) else json.encode(key)
