from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RecordError
from pipelines.wire import text


@given(st.text(st.characters(codec="utf-8")))
def test_a_line_is_read_and_written_as_it_is(line: str) -> None:
    raw = line.encode()
    assert text.decode_line(raw) == {"line": line}
    assert text.encode_line({"line": line, "other": 1}) == raw


@given(st.binary())
def test_opaque_values_stay_as_they_are(raw: bytes) -> None:
    assert text.encode_bytes(text.decode_bytes(raw)) == raw


def test_bytes_that_are_no_text_are_refused_without_quoting_them() -> None:
    with pytest.raises(RecordError) as caught:
        text.decode_line(b"secret\xff")
    assert (caught.value.code, caught.value.where) == ("decode_failed", "decode")
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("value", [{}, {"line": 5}, {"line": None}, "line", None, [1]], ids=str)
def test_a_record_without_a_text_line_cannot_be_written(value: object) -> None:
    with pytest.raises(RecordError) as caught:
        text.encode_line(value)
    assert caught.value.code == "encode_failed"


@pytest.mark.parametrize("value", [{}, "text", None, 5], ids=str)
def test_only_bytes_are_written_as_bytes(value: object) -> None:
    with pytest.raises(RecordError) as caught:
        text.encode_bytes(value)
    assert caught.value.code == "encode_failed"
