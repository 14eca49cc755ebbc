from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.field_path import MISSING
from pipelines.steps.parse.access_log import COMBINED, COMMON, rfc3339

HEAD = "203.0.113.7 - - [02/Mar/2026:08:00:01 +0000]"


def combined(line: str) -> Any:
    return COMBINED.read(line, 0)


def test_a_combined_line_becomes_its_fields() -> None:
    line = (
        '203.0.113.7 id ada [02/Mar/2026:08:00:01 +0100] "GET /shop?q=1 HTTP/1.1" 200 512 '
        '"https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64)"'
    )

    assert combined(line) == {
        "host": "203.0.113.7",
        "ident": "id",
        "user": "ada",
        "timestamp": "2026-03-02T08:00:01+01:00",
        "method": "GET",
        "path": "/shop?q=1",
        "protocol": "HTTP/1.1",
        "status": 200,
        "size": 512,
        "referer": "https://shop.example.com/",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
    }


def test_a_common_line_has_no_referer_and_no_agent() -> None:
    fields = COMMON.read(f'{HEAD} "GET / HTTP/1.0" 200 2326', 0)

    assert isinstance(fields, dict)
    assert fields.keys() == (COMMON.fields or {}).keys()
    assert COMMON.read(f'{HEAD} "GET / HTTP/1.0" 200 2326 "-" "-"', 0) is MISSING


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            f'{HEAD} "GET / HTTP/1.1" 304 - "-" "-"',
            {"ident": None, "user": None, "size": None, "referer": None, "user_agent": None},
            id="a dash is null",
        ),
        pytest.param(
            '2001:db8::7 - - [02/Mar/2026:08:00:01 -0330] "GET / HTTP/2.0" 200 1 "-" ""',
            {"host": "2001:db8::7", "timestamp": "2026-03-02T08:00:01-03:30", "user_agent": ""},
            id="IPv6 and an empty agent",
        ),
        pytest.param(
            f'{HEAD} "GET / HTTP/1.1" 200 1 "-" "a \\"quoted\\" \\\\ agent"',
            {"user_agent": 'a "quoted" \\ agent'},
            id="escaped quotes",
        ),
        pytest.param(
            f'{HEAD} "GET /\\xc3\\xa9 HTTP/1.1" 200 1 "-" "\\x22x\\x22\\t"',
            {"path": "/é", "user_agent": '"x"\t', "protocol": "HTTP/1.1"},
            id="escaped bytes",
        ),
        pytest.param(
            '::1 - ada maria [02/Mar/2026:08:00:01 +0000] "GET / HTTP/1.1" 200 1 "-" "-"',
            {"user": "ada maria"},
            id="a user with a blank",
        ),
        pytest.param(
            f'{HEAD} "-" 408 0 "-" "-"',
            {"method": None, "path": None, "protocol": None, "status": 408},
            id="no request at all",
        ),
        pytest.param(
            f'{HEAD} "\\x16\\x03\\x01 x" 400 0 "-" "-"',
            {"method": None, "path": "\x16\x03\x01 x", "protocol": None},
            id="a TLS handshake on a plain port",
        ),
        pytest.param(
            f'{HEAD} "GET /a b c HTTP/1.1" 400 0 "-" "-"',
            {"method": "GET", "path": "/a b c", "protocol": "HTTP/1.1"},
            id="a target with blanks",
        ),
        pytest.param(
            f'{HEAD} "GET /old" 200 0 "-" "-"',
            {"method": "GET", "path": "/old", "protocol": None},
            id="HTTP/0.9",
        ),
        pytest.param(f'{HEAD} "GET / HTTP/1.1" 200 1 "-" "x"\r\n', {"user_agent": "x"}, id="CR LF"),
    ],
)
def test_real_lines(line: str, expected: dict[str, object]) -> None:
    fields = combined(line)

    assert {name: fields[name] for name in expected} == expected


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param("203.0.113.7 - - [02/Mar/2026:08:0", id="cut off"),
        pytest.param(f'{HEAD} "GET / HTTP/1.1" 200 1 "-" "open', id="an open quote"),
        pytest.param(f'{HEAD} "GET / HTTP/1.1" abc 1 "-" "x"', id="no status"),
        pytest.param(f'{HEAD} "GET / HTTP/1.1" 200 1 "-" "x" 0.3', id="something more"),
        pytest.param('::1 - - [31/Feb/2026:08:00:01 +0000] "-" 200 1 "-" "x"', id="no such day"),
        pytest.param('::1 - - [02/Mai/2026:08:00:01 +0000] "-" 200 1 "-" "x"', id="no such month"),
        pytest.param('::1 - - [yesterday] "-" 200 1 "-" "x"', id="no time"),
    ],
)
def test_other_lines_are_not_of_the_format(line: str) -> None:
    assert combined(line) is MISSING


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters='-\\"\r\n'))
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(TEXTS, TEXTS, st.integers(100, 999), st.integers(0, 10**12))
def test_what_a_server_writes_is_read_back(
    referer: str, agent: str, status: int, size: int
) -> None:
    quoted = re.sub(r'(["\\])', r"\\\1", agent + '"\\')

    fields = combined(f'{HEAD} "GET / HTTP/1.1" {status} {size} "{referer}" "{quoted}"')

    assert fields["status"] == status
    assert fields["size"] == size
    assert fields["referer"] == referer
    assert fields["user_agent"] == agent + '"\\'


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=ZONES))  # noqa: DTZ001 - Hypothesis adds the zone
def test_times_are_read_to_the_second(moment: datetime) -> None:
    written = moment.strftime("%d/%b/%Y:%H:%M:%S %z")

    assert datetime.fromisoformat(rfc3339(written) or "") == moment.replace(microsecond=0)


@given(st.text(max_size=80), st.integers(0, 90))
def test_no_text_breaks_it(noise: str, at: int) -> None:
    line = f'{HEAD} "GET / HTTP/1.1" 200 1 "-" "agent"'

    found = combined(line[:at] + noise + line[at:])

    assert found is MISSING or found.keys() == (COMBINED.fields or {}).keys()
