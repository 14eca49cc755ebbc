from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.declaration.pipeline import Publish, Source, ValueFormat
from pipelines.effect import Effect, Removed, Renamed, Written
from pipelines.errors import ConfigError, RecordError
from pipelines.field_path import FieldPath
from pipelines.shape import ANY, STRING, TEXT_LINE
from pipelines.wire import avro
from pipelines.wire.file_registry import FileRegistry
from pipelines.wire.formats import PipelineWire
from pipelines.wire.registry import HttpRegistry, Registry

ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "email", "type": "string", "confluent:tags": ["PII"]},
    ],
}
PLAIN = {"id": "a", "at": "2026-03-01T12:30:05Z", "email": "a@example.org"}


@pytest.fixture
def registry(tmp_path: Path) -> FileRegistry:
    (tmp_path / "orders.raw-value.avsc").write_text(json.dumps(ORDER))
    return FileRegistry(tmp_path)


def wire(
    source: ValueFormat,
    target: ValueFormat | None = None,
    registry: Registry | None = None,
    **publish: Any,
) -> PipelineWire:
    return PipelineWire(
        Source(topic="orders.raw", value=source),
        Publish(topic="orders", value=target, **publish),
        registry,
    )


@pytest.mark.parametrize(
    ("source", "plain", "raw"),
    [
        ("json", {"a": [1, None]}, b'{"a":[1,null]}'),
        ("text", "a line", b"a line"),
        ("text", {"line": "a line"}, b"a line"),
        ("bytes", "opaque", b"opaque"),
    ],
)
def test_a_plain_value_becomes_the_source_topics_bytes(
    source: ValueFormat, plain: object, raw: bytes
) -> None:
    assert wire(source).raw(plain) == raw


@pytest.mark.parametrize(
    ("source", "raw", "plain"),
    [
        ("json", b'{"a":1}', {"a": 1}),
        ("text", b"a line", "a line"),
        ("bytes", b"\x00\xff", {"$bytes": "AP8="}),
    ],
)
def test_what_leaves_can_be_printed(source: ValueFormat, raw: bytes, plain: object) -> None:
    it = wire(source)
    reading = it.reading(None)
    written = it.writing("orders", reading, ()).encode(reading.decode(raw))
    assert written == raw
    assert it.plain(written) == plain


def test_formats_without_schemas_need_no_registry() -> None:
    assert wire("json").reading(None).shape is ANY
    assert wire("text").reading(None).shape is TEXT_LINE
    assert wire("bytes").reading(None).shape.kind == "bytes"
    assert wire("json").schema_id(b"\x00\x00\x00\x00\x01{}") is None


def test_avro_is_read_by_the_id_of_each_value(registry: FileRegistry) -> None:
    it = wire("avro", registry=registry)
    older = {**ORDER, "fields": ORDER["fields"][:1]}
    number = registry.register("orders.old-value", older)
    raw = it.raw(PLAIN)
    newest = it.reading(None)
    assert it.schema_id(raw) == newest.schema_id != number
    assert newest.shape.fields["email"].tags == {"PII"}
    assert it.reading(number).schema == older
    assert set(it.reading(number).shape.fields) == {"id"}


def test_an_older_value_can_be_read_as_the_newest_version(registry: FileRegistry) -> None:
    it = wire("avro", registry=registry)
    older = {**ORDER, "fields": [*ORDER["fields"], {"name": "gone", "type": "string"}]}
    number = registry.register("orders.old-value", older)
    newest = it.reading(None)
    value: Any = newest.decode(it.raw(PLAIN))
    reading = it.reading_as_newest(number)
    assert reading.decode(avro.encoder(older, number)(value | {"gone": "x"})) == value
    assert (reading.schema, reading.shape) == (newest.schema, newest.shape)


def test_an_older_value_that_the_newest_version_cannot_read_is_refused(
    registry: FileRegistry,
) -> None:
    it = wire("avro", registry=registry)
    older = {**ORDER, "fields": ORDER["fields"][:1]}
    number = registry.register("orders.old-value", older)
    reading = it.reading_as_newest(number)
    with pytest.raises(RecordError) as caught:
        reading.decode(avro.encoder(older, number)({"id": "a"}))
    assert caught.value.code == "schema_refused"


def test_avro_leaves_under_its_derived_schema(registry: FileRegistry) -> None:
    it = wire("avro", registry=registry)
    reading = it.reading(None)
    effects: list[Effect] = [
        Removed(FieldPath("email")),
        Renamed(FieldPath("id"), FieldPath("number")),
        Written(FieldPath("kind"), STRING),
    ]
    writing = it.writing("orders", reading, effects)
    value: Any = reading.decode(it.raw(PLAIN))
    raw = writing.encode({"number": value["id"], "at": value["at"], "kind": "web"})
    number, schema = registry.latest("orders-value")
    assert it.schema_id(raw) == number
    assert schema == writing.schema
    assert it.plain(raw) == {"number": "a", "at": "2026-03-01T12:30:05Z", "kind": "web"}


