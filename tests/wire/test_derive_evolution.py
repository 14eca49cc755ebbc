from __future__ import annotations

from typing import Any

import fastavro
import pytest

from pipelines.effect import Kept, Removed, Renamed, Retyped, Written
from pipelines.errors import ConfigError
from pipelines.field_path import FieldPath
from pipelines.shape import ANY, STRING, Shape
from pipelines.wire import avro
from pipelines.wire.derive import derive
from tests.support.order_schema import ORDER, at, field, names

INT = Shape("int")


def test_a_schema_whose_fields_nobody_touches_comes_back_as_it_was_written() -> None:
    assert derive(ORDER, []) == ORDER


def test_what_is_kept_of_some_records_only_leaves_the_rest_nullable() -> None:
    derived = derive(ORDER, [Kept((at("id"), at("home.zip")), conditional=True)])
    assert names(derived) == names(ORDER)
    assert field(derived, "id") == field(ORDER, "id")
    assert field(derived, "count")["type"] == ["null", "int"]
    assert field(field(derived, "home")["type"], "street")["type"] == ["null", "string"]
    assert field(field(derived, "home")["type"], "zip")["type"] == "string"


def test_text_where_the_parent_of_a_kept_field_should_be_goes() -> None:
    assert names(derive(ORDER, [Kept((at("id"), at("email.domain")))])) == ["id"]


def test_the_elements_of_which_only_some_are_kept_whole_may_lack_fields() -> None:
    derived = derive(ORDER, [Kept((at("lines[0]"), at("lines[1].sku")))])
    line = field(derived, "lines")["type"]["items"]
    assert field(line, "sku")["type"] == "string"
    assert field(line, "gift")["type"] == ["null", "boolean"]


def test_a_renamed_field_is_found_by_its_old_name_in_what_was_written_before() -> None:
    derived = derive(ORDER, [Renamed(at("count"), at("total"))])
    assert names(derived) == ["id", "email", "at", "total", "home", "work", "lines", "marks"]
    assert field(derived, "total") == {
        "name": "total", "type": "int", "default": 1, "aliases": ["count", "amount"],
    }  # fmt: skip


def test_an_old_name_that_another_field_takes_is_no_alias() -> None:
    derived = derive(ORDER, [Renamed(at("count"), at("total")), Written(at("count"), INT)])
    assert field(derived, "total")["aliases"] == ["amount"]


def test_a_field_renamed_in_some_records_stands_in_two_places() -> None:
    derived = derive(ORDER, [Renamed(at("count"), at("total"), conditional=True)])
    assert field(derived, "count")["type"] == ["null", "int"]
    assert field(derived, "total")["type"] == ["null", "int"]


def test_a_value_of_the_type_that_is_there_changes_nothing() -> None:
    effects = [Written(at("home.zip"), STRING), Written(at("at"), Shape("timestamp"))]
    assert derive(ORDER, effects) == ORDER


def test_a_field_that_some_records_get_anew_holds_either_type() -> None:
    derived = derive(ORDER, [Written(at("at"), STRING, conditional=True)])
    assert field(derived, "at")["type"] == [
        {"type": "long", "logicalType": "timestamp-millis"}, "string",
    ]  # fmt: skip
    derived = derive(ORDER, [Written(at("count"), INT, conditional=True)])
    assert field(derived, "count")["type"] == "long"


@pytest.mark.parametrize(
    ("path", "shape"),
    [("at", INT), ("home", Shape("map", items=STRING))],
    ids=["two kinds of long", "record or map"],
)
def test_a_union_in_which_no_value_tells_its_branch_is_refused(path: str, shape: Shape) -> None:
    with pytest.raises(ConfigError, match=f"`{path}` holds its old value or one of another type"):
        derive(ORDER, [Written(at(path), shape, conditional=True)])


def test_nothing_is_written_into_what_is_no_object() -> None:
    with pytest.raises(ConfigError, match="`id` is no object"):
        derive(ORDER, [Written(at("id.part"), STRING)])


def test_an_object_made_where_null_stood_may_lack_all_its_other_fields() -> None:
    work = field(derive(ORDER, [Written(at("work.zone"), STRING)]), "work")["type"][1]
    assert names(work) == ["street", "zip", "zone"]
    assert all(one["type"] == ["null", "string"] for one in work["fields"])
    assert all(one["default"] is None for one in work["fields"])


def test_a_step_that_replaces_the_whole_record_has_no_schema() -> None:
    with pytest.raises(ConfigError, match="`into`, or publish as json"):
        derive(ORDER, [Written(FieldPath.of(), ANY)])


