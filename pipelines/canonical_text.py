"""The one text of a scalar: what is hashed and tokenized, the same on every machine."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

_TEXTS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value,
    bool: lambda value: "true" if value else "false",
    float: lambda value: str(int(value)) if value.is_integer() else repr(value),
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
    datetime: datetime.isoformat,
    date: date.isoformat,
    timedelta: lambda value: f"{value.total_seconds()}s",
    Decimal: lambda value: format(value, "f"),
}


def canonical_text(value: object) -> str:
    """Return the text of a scalar: text as it is, numbers and flags as JSON, times as RFC 3339.

    Whole doubles are written as integers, so that 5 and 5.0 are one value.
    """
    return _TEXTS.get(type(value), str)(value)
