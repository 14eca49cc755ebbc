from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declaration.pipeline import KeyFormat
from pipelines.errors import RecordError
from pipelines.wire.keys import key_codec


@given(st.text(st.characters(codec="utf-8")))
def test_text_keys_are_read_and_written_as_they_are(key: str) -> None:
    decode, encode = key_codec("string")
    assert decode(key.encode()) == key
    assert encode(key) == key.encode()


@pytest.mark.parametrize(
    "raw", [b'{"a":1}', b"12345678901234567890123", b'"x"', b"null"], ids=bytes.decode
)
def test_json_keys_are_read_and_written_as_they_are(raw: bytes) -> None:
    decode, encode = key_codec("json")
    assert encode(decode(raw)) == raw


@given(st.binary())
def test_opaque_keys_stay_as_they_are(raw: bytes) -> None:
    decode, encode = key_codec("bytes")
    assert decode(raw) == raw
    assert encode(raw) == raw


@pytest.mark.parametrize("key", [5, True, {"a": 1}, None], ids=str)
@pytest.mark.parametrize("key_format", get_args(KeyFormat))
def test_a_key_of_any_type_can_be_written(key_format: Any, key: object) -> None:
    _, encode = key_codec(key_format)
    decode_json, _ = key_codec("json")
    assert decode_json(encode(key)) == key


@pytest.mark.parametrize("key_format", ["string", "json"])
def test_a_key_that_cannot_be_read_is_refused_without_quoting_it(key_format: Any) -> None:
    decode, _ = key_codec(key_format)
    with pytest.raises(RecordError) as caught:
        decode(b"secret\xff")
    assert (caught.value.code, caught.value.where) == ("decode_failed", "key")
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__
