"""Web servers' access logs: the Common and the Combined Log Format.

Source: Apache HTTP Server, mod_log_config (`common`, `combined`); nginx' default is the same.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from pipelines.field_path import MISSING
from pipelines.shape import NULLABLE_STRING, STRING, Shape
from pipelines.steps.parse.format import Format

_QUOTED = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_REQUEST = r'"(?:([A-Z]++) ([^ "\\]++) (HTTP/[0-9.]++)"|([^"\\]*+(?:\\.[^"\\]*+)*+)")'
_COMMON = rf"([^ ]++) ([^ ]++) ([^\[]+) \[([^\]]++)\] {_REQUEST} ([0-9]{{3}}) ([0-9]{{1,18}}|-)"
_END = r"[ \r\n]*+"
_common_line = re.compile(_COMMON + _END).fullmatch
_combined_line = re.compile(f"{_COMMON} {_QUOTED} {_QUOTED}{_END}").fullmatch

_TIME = re.compile(
    r"([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9]{2}:[0-9]{2}:[0-9]{2}) ([+-][0-9]{2})([0-9]{2})"
)
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_ESCAPED = re.compile(r"((?:\\x[0-9A-Fa-f]{2})++)|\\(.)")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def read_common(text: str, timestamp: int) -> object:
    """Return the fields of a line in the Common Log Format."""
    del timestamp
    match = _common_line(text)
    fields = None if match is None else _fields((*match.groups(), "-", "-"))
    if fields is None:
        return MISSING
    del fields["referer"], fields["user_agent"]
    return _without_escapes(fields) if "\\" in text else fields


def read_combined(text: str, timestamp: int) -> object:
    """Return the fields of a line in the Combined Log Format."""
    del timestamp
    match = _combined_line(text)
    fields = None if match is None else _fields(match.groups())
    if fields is None:
        return MISSING
    return _without_escapes(fields) if "\\" in text else fields


def _fields(found: tuple[Any, ...]) -> dict[str, object] | None:
    host, ident, user, at, method, path, protocol, odd, status, size, referer, agent = found
    moment = rfc3339(at)
    if moment is None:
        return None
    if odd is not None:
        method, path, protocol = _odd_request(odd)
    return {
        "host": host,
        "ident": None if ident == "-" else ident,
        "user": None if user == "-" else user,
        "timestamp": moment,
        "method": method,
        "path": path,
        "protocol": protocol,
        "status": int(status),
        "size": None if size == "-" else int(size),
        "referer": None if referer == "-" else referer,
        "user_agent": None if agent == "-" else agent,
    }


@lru_cache(maxsize=1024)  # neighbouring lines share their second
def rfc3339(at: str) -> str | None:
    """Return `02/Mar/2026:08:00:01 +0100` as `2026-03-02T08:00:01+01:00`; None: no such time."""
    match = _TIME.fullmatch(at)
    if match is None:
        return None
    day, month, year, clock, hours, minutes = match.groups()
    zone = "Z" if (hours[1:], minutes) == ("00", "00") else f"{hours}:{minutes}"
    moment = f"{year}-{_MONTHS.get(month, '00')}-{day}T{clock}{zone}"
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return None
    return moment


def _odd_request(request: str) -> tuple[str | None, str | None, str | None]:
    """Return method, target and protocol of a request that is no plain HTTP/1 request line.

    HTTP/0.9 has no protocol, a target may hold blanks; of anything else (a TLS handshake on a
    plain port) all is the target.
    """
    if request == "-":
        return None, None, None
    method, blank, rest = request.partition(" ")
    if not blank or not (method.isascii() and method.isupper()):
        return None, request, None
    path, blank, protocol = rest.rpartition(" ")
    if not blank or not protocol.startswith("HTTP/"):
        return method, rest, None
    return method, path, protocol


def _without_escapes(fields: dict[str, object]) -> dict[str, object]:
    r"""Return the fields without what servers write as `\"`, `\\`, `\n` or `\xhh` (UTF-8)."""
    return {
        name: _ESCAPED.sub(_character, field) if isinstance(field, str) else field
        for name, field in fields.items()
    }


def _character(match: re.Match[str]) -> str:
    octets, character = match.groups()
    if octets:
        return bytes.fromhex(octets.replace("\\x", "")).decode(errors="replace")
    return _CONTROLS.get(character, character)


_FIELDS = {
    "host": STRING,
    "ident": NULLABLE_STRING,
    "user": NULLABLE_STRING,
    "timestamp": STRING,
    "method": NULLABLE_STRING,
    "path": NULLABLE_STRING,
    "protocol": NULLABLE_STRING,
    "status": Shape("int"),
    "size": Shape("int", nullable=True),
}

COMMON = Format(read_common, _FIELDS)
"""`host ident user [time] "request" status size`; `-` is null."""

COMBINED = Format(
    read_combined, {**_FIELDS, "referer": NULLABLE_STRING, "user_agent": NULLABLE_STRING}
)
"""The same with `"referer" "user agent"`."""
