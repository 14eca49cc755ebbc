from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pipelines.privacy.gate_view import UNSEARCHABLE, view_beside, view_of_value
from pipelines.record import Record
from tests.support.gated import compiled


@pytest.mark.parametrize(
    ("value", "view"),
    [
        pytest.param({"a": "é"}, '{"a":"é"}'.encode(), id="text in UTF-8"),
        pytest.param({"b": b"mail"}, b'{"b":"mail"}', id="bytes as the text that they are"),
        pytest.param({"d": Decimal("1.50")}, b'{"d":"1.50"}', id="a decimal"),
        pytest.param({"t": timedelta(seconds=5)}, b'{"t":"5.0s"}', id="a duration"),
        pytest.param(
            {"t": datetime(2026, 3, 2, tzinfo=UTC)}, b'{"t":"2026-03-02T00:00:00+00:00"}', id="time"
        ),
        pytest.param({1: 2}, b'{"1":2}', id="a number as a key"),
        pytest.param(None, b"null", id="a tombstone"),
    ],
)
def test_a_value_is_seen_as_json(value: object, view: bytes) -> None:
    assert view_of_value(value) == view


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"\xff", id="bytes"),
        pytest.param("\ud800", id="half a character"),
        pytest.param(2**70, id="a number too large"),
        pytest.param(object(), id="no JSON"),
        pytest.param({1, 2}, id="a set"),
        pytest.param({b"k": 1}, id="bytes as a key"),
    ],
)
def test_what_has_no_view_is_walked(value: object) -> None:
    with pytest.raises(TypeError):
        view_of_value(value)
    assert compiled()._view(Record({"a": value})) == UNSEARCHABLE


def test_key_and_headers_are_seen_beside_the_value() -> None:
    gate = compiled({"headers": {"treated": {"redact": {}}}})
    headers = [("h", b"v"), ("treated", b"x")]

    assert gate._view(Record({}, "k", headers)) == b'{} "k h :  v"'
    assert gate._view(Record({}, {"k": 1}, [])) == b'{} "{\\"k\\":1}"'


def test_a_treated_key_is_not_seen() -> None:
    gate = compiled({"key": {"redact": {}}})

    assert b"k" not in gate._view(Record({}, "k", [("h", b"v")]))


def test_a_value_that_is_not_scanned_is_not_seen() -> None:
    gate = compiled({"scan": {"nothing": "synthetic data only"}})

    assert gate._view(Record({"a": 1}, "k")) == b' "k"'


def test_broken_bytes_in_headers_hide_nothing() -> None:
    assert b"mail" in view_beside(None, [("h", b"\xffmail")])
