from __future__ import annotations

from typing import Any

import pytest

from pipelines.field_path import FieldPath
from pipelines.shape import ANY, Shape
from pipelines.wire.avro_shape import shape_of


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        ("string", Shape("string")),
        ("int", Shape("int")),
        ("long", Shape("int")),
        ("float", Shape("double")),
        ("double", Shape("double")),
        ("boolean", Shape("bool")),
        ("bytes", Shape("bytes")),
        ("null", Shape("null", nullable=True)),
        ({"type": "string"}, Shape("string")),
        ({"type": {"type": "string"}}, Shape("string")),
        ({"type": "enum", "name": "E", "symbols": ["A"]}, Shape("string")),
        ({"type": "fixed", "name": "F", "size": 4}, Shape("bytes")),
        ({"type": "string", "logicalType": "uuid"}, Shape("string")),
        ({"type": "long", "logicalType": "timestamp-millis"}, Shape("timestamp")),
        ({"type": "long", "logicalType": "timestamp-micros"}, Shape("timestamp")),
        ({"type": "int", "logicalType": "date"}, Shape("date")),
        ({"type": "bytes", "logicalType": "decimal", "precision": 4}, Shape("decimal")),
        ({"type": "long", "logicalType": "made-up"}, Shape("int")),
        ({"type": "array", "items": "int"}, Shape("list", items=Shape("int"))),
        ({"type": "map", "values": "int"}, Shape("map", items=Shape("int"))),
        (["null", "string"], Shape("string", nullable=True)),
        (["string", "null"], Shape("string", nullable=True)),
        (["int"], Shape("int")),
        (["int", "string"], ANY),
        (["null", "int", "string"], Shape(nullable=True)),
    ],
    ids=str,
)
def test_every_avro_type_has_its_shape(schema: Any, shape: Shape) -> None:
    assert shape_of(schema) == shape


def field(name: str, avro_type: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": avro_type, **more}


def record(name: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields), **more}


@pytest.mark.parametrize(
    ("more", "tags"),
    [
        ({"confluent:tags": ["PII", "PRIVATE"]}, {"PII", "PRIVATE"}),
        ({"confluent:tags": "PII"}, {"PII"}),
        ({"tags": "PII.EMAIL"}, {"PII.EMAIL"}),
        ({"tags": ["A"], "confluent:tags": ["B"]}, {"A", "B"}),
        ({}, set()),
    ],
    ids=["Confluent's", "one of Confluent's", "plain", "both", "none"],
)
def test_fields_carry_their_tags(more: dict[str, Any], tags: set[str]) -> None:
    shape = shape_of(record("A", field("x", ["null", "string"], **more)))
    assert shape.fields["x"] == Shape("string", nullable=True, tags=frozenset(tags))


@pytest.mark.parametrize("used", ["Person", "shop.Person"])
def test_a_named_type_is_known_where_it_is_used_again(used: str) -> None:
    person = record("Person", field("email", "string", tags="PII"))
    shape = shape_of(
        record("Order", field("buyer", person), field("seller", ["null", used]), namespace="shop")
    )
    email = shape.at(FieldPath("seller.email"))
    assert email is not None
    assert email.tags == {"PII"}


def test_two_types_of_one_name_in_two_namespaces_are_two() -> None:
    first = record("Id", field("a", "string"), namespace="one")
    second = record("Id", field("b", "int"), namespace="two")
    shape = shape_of(
        record("R", field("x", first), field("y", second), field("z", "one.Id"), namespace="r")
    )
    assert set(shape.fields["z"].fields) == {"a"}


def test_a_type_inside_itself_is_not_followed_for_ever() -> None:
    shape = shape_of(record("Node", field("next", ["null", "Node"]), namespace="n"))
    assert shape.fields["next"] == Shape(nullable=True)


def test_a_union_of_records_has_the_fields_and_tags_of_all() -> None:
    card = record("Card", field("owner", "string", tags="PII"), field("number", "string"))
    bank = record("Bank", field("owner", "string", tags="VIP"), field("number", "long"))
    paid = shape_of(record("Order", field("by", ["null", card, bank]))).fields["by"]
    assert paid.nullable
    assert paid.kind == "object"
    assert paid.fields["owner"] == Shape("string", tags=frozenset({"PII", "VIP"}))
    assert paid.fields["number"] == ANY


def test_a_field_that_only_one_record_of_a_union_has_may_be_missing() -> None:
    union = [record("A", field("x", "int")), record("B", field("y", "int"))]
    found = shape_of(record("R", field("it", union))).fields["it"]
    assert found.fields == {"x": Shape("int", nullable=True), "y": Shape("int", nullable=True)}


@pytest.mark.parametrize(
    "other", ["string", {"type": "array", "items": "string"}, {"type": "map", "values": "string"}]
)
def test_what_is_tagged_in_one_type_of_a_union_tags_the_whole(other: Any) -> None:
    card = record("Card", field("number", ["null", "string"], tags="PII.CARD"))
    found = shape_of(record("Order", field("by", [other, card]))).fields["by"]
    assert found == Shape(tags=frozenset({"PII.CARD"}))


def test_what_is_tagged_in_a_type_inside_itself_tags_the_inner_whole() -> None:
    person = record(
        "Person",
        field("email", "string", tags="PII"),
        field("friends", {"type": "array", "items": "Person"}),
        namespace="n",
    )
    friends = shape_of(person).fields["friends"]
    assert friends.items == Shape(tags=frozenset({"PII"}))
