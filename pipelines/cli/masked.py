"""Masked: values on the screen that hold nothing of a record but its shape."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.field_path import MISSING
from pipelines.privacy.scan import Scan
from pipelines.profile.field_profile import same_shape

_MOST = 6  # fields of an object that are named
_LONGEST = 48


def masked(value: object) -> str:
    """Return a value's shape: letters as `x`, digits as `0`; of objects the names of fields."""
    if value is MISSING:
        return "(absent)"
    if value is None or isinstance(value, bool):
        return "null" if value is None else type(value).__name__
    if isinstance(value, Mapping):
        names = [str(one) for one in value]
        more = ", …" if len(names) > _MOST else ""
        return "{" + ", ".join(names[:_MOST]) + more + "}"
    if isinstance(value, list | tuple):
        return f"[{len(value)} elements]"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return f'"{same_shape(value)}"' if isinstance(value, str) else same_shape(str(value))


def shown(value: object, scan: Scan) -> str:
    """Return a value that leaves as it is, or its shape if detectors find something in it."""
    if value is MISSING or isinstance(value, Mapping | list) or scan.find_in(value):
        return masked(value)
    text = str(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
