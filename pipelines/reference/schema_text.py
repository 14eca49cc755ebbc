"""What a JSON Schema allows, in words that fit into a table's cell."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

_MOST = 8  # alternatives that are told one by one
_MOST_WORDS = 20
_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
}
Schema = Mapping[str, Any]
Row = tuple[str, str, str, str]
"""Name, type, default and meaning of a field."""


def rows_of(model: type[BaseModel], *without: str) -> list[Row]:
    """Return name, type, default and meaning of each field of a model, as written in YAML."""
    schema = model.model_json_schema(by_alias=True)
    return _rows(schema, schema.get("$defs", {}), without)


def parts_of(model: type[BaseModel]) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield each mapping inside of a model: its path, its description, its rows.

    Those that have pages of their own, as steps and treatments have, are left out.
    """
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    waiting = list(_inside("", schema, definitions))
    while waiting:
        path, name = waiting.pop(0)
        found = definitions[name]
        yield path, found.get("description", ""), _rows(found, definitions)
        waiting = [*_inside(f"{path}.", found, definitions), *waiting]


def _inside(path: str, schema: Schema, definitions: Schema) -> Iterator[tuple[str, str]]:
    """Yield path and name of the mappings right below a mapping."""
    for name, one in schema.get("properties", {}).items():
        places = dict(_named(one, definitions))
        if len(places) == 1:  # of several it would take examples to say which
            ((model, where),) = places.items()
            yield f"{path}{name}{where}", model


def _named(schema: Schema, definitions: Schema) -> Iterator[tuple[str, str]]:
    """Yield the mappings that may stand in a place, each with what its path has in addition."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name:
        fields = definitions[name].get("properties", {})
        if len(fields) > 1 and "step" not in fields:
            yield name, ""
    for one in schema.get("anyOf") or schema.get("oneOf") or ():
        yield from _named(one, definitions)
    below = [("[*]", schema["items"])] if schema.get("items") else []
    below += [(".*", one) for one in schema.get("patternProperties", {}).values()]
    for where, inner in below:
        yield from ((one, where + deep) for one, deep in _named(inner, definitions))


def _rows(schema: Schema, definitions: Schema, without: Collection[str] = ()) -> list[Row]:
    required = set(schema.get("required", ()))
    return [
        (
            f"`{name}`",
            type_text(one, definitions),
            "required" if name in required else default_text(one),
            one.get("description", ""),
        )
        for name, one in schema.get("properties", {}).items()
        if name not in without
    ]


def type_text(schema: Schema, definitions: Schema) -> str:
    """Return what may stand there: `text`, `whole number from 0 to 20`, `a, b or c`."""
    schema = _resolved(schema, definitions)
    if "const" in schema or "enum" in schema:
        words = schema.get("enum") or [schema["const"]]
        if len(words) > _MOST_WORDS:
            return f"one of {len(words)} words such as `{words[0]}`"
        return " or ".join(f"`{one}`" for one in words)
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives:
        return _alternatives(alternatives, definitions)
    kind = schema.get("type")
    if kind == "array":
        return f"list of {type_text(schema.get('items', {}), definitions)}"
    if kind == "object" and "properties" in schema:
        names = list(schema["properties"])
        return f"`{{{names[0]}: …}}`" if len(names) == 1 else "mapping"
    example = schema.get("examples")
    text = f"{_KINDS.get(str(kind), 'anything')}{_limits(schema)}"
    return f"{text} such as `{example[0]}`" if example else text


def default_text(schema: Schema) -> str:
    """Return the default as YAML writes it, empty where none is told."""
    value = schema.get("default")
    return (
        ""
        if value in (None, []) or isinstance(value, dict)
        else f"`{json.dumps(value)}`".replace('"', "")
    )


def _alternatives(schemas: list[Schema], definitions: Schema) -> str:
    texts = [type_text(one, definitions) for one in schemas if one.get("type") != "null"]
    distinct = list(dict.fromkeys(texts))
    return " or ".join(distinct) if len(texts) <= _MOST else f"one of {len(texts)} forms"


def _limits(schema: Schema) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    above = "over" if "exclusiveMinimum" in schema else "from"
    below = "below" if "exclusiveMaximum" in schema else "to"
    text = "" if low is None else f" {above} {low}"
    return text if high is None else f"{text} {below} {high}"


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: Schema = definitions.get(reference.rpartition("/")[2], {})
    return found
