from __future__ import annotations

import io
import json
import struct
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import fastavro
import pytest

from pipelines.errors import ConfigError, RecordError
from pipelines.wire import avro

_UUID = {"type": "string", "logicalType": "uuid"}
ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "fields": [
        {"name": "id", "type": _UUID},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {
            "name": "total",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        },
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "photo", "type": ["null", "bytes"], "default": None},
        {"name": "ids", "type": {"type": "array", "items": _UUID}},
        {"name": "marks", "type": {"type": "map", "values": "int"}, "default": {}},
        {
            "name": "buyer",
            "type": {
                "type": "record",
                "name": "Person",
                "fields": [{"name": "age", "type": "int"}, {"name": "since", "type": "long"}],
            },
        },
        {"name": "seller", "type": ["null", "Person"], "default": None},
    ],
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "id": "5c9a2f5e-0f0b-4c4e-9f43-1d8ad3b7a001",
    "at": "2026-03-01T12:30:05.250Z",
    "day": "2026-03-01",
    "total": "12.50",
    "photo": "text",
    "marks": {"a": 1},
    "ids": ["5c9a2f5e-0f0b-4c4e-9f43-1d8ad3b7a002"],
    "buyer": {"age": 40, "since": 3},
    "seller": {"age": 50, "since": 4},
}
VALUE: dict[str, Any] = {
    **PLAIN,
    "at": datetime(2026, 3, 1, 12, 30, 5, 250000, tzinfo=UTC),
    "day": date(2026, 3, 1),
    "total": Decimal("12.50"),
    "note": None,
    "photo": b"text",
}


def test_what_is_written_reads_back_with_its_logical_types() -> None:
    raw = avro.encoder(ORDER, 7)(VALUE)
    assert avro.decoder(ORDER)(raw) == VALUE


def test_the_frame_is_confluents_and_the_body_is_plain_avro() -> None:
    raw = avro.encoder(ORDER, 0x01020304)(VALUE)
    body = io.BytesIO()
    fastavro.schemaless_writer(body, fastavro.parse_schema(ORDER), VALUE)
    assert raw == b"\x00\x01\x02\x03\x04" + body.getvalue()
    assert avro.schema_id(raw) == 0x01020304


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00", b"\x00\x00\x00\x01", b'{"card": "4111"}', b"\x01\x00\x00\x00\x01x"],
    ids=["empty", "one byte", "cut off", "JSON", "another magic byte"],
)
def test_a_value_without_the_frame_is_refused(raw: bytes) -> None:
    with pytest.raises(RecordError) as caught:
        avro.schema_id(raw)
    assert (caught.value.code, caught.value.where) == ("decode_failed", "decode")
    assert "4111" not in str(caught.value)


@pytest.mark.parametrize("length", [6, 20, -1])
def test_a_value_that_is_cut_off_is_refused(length: int) -> None:
    raw = avro.encoder(ORDER, 7)(VALUE)
    with pytest.raises(RecordError) as caught:
        avro.decoder(ORDER)(raw[:length])
    assert caught.value.code == "decode_failed"
    assert caught.value.__suppress_context__


def test_bytes_after_the_value_are_refused() -> None:
    raw = avro.encoder(ORDER, 7)(VALUE) + b"secret"
    with pytest.raises(RecordError, match="bytes are left") as caught:
        avro.decoder(ORDER)(raw)
    assert "secret" not in str(caught.value)


def test_a_length_beyond_the_value_is_refused_without_taking_its_memory() -> None:
    huge = b"\x00\x00\x00\x00\x07" + b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"
    with pytest.raises(RecordError):
        avro.decoder("bytes")(huge)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"buyer": {"age": "4111111111111111", "since": 1}}, "buyer.age"),
        ({"note": 4111111111111111}, "note"),
        ({"total": Decimal("4111111111111111.00")}, "total"),
        ({"at": "4111111111111111"}, "at"),
        ({"ids": ["a", 4111111111111111]}, "ids[*]"),
        ({"marks": {"4111": "x"}}, "marks.*"),
        ({"seller": {"age": 1, "since": "4111"}}, "seller.since"),
    ],
    ids=[
        "a field inside",
        "a union",
        "a decimal too large",
        "a timestamp",
        "an element",
        "an entry",
        "a named type",
    ],
)
def test_a_value_of_another_type_is_refused_by_its_field_without_quoting_it(
    change: dict[str, Any], where: str
) -> None:
    with pytest.raises(RecordError) as caught:
        avro.encoder(ORDER, 7)({**VALUE, **change})
    assert (caught.value.code, caught.value.where) == ("encode_failed", where)
    assert "4111" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_missing_field_without_a_default_is_refused_by_its_name() -> None:
    value = {name: inner for name, inner in VALUE.items() if name != "buyer"}
    with pytest.raises(RecordError) as caught:
        avro.encoder(ORDER, 7)(value)
    assert caught.value.where == "buyer"


def test_a_field_that_the_schema_does_not_have_never_leaves() -> None:
    raw = avro.encoder(ORDER, 7)({**VALUE, "card": "4111111111111111"})
    assert b"4111" not in raw
    assert avro.decoder(ORDER)(raw) == VALUE


