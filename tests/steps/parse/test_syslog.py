from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.field_path import MISSING
from pipelines.steps.parse.syslog import SYSLOG

MARCH = 1772438400000  # 2026-03-02T08:00:00Z


def read(text: str, timestamp: int = MARCH) -> Any:
    return SYSLOG.read(text, timestamp)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - "
            "\ufeff'su root' failed for lonvick on /dev/pts/8",
            {
                "facility": "auth",
                "severity": "crit",
                "timestamp": "2003-10-11T22:14:15.003Z",
                "host": "mymachine.example.com",
                "app": "su",
                "process_id": None,
                "message_id": "ID47",
                "structured_data": None,
                "message": "'su root' failed for lonvick on /dev/pts/8",
            },
            id="RFC 5424, example 1",
        ),
        pytest.param(
            "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to"
            " make the do-nuts.",
            {"facility": "local4", "severity": "notice", "process_id": "8710", "message_id": None,
             "timestamp": "2003-08-24T05:14:15.000003-07:00"},
            id="RFC 5424, example 2",
        ),
        pytest.param(
            '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 '
            '[exampleSDID@32473 iut="3" eventSource="App \\"x\\" \\] \\\\"][examplePriority@32473]',
            {"structured_data": {
                "exampleSDID@32473": {"iut": "3", "eventSource": 'App "x" ] \\'},
                "examplePriority@32473": {},
             }, "message": None},
            id="RFC 5424, structured data only",
        ),
        pytest.param(
            "<0>1 - - - - - -",
            {"facility": "kern", "severity": "emerg", "timestamp": None, "host": None, "app": None},
            id="RFC 5424, all nil",
        ),
        pytest.param(
            "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8\n",
            {"facility": "auth", "severity": "crit", "timestamp": "2025-10-11T22:14:15Z",
             "host": "mymachine", "app": "su", "process_id": None, "message_id": None,
             "message": "'su root' failed for lonvick on /dev/pts/8"},
            id="RFC 3164, example 1",
        ),
        pytest.param(
            "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!",
            {"facility": "user", "host": "10.0.0.99", "app": None, "message": "Use the BFG!",
             "timestamp": "2026-02-05T17:32:18Z"},
            id="RFC 3164, example 2: no tag",
        ),
        pytest.param(
            "Mar  2 07:59:59 web1 sshd[4711]: Accepted publickey",
            {"facility": None, "severity": None, "app": "sshd", "process_id": "4711",
             "message": "Accepted publickey", "timestamp": "2026-03-02T07:59:59Z"},
            id="as in a file, without a priority",
        ),
        pytest.param(
            "2026-03-02T08:00:00.123+01:00 web1 cron[1]: done",
            {"timestamp": "2026-03-02T08:00:00.123+01:00", "app": "cron", "message": "done"},
            id="the old form with a full time",
        ),
    ],
)  # fmt: skip
def test_messages_of_the_standards(text: str, expected: dict[str, object]) -> None:
    fields = read(text)

    assert {name: fields[name] for name in expected} == expected
    assert fields.keys() == (SYSLOG.fields or {}).keys()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("hello world", id="prose"),
        pytest.param("<192>1 - - - - - -", id="no such priority"),
        pytest.param("<34>1 2003-13-11T22:14:15Z h a - - - x", id="no such month"),
        pytest.param("<34>1 2003-10-11T22:14:15Z h a - - [open x", id="open structured data"),
        pytest.param("<34>Foo 11 22:14:15 h a: b", id="no such month in the old form"),
        pytest.param("<34>Feb 30 22:14:15 h a: b", id="no such day"),
    ],
)
def test_other_texts_are_not_of_the_format(text: str) -> None:
    assert read(text) is MISSING


@pytest.mark.parametrize("timestamp", [0, -1, 2**62])
def test_without_a_record_time_the_old_form_has_none(timestamp: int) -> None:
    assert read("Mar  2 07:59:59 h a: b", timestamp)["timestamp"] is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(-150, 150))  # noqa: DTZ001 - made UTC below
def test_the_year_is_the_nearest(moment: datetime, days_late: int) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=0)
    arrived = int(moment.timestamp() * 1000) + days_late * 86_400_000

    fields = read(f"{moment:%b} {moment.day:2} {moment:%H:%M:%S} h a: b", arrived)

    assert fields["timestamp"] == f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@given(st.text(st.sampled_from('<>[]1- ="\\:aM'), max_size=60))
def test_no_text_breaks_it(noise: str) -> None:
    for text in (noise, "<34>1 - h a - - " + noise, "<1>Mar  2 07:59:59 " + noise):
        found = read(text)
        assert found is MISSING or isinstance(found, dict)
