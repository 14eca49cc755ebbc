"""sample: let a share of the records through, chosen by what they are about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, Literal, Self

import orjson
from pydantic import Field, model_validator

from pipelines.errors import RecordError
from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Cel, Ended, Resources, StepConfig, Transform

RATE_HEADER = "x-clearwater-sample-rate"
"""Header with the share of records that its record stands for, from 0 to 1."""

EVERYTHING = b"\xff" * 65
"""More than any digest of BLAKE2b."""

_BITS = 64


class Sample(StepConfig):
    """Let a share of the records through; the others end as sampled out.

    The choice is made by a hash (BLAKE2b) of the value of `by`, compared as text: the same
    value is always in or always out, in every process and in every pipeline, and what is in at
    a small ratio is in at every larger one. Records that pass carry the rate in the header
    `x-clearwater-sample-rate`; the rates of several samples multiply.
    """

    step: Literal["sample"] = "sample"
    ratio: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share that passes, over 0 up to 1. Either this or `one_in`."""
    one_in: Annotated[int, Field(ge=1)] | None = None
    """Pass one in so many."""
    by: Cel | None = None
    """What is chosen by; default: the record key, or without one the record's offset."""

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        if (self.ratio is None) == (self.one_in is None):
            message = "say how many pass: either `ratio` or `one_in`"
            raise ValueError(message)
        return self

    @property
    def rate(self) -> float:
        """The share that passes."""
        return 1 / (self.one_in or 1) if self.ratio is None else self.ratio

    def build(self, resources: Resources) -> Transform:
        by: Callable[[Record], object]
        by = _key if self.by is None else resources.expression(self.by, self.id)
        rate, step_id = self.rate, self.id
        limit = _limit(rate)
        stamp = (RATE_HEADER, f"{rate:.12g}".encode())
        ended = Ended(Fate.SAMPLED_OUT, "not_in_sample")
        blake2b = hashlib.blake2b

        def sample(record: Record) -> Ended | None:
            chosen = by(record)
            text = chosen.encode() if type(chosen) is str else _canonical(chosen, step_id)
            if blake2b(text).digest() >= limit:
                return ended
            headers = record.headers
            if headers and any(name == RATE_HEADER for name, _ in headers):
                _multiply(headers, rate)
            else:
                headers.append(stamp)
            return None

        return sample

    def sentence(self) -> str:
        by = "the record key" if self.by is None else self.by
        share = f"{self.rate:.12g}" if self.one_in is None else f"one in {self.one_in}"
        return f"Lets {share} of the records pass, chosen by {by}."


def _key(record: Record) -> object:
    if record.key is None:
        return f"{record.topic}/{record.partition}/{record.offset}"
    return record.key


def _canonical(value: object, step_id: str) -> bytes:
    """Return the bytes that stand for a value: the same for 5, 5.0 and "5"."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        text = orjson.dumps(
            value,
            default=str,
            option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z,
        )
    except orjson.JSONEncodeError:
        raise RecordError("sample_failed", step_id, "`by` has no text form") from None
    return text


def _limit(rate: float) -> bytes:
    """Return what the digests of the share that passes are less than, byte by byte."""
    limit = round(rate * 2**_BITS)
    return EVERYTHING if limit >= 2**_BITS else limit.to_bytes(_BITS // 8, "big")


def _multiply(headers: list[tuple[str, bytes]], rate: float) -> None:
    for place, (name, raw) in enumerate(headers):
        if name == RATE_HEADER:
            headers[place] = (name, f"{float(raw) * rate:.12g}".encode())
