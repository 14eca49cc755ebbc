from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.field_path import FieldPath
from pipelines.shape import ANY, STRING, Shape, joined

ORDER = Shape(
    "object",
    fields={
        "id": STRING,
        "card": Shape("object", nullable=True, fields={"number": STRING.with_tags(frozenset("P"))}),
        "items": Shape("list", items=Shape("object", fields={"sku": STRING})),
        "notes": Shape("map", items=STRING),
        "extra": ANY,
        "odd.name": STRING,
    },
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("id", "string", id="a field"),
        pytest.param("card.number", "string", id="a nested field"),
        pytest.param("items[*].sku", "string", id="of every element"),
        pytest.param("items[0].sku", "string", id="of one element"),
        pytest.param("notes.*", "string", id="every entry"),
        pytest.param("notes.today", "string", id="an entry"),
        pytest.param("extra.anything[3]", "any", id="below what is not known"),
        pytest.param('["odd.name"]', "string", id="a quoted name"),
        pytest.param("nothing", None, id="no such field"),
        pytest.param("id.below", None, id="below a text"),
        pytest.param("items.sku", None, id="a list has no names"),
        pytest.param("notes[0]", None, id="a map has no positions"),
    ],
)
def test_a_path_has_a_shape(path: str, kind: str | None) -> None:
    shape = ORDER.at(FieldPath(path))

    assert (shape and shape.kind) == kind


def test_leaves_name_every_field_parents_first() -> None:
    assert [path for path, _ in ORDER.leaves()] == [
        "id", "card", "card.number", "items", "items[*]", "items[*].sku",
        "notes", "notes.*", "extra", '["odd.name"]',
    ]  # fmt: skip


def test_each_leaf_is_found_at_its_path() -> None:
    for path, shape in ORDER.leaves():
        assert ORDER.at(FieldPath(path)) == shape


def test_tags_add_up() -> None:
    tagged = STRING.with_tags(frozenset({"PII"})).with_tags(frozenset({"PUBLIC"}))

    assert tagged.tags == {"PII", "PUBLIC"}
    assert STRING.tags == frozenset()


@given(st.text().filter(lambda name: name != "*"), st.sampled_from(["", "a", "a[*]", 'a["b.c"]']))
def test_a_joined_name_is_read_back(name: str, prefix: str) -> None:
    path = FieldPath(joined(prefix, name))

    assert path.segments[-1] == name
    assert path.segments[:-1] == (FieldPath(prefix).segments if prefix else ())
