from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines.engine.outcome import Output, Waiting
from pipelines.engine.trial import TrialRecord
from pipelines.runtime.waiting import UNTIL, Waited, WaitingSealer, WaitingUnreadable, time_of
from tests.support.planned import raw

SECRET = bytes(range(32))
NOW = 1_772_438_405_000
CANARY = b"ada.canary@example.com"
RECORD = raw(b'{"mail": "%s"}' % CANARY, CANARY, 42, (("who", CANARY), ("", b"")))


def sealer(secret: bytes = SECRET, pipeline: str = "p", source: str = "raw") -> WaitingSealer:
    return WaitingSealer(secret, pipeline, source)


def sealed(record: TrialRecord = RECORD, until: int = NOW + 1000) -> Output:
    return sealer().seal(Waiting(record, "settle", until, 5000), 3, NOW)


def fetched(output: Output, **changes: Any) -> TrialRecord:
    record = TrialRecord(7, output.timestamp, output.key, output.value, tuple(output.headers))
    return replace(record, **changes)


def test_what_waited_is_what_came_in() -> None:
    opened = sealer().open(fetched(sealed()), "settle")
    assert opened == Waited(
        3, 42, RECORD.timestamp, NOW + 1000, RECORD.key, RECORD.value, list(RECORD.headers)
    )


@pytest.mark.parametrize("value", [None, b"", b"\x00\xff"])
def test_tombstones_and_bytes_stay_what_they_are(value: bytes | None) -> None:
    opened = sealer().open(fetched(sealed(raw(value, None, 1))), "settle")
    assert (opened.value, opened.key) == (value, None)


def test_nothing_of_the_record_is_to_be_read() -> None:
    output = sealed()
    assert CANARY not in b"".join([output.value or b"", *(held for _, held in output.headers)])
    assert output.key is None
    assert "canary" not in repr((sealer().open(fetched(output), "settle"), output))


def test_two_that_are_the_same_look_different() -> None:
    assert sealed().value != sealed().value


def test_its_time_is_to_be_read_without_the_key() -> None:
    assert time_of(fetched(sealed())) == (NOW + 1000) / 1000
    assert time_of(raw(b"foreign")) == 0.0


def test_nobody_waits_longer_than_the_step_says() -> None:
    assert time_of(fetched(sealed(until=NOW + 10**12))) == (NOW + 5000) / 1000


def test_it_is_kept_from_the_moment_it_waits() -> None:
    assert sealed().timestamp == NOW


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"value": b"foreign"}, id="foreign"),
        pytest.param({"value": None}, id="no value"),
        pytest.param({"value": b"\x01" + bytes(60)}, id="forged"),
        pytest.param({"headers": ()}, id="no headers"),
        pytest.param({"headers": ((UNTIL, b"1"), *sealed().headers[1:])}, id="another time"),
    ],
)
def test_what_was_changed_does_not_open(change: dict[str, Any]) -> None:
    with pytest.raises(WaitingUnreadable):
        sealer().open(fetched(sealed(), **change), "settle")


@pytest.mark.parametrize(
    ("other", "step"),
    [
        (sealer(bytes(32)), "settle"),
        (sealer(pipeline="q"), "settle"),
        (sealer(source="other"), "settle"),
        (sealer(), "elsewhere"),
    ],
)
def test_it_opens_for_its_own_pipeline_source_and_step_only(
    other: WaitingSealer, step: str
) -> None:
    with pytest.raises(WaitingUnreadable):
        other.open(fetched(sealed()), step)


def test_salts_of_many_processes_are_kept_within_bounds() -> None:
    opener = sealer()
    for _ in range(200):
        opener.open(fetched(sealed()), "settle")
    assert len(opener._ciphers) <= 64
