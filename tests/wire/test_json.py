from __future__ import annotations

import json as stdlib
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RecordError
from pipelines.wire import json

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"))
)
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=12
)


@given(_VALUES)
def test_what_is_written_reads_back_the_same(value: Any) -> None:
    assert json.decode(json.encode(value)) == value


@given(st.integers(min_value=-(10**60), max_value=10**60))
def test_integers_of_any_length_keep_every_digit(number: int) -> None:
    raw = b'{"n":%d}' % number
    decoded = json.decode(raw)
    assert decoded == {"n": number}
    assert json.encode(decoded) == raw


@given(st.integers(min_value=-(10**30), max_value=10**30), st.integers(0, 12))
def test_a_long_number_keeps_its_digits_wherever_it_stands(number: int, before: int) -> None:
    text = "x" * before
    assert json.decode_record(b'{"%s":%d}' % (text.encode(), number)) == {text: number}


@given(_VALUES)
def test_what_is_written_is_json_to_another_reader(value: Any) -> None:
    assert stdlib.loads(json.encode(value)) == value


@pytest.mark.parametrize("raw", [b"null", b"3", b'"text"', b"[1,2]", b"{}", b"true"])
def test_any_value_may_stand_at_the_top(raw: bytes) -> None:
    assert json.encode(json.decode(raw)) == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"ssn": "078-05-1120"',
        b'{"a": NaN}',
        b'{"a": Infinity, "n": 12345678901234567890123}',
        b'{"a": NaN, "n": 12345678901234567890123}',
        b"\xff\xfe",
        b'{"a": "\xff", "n": 12345678901234567890123}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": 1} tail',
        b"[" * 100_000,
        b"[12345678901234567890," + b"[" * 100_000,
        b'{"n": 1' + b"0" * 5000 + b"}",
    ],
    ids=[
        "empty", "open", "cut off", "NaN", "infinity beside a long number",
        "NaN beside a long number", "not UTF-8", "not UTF-8 beside a long number",
        "byte order mark", "bytes after", "too deep", "too deep beside a long number",
        "more digits than Python converts",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_without_quoting_it(raw: bytes) -> None:
    with pytest.raises(RecordError) as caught:
        json.decode(raw)
    assert (caught.value.code, caught.value.where) == ("decode_failed", "decode")
    assert "078" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 3, 1, 12, 30, 5, 250000, tzinfo=UTC), b'"2026-03-01T12:30:05.250000Z"'),
        (date(2026, 3, 1), b'"2026-03-01"'),
        (Decimal("12.50"), b'"12.50"'),
        (b"\x00\xff", b'"AP8="'),
    ],
    ids=["timestamp", "date", "decimal", "bytes"],
)
def test_avro_values_have_a_form_in_json(value: object, text: bytes) -> None:
    assert json.encode(value) == text
    with_long = json.encode([value, 2**70])
    assert with_long == b"[" + text + b",%d]" % 2**70


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_cannot_write_leave_as_null(number: float) -> None:
    assert json.encode({"a": number}) == b'{"a":null}'
    assert json.encode({"a": number, "n": 2**70}) == b'{"a":null,"n":%d}' % 2**70


@pytest.mark.parametrize(
    "value",
    [object(), {"a": {1, 2}}, "\ud800", {"n": 2**70, "s": "\ud800"}, 10**5000],
    ids=["object", "set", "half a character", "half a one beside a long number", "too long"],
)
def test_what_has_no_form_is_refused_without_quoting_it(value: object) -> None:
    with pytest.raises(RecordError) as caught:
        json.encode(value)
    assert (caught.value.code, caught.value.where) == ("encode_failed", "encode")
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("all_at_once", [True, False], ids=["chunk", "one by one"])
def test_an_encoded_record_keeps_no_more_memory_than_it_has(*, all_at_once: bool) -> None:
    values = [{"n": number, "text": "x" * 600} for number in range(500)]
    tracemalloc.start()
    try:
        kept = json.encode_all(values) if all_at_once else [json.encode(one) for one in values]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert taken < 1.2 * sum(map(len, kept))


@given(_VALUES, st.sampled_from([(",", ":"), (" , ", " : "), (",\n", ":\t")]))
def test_what_is_kept_decodes_to_what_was_looked_at(
    value: Any, separators: tuple[str, str]
) -> None:
    raw = stdlib.dumps(value, separators=separators, ensure_ascii=False).encode()
    decoded = json.decode(raw)
    (kept,) = json.kept([raw], [decoded])
    assert kept in (raw, None)
    if b"\\u" not in raw and not json._may_be_long(raw):
        assert kept == raw


@given(_VALUES, st.lists(_TEXTS, min_size=1, max_size=3), st.integers(0, 2))
def test_a_value_that_no_reader_saw_is_not_kept(value: Any, names: list[str], more: int) -> None:
    written = [stdlib.dumps(name, ensure_ascii=more > 0) for name in names]
    inner = stdlib.dumps(value, ensure_ascii=False)
    pairs = [f"{name} : {inner}" for name in (*written, written[0], *written[:more])]
    twice = f'[{{"colons": ": \\u003a", {", ".join(pairs)}}}]'.encode()
    decoded = json.decode(twice)
    assert json.kept([b"{}", twice], [{}, decoded]) == [b"{}", None]
    for colons in ('": \\":"', '"\\u003a"', '"a"'):
        raw = f'{{"c": {colons}, {", ".join(pairs)}}}'.encode()
        assert json.kept([raw], [json.decode(raw)]) == [None]


def test_digits_that_a_double_does_not_hold_are_not_kept() -> None:
    raw = b'{"n": 0.41111111111111112345}'
    assert json.kept([raw], [json.decode(raw)]) == [None]


@pytest.mark.parametrize("text", ["ab12345678901234567890cd", "12345678901234567890", "x9" * 40])
def test_digits_in_a_string_are_no_long_number(text: str) -> None:
    raw = stdlib.dumps({"trace": text}).encode()
    assert json.decode_records([raw, b'{"n": 1}']) == [{"trace": text}, {"n": 1}]


@pytest.mark.parametrize("head", ["", "[", '{"n":', '{"n": ', '{"n":-', "[1,\n", "[0."])
def test_a_long_number_is_seen_wherever_it_begins(head: str) -> None:
    tail = {"": "", "[": "]", "{": "}"}[head[:1]]
    raw = f"{head}12345678901234567890{tail}".encode()
    assert stdlib.loads(raw)
    with pytest.raises(ValueError, match="64 bits"):
        json.decode_records([b"{}", raw])


def test_a_record_is_not_wrong_where_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(_: bytes) -> None:
        raise orjson.JSONDecodeError("Not enough memory to allocate buffer for parsing", "", 0)

    monkeypatch.setattr(orjson, "loads", no_memory)
    with pytest.raises(MemoryError):
        json.decode(b"{}")
