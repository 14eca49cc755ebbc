"""Text and opaque values: one line in the field `line`, or bytes as they are."""

from __future__ import annotations

from typing import Any

from pipelines.errors import RecordError


def decode_line(raw: bytes) -> dict[str, Any]:
    """Return a record with the one field `line`.

    Raises:
        RecordError: The bytes are no UTF-8 text (`decode_failed`).
    """
    try:
        return {"line": raw.decode()}
    except UnicodeDecodeError:
        raise RecordError("decode_failed", "decode", "not text in UTF-8") from None


def encode_line(value: object) -> bytes:
    """Return the field `line` as UTF-8.

    Raises:
        RecordError: There is no such field, or it is no text (`encode_failed`).
    """
    line = value.get("line") if isinstance(value, dict) else None
    if not isinstance(line, str):
        raise RecordError("encode_failed", "encode", "no text in the field `line`")
    return line.encode("utf-8", "replace")


def decode_bytes(raw: bytes) -> bytes:
    """Return the bytes as they are."""
    return raw


def encode_bytes(value: object) -> bytes:
    """Return the bytes as they are.

    Raises:
        RecordError: The value is something else (`encode_failed`).
    """
    if not isinstance(value, bytes):
        raise RecordError("encode_failed", "encode", "not bytes")
    return value
