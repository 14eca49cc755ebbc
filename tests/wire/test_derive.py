from __future__ import annotations

import copy
import json

import fastavro
import pytest

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.errors import ConfigError
from pipelines.shape import ANY, NULLABLE_STRING, STRING, Shape
from pipelines.wire.derive import derive
from tests.support.order_schema import ORDER, at, field, names

INT = Shape("int")


def test_without_effects_the_schema_means_the_same() -> None:
    derived = derive(ORDER, [])
    canonical = fastavro.schema.to_parsing_canonical_form
    assert canonical(derived) == canonical(ORDER)
    assert derived["doc"] == "One order."
    assert field(derived, "id") == ORDER["fields"][0]
    assert field(derived, "count") == ORDER["fields"][3]
    assert field(derived, "email") == ORDER["fields"][1]


def test_the_input_schema_stays_as_it_was() -> None:
    before = copy.deepcopy(ORDER)
    derive(ORDER, [Removed(at("id")), Retyped(at("home.street"), STRING)])
    assert before == ORDER


def test_a_removed_field_is_gone_and_the_rest_keeps_its_order() -> None:
    derived = derive(ORDER, [Removed(at("at")), Removed(at("home.zip")), Removed(at("nowhere.x"))])
    assert names(derived) == ["id", "email", "count", "home", "work", "lines", "marks"]
    assert names(field(derived, "home")["type"]) == ["street"]


def test_a_field_removed_from_some_records_is_nullable() -> None:
    derived = derive(ORDER, [Removed(at("count"), conditional=True)])
    assert field(derived, "count") == {
        "name": "count", "type": ["null", "int"], "default": None, "aliases": ["amount"],
    }  # fmt: skip


def test_only_kept_fields_stay() -> None:
    derived = derive(ORDER, [Kept((at("id"), at("home.zip"), at("lines[*].sku")))])
    assert names(derived) == ["id", "home", "lines"]
    assert names(field(derived, "home")["type"]) == ["zip"]
    assert names(field(derived, "lines")["type"]["items"]) == ["sku"]


def test_a_renamed_field_takes_its_type_along() -> None:
    derived = derive(ORDER, [Renamed(at("at"), at("when")), Renamed(at("nowhere"), at("x"))])
    assert "at" not in names(derived)
    assert "x" not in names(derived)
    assert field(derived, "when")["type"] == {"type": "long", "logicalType": "timestamp-millis"}


def test_a_field_moved_over_another_replaces_it() -> None:
    derived = derive(ORDER, [Renamed(at("at"), at("id"))])
    assert names(derived).count("id") == 1
    assert field(derived, "id")["type"]["logicalType"] == "timestamp-millis"


def test_a_treated_field_is_no_personal_data_any_more_and_keeps_other_tags() -> None:
    tagged = copy.deepcopy(ORDER)
    tagged["fields"][1]["confluent:tags"] = ["PII.EMAIL", "MARKETING"]
    tagged["fields"][0]["tags"] = "PII"
    derived = derive(tagged, [Retyped(at("email"), NULLABLE_STRING), Retyped(at("id"), STRING)])
    assert field(derived, "email")["confluent:tags"] == ["MARKETING"]
    assert "tags" not in field(derived, "id")


def test_a_treated_number_that_becomes_text_loses_its_default() -> None:
    derived = derive(ORDER, [Retyped(at("count"), STRING)])
    assert field(derived, "count") == {"name": "count", "type": "string", "aliases": ["amount"]}


def test_a_treatment_that_may_leave_null_makes_the_type_nullable() -> None:
    derived = derive(ORDER, [Retyped(at("at"), None)])
    assert field(derived, "at")["type"] == [
        "null", {"type": "long", "logicalType": "timestamp-millis"},
    ]  # fmt: skip
    assert field(derived, "at")["default"] is None


def test_elements_and_entries_are_reached_by_a_star() -> None:
    derived = derive(
        ORDER,
        [Retyped(at("lines[*].gift"), STRING), Retyped(at("marks.*"), INT)],
    )
    assert field(field(derived, "lines")["type"]["items"], "gift")["type"] == "string"
    assert field(derived, "marks")["type"] == {"type": "map", "values": "long"}


@pytest.mark.parametrize(
    ("shape", "avro_type"),
    [
        (STRING, "string"),
        (INT, "long"),
        (Shape("double"), "double"),
        (Shape("bool"), "boolean"),
        (Shape("bytes"), "bytes"),
        (Shape("timestamp"), {"type": "long", "logicalType": "timestamp-millis"}),
        (Shape("date"), {"type": "int", "logicalType": "date"}),
        (Shape("list", items=STRING), {"type": "array", "items": "string"}),
        (Shape("map", items=INT), {"type": "map", "values": "long"}),
        (NULLABLE_STRING, "string"),
        (
            Shape("object", fields={"a": STRING}),
            {
                "type": "record",
                "name": "Order_new",
                "fields": [{"name": "a", "type": ["null", "string"], "default": None}],
            },
        ),
    ],
    ids=lambda one: one.kind if isinstance(one, Shape) else None,
)
def test_a_new_field_may_be_null_in_what_was_written_before_it(
    shape: Shape, avro_type: object
) -> None:
    new = field(derive(ORDER, [Written(at("new"), shape)]), "new")
    assert new == {"name": "new", "type": ["null", avro_type], "default": None}


def test_a_new_field_of_some_records_is_null_in_the_others() -> None:
    derived = derive(ORDER, [Written(at("new"), STRING, conditional=True)])
    assert field(derived, "new") == {"name": "new", "type": ["null", "string"], "default": None}


def test_missing_parents_are_made_once() -> None:
    derived = derive(
        ORDER, [Written(at("geo.country"), STRING), Written(at("geo.city"), NULLABLE_STRING)]
    )
    made = field(derived, "geo")["type"][1]
    assert made["name"] == "Order_geo"
    assert names(made) == ["country", "city"]


@pytest.mark.parametrize("shape", [ANY, Shape("list", items=ANY)], ids=["any", "list of any"])
def test_a_field_of_unknown_type_says_what_to_do(shape: Shape) -> None:
    with pytest.raises(ConfigError, match=r"`new.*`.*publish as json"):
        derive(ORDER, [Written(at("new"), shape)])


def test_a_type_used_twice_and_edited_once_becomes_two() -> None:
    derived = derive(ORDER, [Removed(at("work.street"))])
    home, work = field(derived, "home")["type"], field(derived, "work")["type"]
    assert names(home) == ["street", "zip"]
    assert names(work[1]) == ["zip"]
    assert home["name"] != work[1]["name"]


def test_the_same_effects_give_the_same_schema() -> None:
    effects: list[Effect] = [Removed(at("work.street")), Written(at("geo.city"), STRING)]
    assert json.dumps(derive(ORDER, effects)) == json.dumps(derive(ORDER, effects))


def test_a_name_that_avro_cannot_hold_is_refused_by_its_path() -> None:
    for effect in (
        Written(at("user-agent"), STRING),
        Written(at("user-agent.name"), STRING),
        Written(at("new"), Shape("object", fields={"user-agent": STRING})),
        Renamed(at("id"), at("user-agent")),
    ):
        with pytest.raises(ConfigError, match="user-agent"):
            derive(ORDER, [effect])
