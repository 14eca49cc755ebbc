"""Syslog messages: RFC 5424, and the older form that RFC 3164 describes."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from pipelines.field_path import MISSING
from pipelines.shape import NULLABLE_STRING, STRING, Shape
from pipelines.steps.parse.format import Format

_PARAMETER = r'[^ =\]"]{1,256}="[^"\\\]]*+(?:\\.[^"\\\]]*+)*+"'
_ELEMENTS = rf"(?:\[[^ =\]\"]{{1,256}}(?: {_PARAMETER})*+ ?\])++"
_RFC3339 = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}(?:Z|[+-][0-9]{2}:[0-9]{2})"
_NEW = re.compile(
    r"<([0-9]{1,3})>1 "
    rf"(-|{_RFC3339}) ([!-~]++) ([!-~]++) ([!-~]++) ([!-~]++) (-|{_ELEMENTS})(?: (.*+))?",
    re.DOTALL,
)
_OLD = re.compile(
    r"(?:<([0-9]{1,3})>)?"
    rf"([A-Z][a-z]{{2}} [ 0-3][0-9] [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}|{_RFC3339}) "
    r"([^ ]++)(?: ([^ :\[\]]++)(?:\[([^ \[\]]++)\])?:(?: |$))?(.*+)",
    re.DOTALL,
)
_ELEMENT = re.compile(rf"\[([^ =\]\"]++)((?: {_PARAMETER})*+) ?\]")
_NAMED = re.compile(r' ([^ =\]"]++)="([^"\\\]]*+(?:\\.[^"\\\]]*+)*+)"')
_ESCAPED = re.compile(r'\\(["\\\]])')
_DAY = 24 * 60 * 60 * 1000
_LATEST = 253_370_764_800_000  # the year 9999, in milliseconds
_NO_TIME = ""
_BOM = "\ufeff"

_FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
)  # fmt: skip
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


def read_syslog(text: str, timestamp: int) -> object:
    """Return the fields of a message.

    The old form has no year and no zone: the year is the one that brings it nearest to the
    record's timestamp, the zone UTC; without a timestamp the time is null.
    """
    text = text.rstrip("\r\n")
    match = _NEW.fullmatch(text)
    if match is not None:
        priority, at, host, app, process, message_id, data, message = match.groups()
        moment = None if at == "-" else at
        structured = None if data == "-" else _structured(data)
        message = message and message.removeprefix(_BOM)
    else:
        match = _OLD.fullmatch(text)
        if match is None:
            return MISSING
        priority, at, host, app, process, message = match.groups()
        message = message.removeprefix(" ")
        message_id, structured = "-", None
        moment = at
        if not at[0].isdigit():
            moment = _nearest(at, timestamp // _DAY) if 0 < timestamp < _LATEST else None
            if moment == _NO_TIME:
                return MISSING
    if priority is not None and int(priority) >= len(_FACILITIES) * 8:
        return MISSING
    if at == moment and not _is_time(at):
        return MISSING
    return {
        "facility": None if priority is None else _FACILITIES[int(priority) >> 3],
        "severity": None if priority is None else _SEVERITIES[int(priority) & 7],
        "timestamp": moment,
        "host": _or_null(host),
        "app": _or_null(app),
        "process_id": _or_null(process),
        "message_id": _or_null(message_id),
        "structured_data": structured,
        "message": message,
    }


def _or_null(text: str | None) -> str | None:
    return None if text == "-" else text


def _is_time(moment: str) -> bool:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True


def _structured(data: str) -> dict[str, dict[str, str]]:
    return {
        element[1]: {
            name: _ESCAPED.sub(r"\1", value) if "\\" in value else value
            for name, value in _NAMED.findall(element[2])
        }
        for element in _ELEMENT.finditer(data)
    }


@lru_cache(maxsize=1024)  # neighbouring lines share their second
def _nearest(at: str, day: int) -> str:
    """Return `Oct 11 22:14:15` as RFC 3339, in the year nearest to a day since the epoch."""
    near = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    month, number = _MONTHS.get(at[:3], 0), int(at[4:6])
    clock = int(at[7:9]), int(at[10:12]), int(at[13:15])
    found = []
    for year in (near.year - 1, near.year, near.year + 1):
        with contextlib.suppress(ValueError):  # 29 February of another year, or no time at all
            found.append(datetime(year, month, number, *clock, tzinfo=UTC))
    best = min(found, key=lambda moment: abs(moment - near), default=None)
    return _NO_TIME if best is None else best.isoformat().replace("+00:00", "Z")


SYSLOG = Format(
    read_syslog,
    {
        "facility": NULLABLE_STRING,
        "severity": NULLABLE_STRING,
        "timestamp": NULLABLE_STRING,
        "host": NULLABLE_STRING,
        "app": NULLABLE_STRING,
        "process_id": NULLABLE_STRING,
        "message_id": NULLABLE_STRING,
        "structured_data": Shape("map", nullable=True, items=Shape("map", items=STRING)),
        "message": NULLABLE_STRING,
    },
)
"""`<34>1 time host app pid id [data] message`, or `<34>Oct 11 22:14:15 host app[pid]: message`."""
