"""Timestamps and durations to the nanosecond, as text and as numbers, and their parts.

Sources: the CEL language definition, "Timestamps and Durations"; RFC 3339 for the text of times.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.condition.error import CelFailure
from pipelines.condition.values import INT_MAX, FineDuration, FineTimestamp

NANOSECONDS = 1_000_000_000
"""Nanoseconds of a second."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = -62_135_596_800 * NANOSECONDS
_LAST = 253_402_300_800 * NANOSECONDS - 1
_LONGEST = 315_576_000_000 * NANOSECONDS
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|μs|ns|m|s)", re.ASCII)
_UNITS = {
    "h": 3600 * NANOSECONDS, "m": 60 * NANOSECONDS, "s": NANOSECONDS, "ms": 1_000_000,
    "us": 1000, "µs": 1000, "μs": 1000, "ns": 1,
}  # fmt: skip
_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)


def nanoseconds(value: Any) -> int:
    """Return what a time or duration has below its microsecond."""
    return value.nanoseconds if type(value) in (FineTimestamp, FineDuration) else 0


def time_nanoseconds(value: datetime) -> int:
    """Return the nanoseconds from 1970 to the time.

    Raises:
        CelFailure: The time has no time zone.
    """
    if value.tzinfo is None:
        raise CelFailure("this time has no time zone")
    since = value - _EPOCH
    return _counted(since) + nanoseconds(value)


def span_nanoseconds(value: timedelta) -> int:
    """Return the nanoseconds of a duration."""
    return _counted(value) + nanoseconds(value)


def _counted(value: timedelta) -> int:
    return (value.days * 86400 + value.seconds) * NANOSECONDS + value.microseconds * 1000


def timestamp_of(count: int) -> datetime:
    """Return the time so many nanoseconds after 1970.

    Raises:
        CelFailure: It is outside of the years 1 to 9999.
    """
    if not _FIRST <= count <= _LAST:
        raise CelFailure("outside of the range of times")
    found = _EPOCH + timedelta(microseconds=count // 1000)
    if not count % 1000:
        return found
    fine = FineTimestamp(*found.timetuple()[:6], found.microsecond, UTC)
    fine.nanoseconds = count % 1000
    return fine


def duration_of(count: int) -> timedelta:
    """Return the duration of so many nanoseconds.

    Raises:
        CelFailure: It is longer than 10,000 years.
    """
    if not -_LONGEST <= count <= _LONGEST:
        raise CelFailure("outside of the range of durations")
    found = timedelta(microseconds=count // 1000)
    if not count % 1000:
        return found
    fine = FineDuration(found.days, found.seconds, found.microseconds)
    fine.nanoseconds = count % 1000
    return fine


def elapsed(left: datetime, right: datetime) -> timedelta:
    """Return `left - right`.

    Raises:
        CelFailure: The nanoseconds between them do not fit into 64 bits.
    """
    count = time_nanoseconds(left) - time_nanoseconds(right)
    if abs(count) > INT_MAX:
        raise CelFailure("outside of the range of durations")
    return duration_of(count)


def parsed_timestamp(text: str) -> datetime:
    """Return the time of RFC 3339 text.

    Raises:
        CelFailure: It is none, or outside of the years 1 to 9999.
    """
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise CelFailure("this string is no timestamp")
    try:
        year, month, day, hour, minute, second = map(int, found.groups()[:6])
        leap = second == 60  # noqa: PLR2004 - that there may be, says RFC 3339
        whole = datetime(year, month, day, hour, minute, second - leap, tzinfo=UTC)
    except ValueError:
        raise CelFailure("this string is no timestamp") from None
    fraction = int((found[7] or "0").ljust(9, "0")[:9])
    count = _counted(whole - _EPOCH) + fraction + leap * NANOSECONDS
    if found[8]:
        hours, minutes = int(found[9]), int(found[10])
        if hours > 23 or minutes > 59:  # noqa: PLR2004 - of a clock
            raise CelFailure("this string is no timestamp")
        shift = (hours * 3600 + minutes * 60) * NANOSECONDS
        count += -shift if found[8] == "+" else shift
    return timestamp_of(count)


def parsed_duration(text: str) -> timedelta:
    """Return the duration of text such as `1h30m` or `1.5s`.

    Raises:
        CelFailure: It is none, or longer than 10,000 years.
    """
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return timedelta()
    parts = list(_DURATION.finditer(unsigned))
    if not parts or "".join(part[0] for part in parts) != unsigned:
        raise CelFailure("this string is no duration")
    total = 0
    for part in parts:
        whole, _, fraction = part[1].partition(".")
        unit = _UNITS[part[2]]
        total += int(whole or 0) * unit
        total += int((fraction or "0")[:18]) * unit // 10 ** min(len(fraction or "0"), 18)
    return duration_of(-total if text.startswith("-") else total)


def timestamp_text(value: datetime) -> str:
    """Return a time as RFC 3339 in UTC, with as many digits below the second as it needs."""
    seconds, rest = divmod(time_nanoseconds(value), NANOSECONDS)
    whole = (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]
    return f"{whole}{_fraction(rest)}Z"


def duration_text(value: timedelta) -> str:
    """Return a duration as seconds: `1.5s`."""
    count = span_nanoseconds(value)
    seconds, rest = divmod(abs(count), NANOSECONDS)
    return f"{'-' if count < 0 else ''}{seconds}{_fraction(rest)}s"


def _fraction(rest: int) -> str:
    return f".{rest:09d}".rstrip("0") if rest else ""


@lru_cache(maxsize=256)
def time_zone(name: str) -> tzinfo:
    """Return the zone of an IANA name or of an offset such as `+02:00`.

    Raises:
        CelFailure: There is none.
    """
    offset = _OFFSET.fullmatch(name)
    try:
        if offset is None:
            return ZoneInfo(name)
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-shift if offset[1] == "-" else shift)
    except (ValueError, KeyError, OSError):
        raise CelFailure("there is no such time zone") from None
