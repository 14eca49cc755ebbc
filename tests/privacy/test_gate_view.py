from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pipelines.privacy.gate_view import UNSEARCHABLE, may_hold_bytes, view_beside, view_of_value
from pipelines.record import Record
from pipelines.shape import ANY, STRING, TEXT_LINE, Shape
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
    "value", [b"\xff", "\ud800", 2**70, object(), {1, 2}, {b"k": 1}], ids=ascii
)
def test_what_has_no_view_is_walked(value: object) -> None:
    with pytest.raises(TypeError):
        view_of_value(value)
    assert compiled().view(Record({"a": value}), None) == UNSEARCHABLE


def test_key_and_headers_are_seen_beside_the_value() -> None:
    gate = compiled({"headers": {"treated": {"redact": {}}}})
    headers = [("h", b"v"), ("treated", b"x")]

    assert gate.view(Record({}, "k", headers), None) == b'{} "k h :  v"'
    assert gate.view(Record({}, {"k": 1}, []), b"{}") == b'{} "{\\"k\\":1}"'


def test_a_treated_key_is_not_seen() -> None:
    gate = compiled({"key": {"redact": {}}})

    assert b"k" not in gate.view(Record({}, "k", [("h", b"v")]), None)


def test_a_value_that_is_not_scanned_is_not_seen() -> None:
    gate = compiled({"scan": {"nothing": "synthetic data only"}})

    assert gate.view(Record({"a": 1}), None) == b""
    assert gate.view(Record({"a": 1}, "k"), b'{"a":1}') == b' "k"'


def test_broken_bytes_in_headers_hide_nothing() -> None:
    assert b"mail" in view_beside(None, [("h", b"\xffmail")])


@pytest.mark.parametrize(
    ("shape", "holds"),
    [
        pytest.param(ANY, False, id="what was JSON"),
        pytest.param(TEXT_LINE, False, id="a line"),
        pytest.param(Shape("bytes"), True, id="bytes"),
        pytest.param(Shape("object", fields={"a": STRING}), False, id="text"),
        pytest.param(Shape("object", fields={"a": Shape("bytes")}), True, id="a field of bytes"),
        pytest.param(
            Shape("object", fields={"a": Shape("list", items=ANY)}), True, id="of unknown types"
        ),
    ],
)
def test_values_with_bytes_are_told_by_their_shape(shape: Shape, *, holds: bool) -> None:
    assert may_hold_bytes(shape) is holds


def test_the_json_at_hand_is_the_view_unless_it_hides_bytes() -> None:
    value: Any = {"a": "x"}
    with_bytes = Shape("object", fields={"a": Shape("bytes", nullable=True)})

    assert compiled().view(Record(value), b"at hand") == b"at hand"
    assert compiled(shape=with_bytes).view(Record(value), b"at hand") == b'{"a":"x"}'
