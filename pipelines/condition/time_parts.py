"""The parts of times and durations: `getHours()` and its like, in a time zone where one is given.

Source: the CEL language definition, "Timestamps and Durations".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.condition.error import CelFailure
from pipelines.condition.times import NANOSECONDS, span_nanoseconds, time_zone
from pipelines.condition.values import FineDuration, FineTimestamp, a_kind, kind_of

_MIDDLE = 5000
_PARTS: dict[str, Callable[[datetime], int]] = {
    "getFullYear": lambda time: time.year,
    "getMonth": lambda time: time.month - 1,
    "getDate": lambda time: time.day,
    "getDayOfMonth": lambda time: time.day - 1,
    "getDayOfWeek": lambda time: time.isoweekday() % 7,
    "getDayOfYear": lambda time: time.timetuple().tm_yday - 1,
    "getHours": lambda time: time.hour,
    "getMinutes": lambda time: time.minute,
    "getSeconds": lambda time: time.second,
    "getMilliseconds": lambda time: time.microsecond // 1000,
}
_UNITS: dict[str, int] = {
    "getHours": 3600 * NANOSECONDS,
    "getMinutes": 60 * NANOSECONDS,
    "getSeconds": NANOSECONDS,
}


def part_of(name: str) -> Callable[..., int]:
    """Return the function of that name, such as `getHours`."""
    part, unit = _PARTS[name], _UNITS.get(name)

    def run(value: Any, zone: Any = "UTC") -> int:
        if type(value) in (datetime, FineTimestamp):
            placed = _placed(value, zone)
            if name == "getFullYear" and abs(placed.year - value.year) > 1:
                return placed.year + (400 if value.year > _MIDDLE else -400)
            return part(placed)
        if type(value) in (timedelta, FineDuration) and zone == "UTC":
            count = span_nanoseconds(value)
            sign = -1 if count < 0 else 1
            if unit is not None:
                return sign * (abs(count) // unit)
            if name == "getMilliseconds":
                return sign * (abs(count) % NANOSECONDS // 1_000_000)
        raise CelFailure(f"`{name}` takes no {kind_of(value)}")

    return run


def _placed(value: datetime, zone: Any) -> datetime:
    """Return the time as clocks and calendars in the zone show it."""
    if type(zone) is not str:
        raise CelFailure(f"{a_kind(zone)} is no time zone")
    if value.tzinfo is None:
        raise CelFailure("this time has no time zone")
    place = UTC if zone == "UTC" else time_zone(zone)
    try:
        return value.astimezone(place)
    except OverflowError:  # the year 0 or 10000: the calendar is the same every 400 years
        nearer = value.replace(year=value.year + (400 if value.year < _MIDDLE else -400))
        return nearer.astimezone(place)


NAMES = tuple(_PARTS)
"""The functions that there are."""
OF_DURATIONS = (*_UNITS, "getMilliseconds")
"""Those that durations have too."""