def test_text_that_stood_for_a_symbol_is_plain_text_after_a_treatment() -> None:
    schema = {
        "type": "record",
        "name": "R",
        "fields": [
            {
                "name": "colour",
                "type": {"type": "enum", "name": "Colour", "symbols": ["RED"]},
                "default": "RED",
            },
            {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
            {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
            {"name": "any", "type": ["null", "long", "double"]},
        ],
    }
    effects = [
        Retyped(at("colour"), STRING),
        Retyped(at("id"), STRING),
        Retyped(at("seen"), Shape("timestamp")),
        Retyped(at("any"), ANY),
    ]
    assert derive(schema, effects)["fields"] == [
        {"name": "colour", "type": "string", "default": "RED"},
        {"name": "id", "type": "string"},
        {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "any", "type": ["null", "long", "string", "double"], "default": None},
    ]


TREE: dict[str, Any] = {
    "type": "record",
    "name": "Node",
    "fields": [
        {"name": "secret", "type": "string"},
        {"name": "child", "type": ["null", "Node"], "default": None},
    ],
}


def test_a_type_inside_itself_is_changed_only_where_the_path_says() -> None:
    derived = derive(TREE, [Removed(at("secret")), Removed(at("child.child.secret"))])
    (child,) = derived["fields"]
    first = child["type"][1]
    assert (first["name"], names(first)) == ("Node_child", ["secret", "child"])
    second = first["fields"][1]["type"][1]
    assert (second["name"], names(second)) == ("Node_child_2", ["child"])
    fastavro.parse_schema(derived)
    raw = avro.encoder(derived, 1)({"child": {"secret": "a", "child": {"child": None}}})
    assert avro.decoder(derived)(raw) == {"child": {"secret": "a", "child": {"child": None}}}


def test_a_new_field_carries_the_tags_of_what_it_was_made_from() -> None:
    new = field(
        derive(ORDER, [Written(at("new"), Shape("string", tags=frozenset({"PII"})))]), "new"
    )
    assert new["confluent:tags"] == ["PII"]


def test_a_new_record_takes_no_name_that_is_taken() -> None:
    schema = {
        "type": "record",
        "name": "Order",
        "fields": [
            {"name": "a", "type": "string"},
            {"name": "b", "type": {"type": "fixed", "name": "Order_geo", "size": 2}},
        ],
    }
    derived = derive(schema, [Written(at("geo.country"), STRING)])
    assert field(derived, "geo")["type"][1]["name"] == "Order_geo_2"


def test_a_treatment_of_a_list_a_map_or_an_object_changes_what_is_in_it() -> None:
    point = Shape("object", fields={"lat": STRING, "words": Shape("list", items=STRING)})
    schema = {
        "type": "record",
        "name": "R",
        "fields": [
            {"name": "marks", "type": {"type": "map", "values": "long"}, "default": {}},
            {
                "name": "way",
                "type": {
                    "type": "array",
                    "items": {
                        "type": "record",
                        "name": "P",
                        "fields": [
                            {"name": "lat", "type": "long", "default": 0, "tags": ["PII.PLACE"]},
                            {"name": "words", "type": {"type": "array", "items": "string"}},
                            {"name": "kept", "type": "bytes", "tags": ["PII", "RAW"]},
                        ],
                    },
                },
            },
            {"name": "first", "type": "P"},
        ],
    }
    effects = [
        Retyped(at("marks"), Shape("map", items=STRING)),
        Retyped(at("way"), Shape("list", items=point)),
        Retyped(at("first"), Shape("string", nullable=True)),
    ]
    derived = derive(schema, effects)
    assert field(derived, "marks")["type"] == {"type": "map", "values": "string"}
    assert field(derived, "way")["type"]["items"]["fields"] == [
        {"name": "lat", "type": "string"},
        {"name": "words", "type": {"type": "array", "items": "string"}},
        {"name": "kept", "type": "bytes", "tags": ["RAW"]},
    ]
    assert field(derived, "first") == {"name": "first", "type": ["null", "string"], "default": None}


def test_a_treatment_of_a_union_that_makes_one_type_of_it_leaves_that_type() -> None:
    schema = {"type": "record", "name": "R", "fields": [{"name": "x", "type": ["int", "bytes"]}]}
    assert derive(schema, [Retyped(at("x"), STRING)])["fields"] == [{"name": "x", "type": "string"}]
    assert derive(schema, [Retyped(at("x"), None)])["fields"][0]["type"] == ["null", "int", "bytes"]
