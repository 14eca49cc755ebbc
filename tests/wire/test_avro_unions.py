from __future__ import annotations

from typing import Any

import pytest

from pipelines.wire import avro
from pipelines.wire.avro_unions import confusable

ID = {"name": "id", "type": "string"}
NAME = {"name": "name", "type": ["null", "string"], "default": None}
MUST = {"name": "must", "type": "string"}
NUMBER = {"name": "id", "type": "long"}


def record(name: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields)}


def union(*branches: Any) -> dict[str, Any]:
    return record("R", {"name": "u", "type": ["null", *branches]})


@pytest.mark.parametrize(
    "branches",
    [
        (record("Created", ID, NAME), record("Deleted", ID)),
        (record("One", ID), record("Two", ID)),
        ({"type": "map", "values": "string"}, record("Deleted", ID)),
    ],
    ids=["a part of another", "the same fields", "a map"],
)
def test_records_that_pass_for_each_other_are_found(branches: tuple[Any, ...]) -> None:
    found = confusable(union(*branches))
    assert found is not None
    assert found[0] == "u"


@pytest.mark.parametrize(
    ("branches", "values"),
    [
        ((record("Deleted", ID), record("Created", ID, NAME)),
         [{"id": "x"}, {"id": "x", "name": None}]),
        ((record("Made", ID, MUST), record("Deleted", ID)),
         [{"id": "x"}, {"id": "x", "must": ""}]),
        ((record("One", ID), record("Two", NUMBER)), [{"id": "x"}, {"id": 5}]),
        ((record("One", ID), {"type": "array", "items": "long"}, "string"),
         [{"id": "x"}, [5], "text"]),
    ],
    ids=["the smaller first", "a field that must be", "another type", "one object only"],
)  # fmt: skip
def test_what_can_be_told_apart_is_read_back_as_it_was(
    branches: tuple[Any, ...], values: list[Any]
) -> None:
    schema = union(*branches)
    assert confusable(schema) is None
    decode, encode = avro.decoder(schema), avro.encoder(schema, 1)
    for value in values:
        assert decode(encode({"u": value})) == {"u": value}


def test_unions_are_found_wherever_they_stand_and_in_types_inside_themselves() -> None:
    inner = union(record("One", ID), record("Two", ID))
    tree = record(
        "Tree",
        {"name": "next", "type": ["null", "Tree"]},
        {"name": "by", "type": {"type": "map", "values": {"type": "array", "items": inner}}},
    )
    assert confusable(tree) == ("by.*[*].u", "Two", "One")
