from __future__ import annotations

import copy
import json
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.errors import ConfigError
from pipelines.field_path import FieldPath
from pipelines.shape import ANY, NULLABLE_STRING, STRING, Shape
from pipelines.wire import avro
from pipelines.wire.derive import derive

INT = Shape("int")
ADDRESS: dict[str, Any] = {
    "type": "record",
    "name": "Address",
    "fields": [
        {"name": "street", "type": "string", "confluent:tags": ["PII"]},
        {"name": "zip", "type": "string", "default": ""},
    ],
}
ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "doc": "One order.",
    "fields": [
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}, "doc": "Its number."},
        {"name": "email", "type": ["null", "string"], "default": None, "confluent:tags": ["PII"]},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "count", "type": "int", "default": 1, "aliases": ["amount"]},
        {"name": "home", "type": ADDRESS},
        {"name": "work", "type": ["null", "Address"], "default": None},
        {
            "name": "lines",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Line",
                    "fields": [
                        {"name": "sku", "type": "string"},
                        {"name": "gift", "type": "boolean", "default": False},
                    ],
                },
            },
        },
        {"name": "marks", "type": {"type": "map", "values": "string"}},
    ],
}
VALUE: dict[str, Any] = {
    "id": "5c9a2f5e",
    "email": "a",
    "at": 5,
    "count": 2,
    "home": {"street": "s", "zip": "z"},
    "work": {"street": "s", "zip": "z"},
    "lines": [{"sku": "a", "gift": True}, {"sku": "b", "gift": False}],
    "marks": {"a": "b"},
}


def at(text: str) -> FieldPath:
    return FieldPath(text)


def field(schema: Any, name: str) -> dict[str, Any]:
    return next(one for one in schema["fields"] if one["name"] == name)


def names(schema: Any) -> list[str]:
    return [one["name"] for one in schema["fields"]]


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
        (NULLABLE_STRING, ["null", "string"]),
        (
            Shape("object", fields={"a": STRING}),
            {
                "type": "record",
                "name": "shop.Order_new",
                "fields": [{"name": "a", "type": "string"}],
            },
        ),
    ],
    ids=lambda one: one.kind if isinstance(one, Shape) else None,
)
def test_a_new_field_has_the_type_of_its_shape(shape: Shape, avro_type: object) -> None:
    new = field(derive(ORDER, [Written(at("new"), shape)]), "new")
    assert new["type"] == avro_type
    assert ("default" in new) is shape.nullable


def test_a_new_field_of_some_records_is_null_in_the_others() -> None:
    derived = derive(ORDER, [Written(at("new"), STRING, conditional=True)])
    assert field(derived, "new") == {"name": "new", "type": ["null", "string"], "default": None}


def test_missing_parents_are_made_once() -> None:
    derived = derive(
        ORDER, [Written(at("geo.country"), STRING), Written(at("geo.city"), NULLABLE_STRING)]
    )
    made = field(derived, "geo")["type"]
    assert made["name"] == "shop.Order_geo"
    assert names(made) == ["country", "city"]


@pytest.mark.parametrize("shape", [ANY, Shape("list", items=ANY)], ids=["any", "list of any"])
def test_a_field_of_unknown_type_says_what_to_do(shape: Shape) -> None:
    with pytest.raises(ConfigError, match=r"`new`.*publish as json"):
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


_PATHS = st.sampled_from(
    ["id", "email", "at", "count", "home", "home.street", "work.zip", "lines[*].sku", "lines",
     "marks.*", "marks", "new", "new.deep", "home.extra", "nowhere.x", "work.extra"]
).map(FieldPath)  # fmt: skip
_NAMED = st.sampled_from(["a", "b", "home.c", "new.d", "e.f"]).map(FieldPath)
_EFFECTS = st.one_of(
    st.builds(Removed, _PATHS),
    st.builds(Renamed, _PATHS, _NAMED),
    st.builds(Written, _NAMED, st.sampled_from([STRING, NULLABLE_STRING])),
    st.builds(Retyped, _PATHS, st.just(STRING)),
    st.builds(Kept, st.lists(_PATHS, min_size=1, max_size=4).map(tuple)),
)


def applied(value: dict[str, Any], effect: Effect) -> None:
    """Do to a value what the effect says that a step does."""
    match effect:
        case Removed(path):
            path.remove(value)
        case Renamed(source, target):
            found = source.get(value)
            if source.remove(value):
                target.set(value, found)
        case Written(path):
            path.set(value, "text")
        case Retyped(path):
            path.update(value, lambda old: "text" if isinstance(old, str | int) else old)
        case Kept(paths):
            kept: dict[str, Any] = {}
            for path in paths:
                head = str(path.segments[0])
                if head in value:
                    kept[head] = value[head]
            value.clear()
            value.update(kept)


@given(st.lists(_EFFECTS, max_size=6))
def test_whatever_the_effects_the_schema_is_valid(effects: list[Effect]) -> None:
    derived = derive(ORDER, effects)
    fastavro.parse_schema(copy.deepcopy(derived), named_schemas={})


_SIMPLE = st.sampled_from(["id", "email", "count", "home.street", "work.zip", "marks.*"]).map(
    FieldPath
)


@given(
    st.lists(
        st.one_of(
            st.builds(Removed, _SIMPLE),
            st.builds(Written, _NAMED, st.just(STRING)),
            st.builds(Retyped, _SIMPLE, st.just(STRING)),
            st.builds(Renamed, st.sampled_from([at("id"), at("lines")]), _NAMED),
        ),
        max_size=6,
    )
)
def test_a_value_after_the_effects_encodes_under_the_derived_schema(effects: list[Effect]) -> None:
    value = copy.deepcopy(VALUE)
    derived = derive(ORDER, effects)
    for effect in effects:
        applied(value, effect)
    raw = avro.encoder(derived, 1)(value)
    names_left = set(avro.decoder(derived)(raw))
    assert set(value) <= names_left