def test_plain_json_stands_for_avros_types() -> None:
    assert avro.from_json(PLAIN, ORDER) == {
        name: inner for name, inner in VALUE.items() if name != "note"
    }


def test_plain_json_stands_for_a_type_named_in_full() -> None:
    day = {"name": "day", "type": {"type": "int", "logicalType": "date"}}
    first = {"type": "record", "name": "Day", "fields": [day]}
    fields = [{"name": "a", "type": first}, {"name": "b", "type": "shop.Day"}]
    schema = {"type": "record", "name": "R", "namespace": "shop", "fields": fields}
    plain = {"a": {"day": "2026-03-01"}, "b": {"day": "2026-03-02"}}
    value = {"a": {"day": date(2026, 3, 1)}, "b": {"day": date(2026, 3, 2)}}
    assert avro.from_json(plain, schema) == value


def test_a_number_stands_for_a_timestamp_too() -> None:
    value = avro.from_json({**PLAIN, "at": 1772368205250}, ORDER)
    assert avro.decoder(ORDER)(avro.encoder(ORDER, 1)(value))["at"] == VALUE["at"]


def test_plain_json_is_read_by_the_member_of_the_union_that_it_fits() -> None:
    schema = ["null", "int", {"type": "long", "logicalType": "timestamp-millis"}, "string"]
    assert avro.from_json("hello", schema) == "hello"
    assert avro.from_json(5, schema) == 5
    assert avro.from_json(None, schema) is None
    assert avro.from_json("hello", ["bytes", "string"]) == "hello"
    assert avro.from_json("hello", ["bytes", "null"]) == b"hello"


@pytest.mark.parametrize(
    "schema", [{"type": "recrod"}, {"type": "record", "fields": []}, "Unknown", 5], ids=str
)
def test_what_is_no_schema_is_refused(schema: Any) -> None:
    with pytest.raises(ConfigError, match="not a valid Avro schema"):
        avro.decoder(schema)


def test_two_schemas_may_use_one_name_for_two_things() -> None:
    one = {"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}
    two = {"type": "record", "name": "A", "fields": [{"name": "x", "type": "string"}]}
    first, second = avro.encoder(one, 1), avro.encoder(two, 2)
    assert first({"x": 1}) == struct.pack(">bI", 0, 1) + b"\x02"
    assert second({"x": "a"}) == struct.pack(">bI", 0, 2) + b"\x02a"


def test_the_schema_given_stays_as_it_was() -> None:
    before = json.dumps(ORDER)
    avro.encoder(ORDER, 1)
    avro.decoder(ORDER)
    assert json.dumps(ORDER) == before


def test_a_record_inside_itself_is_read_and_written() -> None:
    schema = {
        "type": "record",
        "name": "Node",
        "fields": [{"name": "next", "type": ["null", "Node"], "default": None}],
    }
    value = {"next": {"next": {"next": None}}}
    assert avro.decoder(schema)(avro.encoder(schema, 1)(value)) == value
    assert avro.from_json(value, schema) == value


FLAT: dict[str, Any] = {
    "type": "record",
    "name": "Flat",
    "fields": [
        {"name": "n", "type": "long"},
        {"name": "note", "type": ["null", "string"]},
        {"name": "many", "type": {"type": "array", "items": ["string", "double"]}},
    ],
}


def test_a_value_kept_is_what_writing_it_anew_makes() -> None:
    values = [{"n": 5, "note": None, "many": ["a", 2.5]}, {"n": -70, "note": "x", "many": []}]
    raws = [*map(avro.encoder(FLAT, 7), values)]
    for number in (7, 8):
        keep = avro.keeper(FLAT, 7, number)
        assert keep is not None
        assert keep(raws, values) == [*map(avro.encoder(FLAT, number), values)]


def test_a_value_of_another_schema_is_not_kept() -> None:
    raw = avro.encoder(FLAT, 6)({"n": 1, "note": None, "many": []})
    for number in (7, 8):
        keep = avro.keeper(FLAT, 7, number)
        assert keep is not None
        assert keep([raw], [{}]) == [None]


def test_values_with_maps_are_not_kept() -> None:
    assert avro.keeper(ORDER, 7, 7) is None
    assert avro.keeper(FLAT, None, 7) is None


class _Greedy(dict[str, Any]):
    def __getitem__(self, _: str) -> Any:
        raise MemoryError

    def get(self, *_: Any) -> Any:
        raise MemoryError


def test_a_value_is_not_wrong_where_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError):
        avro.encoder(FLAT, 7)(_Greedy(n=1, note=None, many=[]))
    raw = avro.encoder(FLAT, 7)({"n": 1, "note": None, "many": []})

    def no_memory(*_: object) -> Any:
        raise MemoryError

    monkeypatch.setattr(avro, "compiled_reader", lambda _: no_memory)
    with pytest.raises(MemoryError):
        avro.decoder(FLAT)(raw)
    monkeypatch.setattr(avro, "compiled_reader", lambda _: None)
    monkeypatch.setattr(fastavro, "schemaless_reader", no_memory)
    with pytest.raises(MemoryError):
        avro.decoder(FLAT)(raw)