def test_each_destination_has_its_own_subject(registry: FileRegistry) -> None:
    it = wire("avro", registry=registry, subject="shop.orders")
    reading = it.reading(None)
    it.writing("orders", reading, ())
    it.writing("orders.eu", reading, ())
    assert registry.latest("shop.orders")[1] == registry.latest("orders.eu-value")[1]
    with pytest.raises(ConfigError, match="orders-value"):
        registry.latest("orders-value")


def test_avro_can_leave_as_json(registry: FileRegistry) -> None:
    it = wire("avro", "json", registry)
    reading = it.reading(None)
    writing = it.writing("orders", reading, ())
    assert json.loads(writing.encode(reading.decode(it.raw(PLAIN)))) == PLAIN


def test_the_source_may_name_its_subject(registry: FileRegistry) -> None:
    number = registry.register("shop.Order", ORDER["fields"][1]["type"])
    source = Source(topic="orders.raw", value="avro", subject="shop.Order")
    it = PipelineWire(source, Publish(topic="orders"), registry)
    assert it.reading(None).schema_id == number


def test_avro_without_a_registry_names_the_setting() -> None:
    with pytest.raises(ConfigError, match="CLEARWATER_SCHEMA_REGISTRY"):
        wire("avro").reading(None)


@pytest.mark.parametrize("source", ["json", "text", "bytes"])
def test_avro_cannot_be_derived_from_a_topic_without_a_schema(
    source: ValueFormat, registry: FileRegistry
) -> None:
    it = wire(source, "avro", registry)
    with pytest.raises(ConfigError, match="avro"):
        it.writing("orders", it.reading(None), ())


def test_a_plain_value_that_does_not_fit_names_its_field(registry: FileRegistry) -> None:
    with pytest.raises(RecordError) as caught:
        wire("avro", registry=registry).raw({**PLAIN, "id": 4111111111111111})
    assert caught.value.where == "id"
    assert "4111" not in str(caught.value)


@pytest.mark.kafka
def test_avro_goes_through_a_real_registry(schema_registry_url: str) -> None:
    client = HttpRegistry(schema_registry_url)
    client.register("orders.raw-value", ORDER)
    it = wire("avro", registry=client, compatibility="FULL")
    reading = it.reading(None)
    writing = it.writing("orders", reading, [Removed(FieldPath("email"))])
    raw = writing.encode(reading.decode(it.raw(PLAIN)))
    client.close()
    other = HttpRegistry(schema_registry_url)
    left = wire("avro", registry=other).plain(raw)
    other.close()
    assert left == {"id": "a", "at": "2026-03-01T12:30:05Z"}


@pytest.mark.parametrize("value", ["json", "avro"])
def test_the_value_null_is_no_tombstone(value: ValueFormat, tmp_path: Path) -> None:
    (tmp_path / "orders.raw-value.avsc").write_text('["null", "string"]')
    reading = wire(value, registry=FileRegistry(tmp_path)).reading(None)
    raw = b"null" if reading.schema_id is None else avro.encoder(reading.schema, 1)(None)
    with pytest.raises(RecordError) as caught:
        reading.decode(raw)
    assert caught.value.code == "decode_failed"


@pytest.mark.parametrize(("source", "target"), [("bytes", "json"), ("json", "bytes")])
def test_bytes_are_published_as_bytes_only(source: ValueFormat, target: ValueFormat) -> None:
    it = wire(source, target)
    with pytest.raises(ConfigError, match=f"{source} topic cannot be published as {target}"):
        it.writing("orders", it.reading(None), ())


def test_objects_that_pass_for_each_other_are_not_published_as_avro(tmp_path: Path) -> None:
    fields = [{"name": "id", "type": "string"}]
    both = [{"type": "record", "name": name, "fields": fields} for name in ("Made", "Gone")]
    schema = {"type": "record", "name": "R", "fields": [{"name": "event", "type": both}]}
    (tmp_path / "orders.raw-value.avsc").write_text(json.dumps(schema))
    it = wire("avro", registry=FileRegistry(tmp_path))
    with pytest.raises(ConfigError, match=r"`event`.*`Gone` cannot be told from a `Made`"):
        it.writing("orders", it.reading(None), ())
    as_json = wire("avro", "json", registry=FileRegistry(tmp_path))
    as_json.writing("orders", as_json.reading(None), ())  # is not refused
