"""The JSON Schema of the Helm chart's values, with the language of pipelines inside.

So a bad pipeline dies at `helm lint`, with its path, and editors complete values files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import models_json_schema

from pipelines.cli.chart.values import Values
from pipelines.cli.chart.worker import Worker
from pipelines.declaration.pipeline import Pipeline
from pipelines.privacy.policy import Policy
from pipelines.settings import Settings

Schema = dict[str, Any]

_OWN = (
    "brokers", "drain_timeout", "group", "http_", "instance_id", "keys", "sasl_",
    "schema_registry", "security_protocol", "ssl_", "supervisor", "workers",
)  # fmt: skip
"""Beginnings of the settings that other values are for."""

_NAME = "^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$"
_BY_NAME = ("$defs", "patternProperties", "properties")
_UNUSED = ("default", "title")  # no validator reads them, and they are half of the text
_PIPELINE_NAME = "^[a-z][a-z0-9_-]{0,39}$"


def values_schema() -> Schema:
    """Return the schema (draft 7, that every Helm 3 and 4 reads)."""
    made, document = models_json_schema(
        [(one, "validation") for one in (Values, Worker, Pipeline, Policy)], by_alias=True
    )
    definitions: dict[str, Schema] = document["$defs"]
    tables = next(
        iter(definitions["Pipeline"]["properties"]["tables"]["patternProperties"].items())
    )
    for kind, key in (("Pipeline", "pipeline"), ("Policy", "policy")):
        definitions[kind]["required"] = [
            name for name in definitions[kind].get("required", ()) if name != key
        ]
    schema = definitions.pop(made[Values, "validation"]["$ref"].rpartition("/")[2])
    properties = schema["properties"]
    properties["pipelines"] |= _named(_PIPELINE_NAME, "Pipeline")
    properties["policies"] |= _named(_PIPELINE_NAME, "Policy")
    properties["workers"] |= {**_named(_NAME, "Worker"), "minProperties": 1}
    properties["workers"]["propertyNames"]["not"] = {"const": "hooks"}  # a component of the chart
    properties["settings"] |= {"properties": settings(), "additionalProperties": False}
    properties["tables"] |= {
        "propertyNames": {"pattern": "^[-._a-zA-Z0-9]{1,253}$"},
        "patternProperties": {r"\.ya?ml$": tables[1], r"\.(csv|json)$": {"type": "string"}},
        "additionalProperties": False,
    }
    whole: Schema = {"$schema": "http://json-schema.org/draft-07/schema#", **schema}
    whole |= {"title": "Clearwater chart", "$defs": definitions}
    sharpened: Schema = _sharpened(whole, definitions)
    return sharpened


def settings() -> dict[str, Schema]:
    """Return the settings that `settings` may hold, each with its schema."""
    known = Settings.model_json_schema()["properties"]
    return {name: one for name, one in known.items() if not name.startswith(_OWN)}


def _named(pattern: str, kind: str) -> Schema:
    return {
        "propertyNames": {"pattern": pattern},
        "additionalProperties": {"$ref": f"#/$defs/{kind}"},
    }


def _sharpened(node: Any, definitions: dict[str, Schema]) -> Any:
    """Return the schema with `oneOf` told apart by a key, so that errors name the one meant."""
    if isinstance(node, list):
        return [_sharpened(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    kept: Schema = {}
    for key, value in node.items():
        if key in _BY_NAME:
            kept[key] = {name: _sharpened(one, definitions) for name, one in value.items()}
        elif key not in _UNUSED:
            kept[key] = _sharpened(value, definitions)
    mapping = node.get("discriminator", {}).get("mapping")
    if mapping:
        word = kept.pop("discriminator")["propertyName"]
        kept.pop("oneOf")
        return kept | _by_word(word, mapping)
    if "oneOf" in kept and all(set(one) == {"$ref"} for one in kept["oneOf"]):
        return kept | _by_key(dict(_own_keys(kept.pop("oneOf"), definitions)))
    return kept


def _by_word(word: str, mapping: dict[str, str]) -> Schema:
    return {
        "type": "object",
        "required": [word],
        "properties": {word: {"enum": list(mapping)}},
        "allOf": [
            {
                "if": {"properties": {word: {"const": value}}, "required": [word]},
                "then": {"$ref": reference},
            }
            for value, reference in mapping.items()
        ],
    }


def _by_key(references: dict[str, str]) -> Schema:
    return {
        "type": "object",
        "anyOf": [{"required": [key]} for key in references],
        "allOf": [
            {"if": {"required": [key]}, "then": {"$ref": reference}}
            for key, reference in references.items()
        ],
    }


def _own_keys(
    alternatives: list[Schema], definitions: dict[str, Schema]
) -> Iterator[tuple[str, str]]:
    """Yield the key that only this alternative has, and its reference."""
    keys = {
        one["$ref"]: list(definitions[one["$ref"].rpartition("/")[2]]["properties"])
        for one in alternatives
    }
    for reference, own in keys.items():
        others = {key for other, them in keys.items() if other != reference for key in them}
        yield next(key for key in own if key not in others), reference
