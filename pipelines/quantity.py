"""Durations, sizes, rates and shares as the user writes them: `30s`, `1MiB`, `100/s`, `5%`; counts.

A default is given as the number that is held (seconds, bytes, a share of 1), so a field that has
one says `Field(validate_default=False)`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_SIZE = re.compile(r"([0-9]+)(B|KiB|MiB|GiB)")
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(B|KiB|MiB|GiB)?/(s|m|h)")
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")


def _seconds(written: object) -> object:
    if isinstance(written, str) and (match := _DURATION.fullmatch(written)):
        return float(match[1]) * _SECONDS[match[2]]
    message = "a duration is a number with a unit: such as 500ms, 30s, 5m, 2h, 1d"
    raise ValueError(message)


def _bytes(written: object) -> object:
    if isinstance(written, str) and (match := _SIZE.fullmatch(written)):
        return int(match[1]) * _BYTES[match[2]]
    message = "a size is a whole number with a unit: such as 512B, 64KiB, 1MiB, 1GiB"
    raise ValueError(message)


def _share(written: object) -> object:
    if isinstance(written, str) and (match := _SHARE.fullmatch(written)):
        return float(match[1]) / 100
    message = "a share is a percentage: such as 5%, 0.1%"
    raise ValueError(message)


def duration_text(seconds: float) -> str:
    """Return a duration as it can be written: `1.5s`."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"


def _written(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "examples": [example]})


class Rate(NamedTuple):
    """So many records or bytes in a second.

    Attributes:
        per_second: How many.
        of: Of what.
    """

    per_second: float
    of: Literal["records", "bytes"]

    def __str__(self) -> str:
        """Return it as it can be written."""
        unit = "B" if self.of == "bytes" else ""
        number = Decimal(repr(self.per_second)).normalize()  # all its digits, and no exponent
        return f"{number:f}{unit}/s"


def _rate(written: object) -> object:
    if isinstance(written, str) and (match := _RATE.fullmatch(written)):
        count = float(match[1]) * _BYTES.get(match[2], 1) / _SECONDS[match[3]]
        if count > 0:
            return Rate(count, "records" if match[2] is None else "bytes")
    message = "a rate is so many records or bytes in a time: 100/s, 6000/m, 64KiB/s, 1MiB/s"
    raise ValueError(message)


WrittenRate = Annotated[
    Rate,
    PlainValidator(_rate),
    PlainSerializer(str),
    _written(_RATE.pattern, "100/s"),
]
"""A rate over zero; held as `Rate`."""

Duration = Annotated[float, BeforeValidator(_seconds), _written(_DURATION.pattern, "30s")]
"""A duration; held as seconds."""

Size = Annotated[int, BeforeValidator(_bytes), _written(_SIZE.pattern, "1MiB")]
"""A number of bytes."""

Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1), _written(_SHARE.pattern, "5%")]
"""A share of a whole; held as a number from 0 to 1."""


def counted(count: int, what: str) -> str:
    """Return how many there are: `1 record`, `2 records`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
