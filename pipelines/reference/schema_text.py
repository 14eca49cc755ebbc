"""What a JSON Schema allows, in words that fit into a table's cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_MOST = 8  # alternatives that are told one by one
_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
}
Schema = Mapping[str, Any]


def rows_of(model: type[BaseModel], *without: str) -> list[tuple[str, str, str, str]]:
    """Return name, type, default and meaning of each field of a model, as written in YAML."""
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
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
        return " or ".join(f"`{one}`" for one in schema.get("enum") or [schema["const"]])
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives:
        return _alternatives(alternatives, definitions)
    kind = schema.get("type")
    if kind == "array":
        return f"list of {type_text(schema.get('items', {}), definitions)}"
    if kind == "object" and "properties" in schema:
        return str(schema.get("title", "mapping"))
    example = schema.get("examples")
    text = f"{_KINDS.get(str(kind), 'anything')}{_limits(schema)}"
    return f"{text} such as `{example[0]}`" if example else text


def default_text(schema: Schema) -> str:
    """Return the default as YAML writes it, empty where none is told."""
    value = schema.get("default")
    return "" if value in (None, [], {}) else f"`{json.dumps(value)}`".replace('"', "")


def _alternatives(schemas: list[Schema], definitions: Schema) -> str:
    texts = [type_text(one, definitions) for one in schemas if one.get("type") != "null"]
    distinct = list(dict.fromkeys(texts))
    return " or ".join(distinct) if len(distinct) <= _MOST else f"one of {len(distinct)} forms"


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
