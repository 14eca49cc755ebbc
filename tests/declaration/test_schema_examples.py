from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from pipelines.declaration.json_schema import DOCUMENTS, json_schema
from pipelines.declaration.schema_examples import EXAMPLES, completed, example


def models(start: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Yield the models that a document is made of."""
    if isinstance(start, type) and issubclass(start, BaseModel) and start not in seen:
        seen.add(start)
        yield start
        for info in start.model_fields.values():
            yield from models(info.annotation, seen)
    for part in typing.get_args(start):
        yield from models(part, seen)


MODELS = [one for document in DOCUMENTS.values() for one in models(document, set())]
FIELDS = {
    f"{model['title']}.{name}": field
    for kind in DOCUMENTS
    for document in [json_schema(kind)]
    for model in [{**document, "title": DOCUMENTS[kind].__name__}, *document["$defs"].values()]
    for name, field in model.get("properties", {}).items()
}


@pytest.mark.parametrize("place", FIELDS)
def test_every_field_has_a_description_and_an_example_that_may_stand_there(place: str) -> None:
    field = FIELDS[place]
    assert len(field.get("description", "")) > 8
    assert field.get("examples"), f"give `{place}` an example in schema_examples.py"
    model, _, name = place.partition(".")
    annotation, metadata = next(
        (info.annotation, info.metadata)
        for one in MODELS
        if one.__name__ == model
        for key, info in one.model_fields.items()
        if name == (info.alias or key)
    )
    whole: Any = typing.Annotated[annotation, *metadata] if metadata else annotation
    known = TypeAdapter(whole)
    for one in field["examples"]:
        known.validate_python(one)


def test_every_example_is_of_a_field_that_there_is() -> None:
    names = {place.partition(".")[2] for place in FIELDS}
    assert {one for one in EXAMPLES if one not in FIELDS and one not in names} == set()


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_whole_document_made_of_the_examples_is_sound(kind: str) -> None:
    schema = json_schema(kind)
    whole = {name: one["examples"][0] for name, one in schema["properties"].items()}
    DOCUMENTS[kind].model_validate(whole)


def test_an_example_is_made_of_the_examples_of_its_parts() -> None:
    inner = {"type": "object", "properties": {"a": {"const": 1}, "b": {}}, "required": ["a"]}
    schema = {"type": "array", "items": {"$ref": "#/$defs/Inner"}}
    assert example(schema, {"Inner": inner}) == [{"a": 1}]
    assert example({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, {}) is True
    assert example({"type": "object", "additionalProperties": {"default": 5}}, {}) == {"NAME": 5}
    with pytest.raises(LookupError, match="no example"):
        example({"type": "string"}, {})


def test_what_has_no_example_in_any_part_stays_as_it_is() -> None:
    schema = {"properties": {"x": {"type": "string", "description": "Some text."}}}
    assert completed(schema) == schema
