"""Completes a JSON Schema for editors: every field has a description and an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

EXAMPLES: dict[str, Any] = {
    "id": "small_orders",
    "when": "has(message.amount) && message.amount < 5.0",
    "topic": "orders.clean",
    "headers": {"x-source": "shop"},
    "fields": ["customer.email", "items[*].note"],
    "field": "amount",
    "reason": "test_traffic",
    "by": "small_orders",
    "now": "2026-03-02T08:00:00Z",
    "secrets": {"customers": "any text"},
    "tables": {"regions": {"csv": "tables/regions.csv", "key": "country"}},
    "policy": "default",
    "found": {"CREDIT_CARD": {"mask": {"keep_last": 4}}, "default": {"replace": {"with": "-"}}},
    "detectors": {
        "employee": {
            "entity": "EMPLOYEE_ID",
            "pattern": "EMP-[0-9]{6}",
            "examples": ["EMP-004711"],
            "counterexamples": ["EMP-47"],
        }
    },
    "Pipeline.pipeline": "orders",
    "Pipeline.owner": "team-checkout",
    "Pipeline.description": "Orders for analytics.",
    "Pipeline.privacy": {"policy": "default", "fields": {"customer_id": {"hash": {"key": "c"}}}},
    "Source.topic": "orders.raw",
    "Source.subject": "orders.raw-value",
    "Publish.subject": "orders.clean-value",
    "DeadLetter.topic": "orders.dead",
    "Enrich.table": "regions",
    "Enrich.key": "message.country",
    "Enrich.into": "region",
    "Parse.pattern": "(?P<level>[A-Z]+) (?P<text>.*)",
    "Parse.into": "log",
    "Rename.from": "ts",
    "Rename.to": "event.time",
    "Route.to": "orders.clean.eu",
    "Sample.ratio": 0.1,
    "Sample.one_in": 10,
    "Sample.by": "message.customer_id",
    "Set.field": "total",
    "Set.value": "double(message.price) * 1.19",
    "CsvTable.csv": "tables/regions.csv",
    "CsvTable.key": "country",
    "JsonTable.json": "tables/regions.jsonl",
    "JsonTable.key": "country",
    "InlineTable.inline": {"DE": {"region": "Europe"}},
    "MmdbTable.mmdb": "tables/city.mmdb",
    "HashOptions.key": "customers",
    "HashOptions.scope": "email",
    "TokenizeOptions.key": "customers",
    "TokenizeOptions.scope": "email",
    "ReplaceOptions.with": "<{entity}>",
    "Mask.mask": {"keep_last": 4},
    "MaskOptions.keep_last": 4,
    "Privacy.fields": {"customer.email": {"hash": {"key": "customers"}}},
    "Privacy.key": {"hash": {"key": "customers"}},
    "Privacy.headers": {"x-user": {"hash": {"key": "customers"}}},
    "Privacy.bytes": "Thumbnails; no personal data by contract.",
    "Privacy.destinations": {"orders.fraud": "fraud"},
    "Allow.allow": "Untagged fields are public by contract.",
    "ScanNothing.nothing": "Machine readings only; no free text.",
    "Policy.ner": "models/people",
    "Policy.treat": {"PII.EMAIL": {"hash": {"key": "customers"}}, "PII": {"redact": {}}},
    "OwnDetector.entity": "EMPLOYEE_ID",
    "OwnDetector.pattern": "EMP-[0-9]{6}",
    "OwnDetector.deny": ["Project Aurora"],
    "OwnDetector.context": ["employee", "staff"],
    "OwnDetector.allow": ["EMP-000000"],
    "OwnDetector.examples": ["EMP-004711"],
    "OwnDetector.counterexamples": ["EMP-47"],
    "CaseFile.pipeline": "orders",
    "CaseFile.tests": [
        {"id": "test traffic is dropped", "given": {"value": {"a": 1}}, "expect": [], "by": "tests"}
    ],
    "Case.id": "cards keep their last four digits",
    "Case.given": {"value": {"card": "4111111111111111"}, "headers": {"x-source": "shop"}},
    "Case.expect": [{"topic": "orders.clean", "value": {"card": "************1111"}}],
    "Case.fates": [{"fate": "dropped", "by": "tests"}],
    "Case.dead_letters": [{"by": "small_orders", "reason": "condition_error"}],
    "ExpectedDeadLetter.topic": "orders.dead",
    "ExpectedDeadLetter.reason": "condition_error",
    "ExpectedDeadLetter.preview": '{"*****": ****}',
    "Case.not_anywhere": ["4111111111111111"],
    "Expected.value": {"card": "************1111"},
    "Expected.key": "c-0122",
    "Given.value": {"card": "4111111111111111"},
    "Given.key": "c-0122",
    "Given.timestamp": 1772438400000,
}
"""Examples of fields whose type says too little, by `Model.field`, or by the field of any model."""

_DEPTH = 4  # of what is nested in a declaration


def completed(schema: Schema) -> Schema:
    """Return the schema with what editors show on hover filled in, where models say it elsewhere.

    A field without a description takes that of what it holds; one without an example gets one
    made of the examples of its parts. What has neither in any of its parts stays as it is.
    """
    for _ in range(_DEPTH):  # what is made of parts needs the parts' examples first
        definitions: dict[str, Schema] = schema.get("$defs", {})
        models = {name: _completed(one, definitions) for name, one in definitions.items()}
        schema = {**_completed(schema, definitions), **({"$defs": models} if models else {})}
    return schema


def _completed(model: Schema, definitions: Mapping[str, Schema]) -> Schema:
    properties = model.get("properties")
    if properties is None:
        return model
    told = {
        name: {
            **_meaning(one, model, definitions),
            **one,
            **_shown(f"{model.get('title', '')}.{name}", one, definitions),
        }
        for name, one in properties.items()
    }
    return {**model, "properties": told}


def _meaning(field: Schema, model: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return what a field without a description means: what it holds, or what its verb does."""
    target = model if "const" in field else _resolved(field, definitions)
    text = str(target.get("description", "")).partition("\n\n")[0]
    return {"description": " ".join(text.split())} if text else {}


def _shown(place: str, field: Schema, definitions: Mapping[str, Schema]) -> Schema:
    if "examples" in field:
        return {}
    for known in (place, place.partition(".")[2]):
        if known in EXAMPLES:
            return {"examples": [EXAMPLES[known]]}
    if "enum" in field:
        return {"examples": field["enum"]}
    try:
        return {"examples": [example(field, definitions)]}
    except LookupError:
        return {}


def example(schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    """Return a value that a schema allows, made of the examples that it holds.

    Raises:
        LookupError: A part of it has no example.
    """
    schema = _resolved(schema, definitions)
    known = schema.get("examples") or schema.get("enum")
    if known:
        return known[0]
    if "const" in schema:
        return schema["const"]
    if schema.get("default") not in (None, [], {}):
        return schema["default"]
    for alternative in schema.get("anyOf") or schema.get("oneOf") or ():
        if alternative.get("type") != "null":
            return example(alternative, definitions)
    return _of_kind(schema, definitions)


def _of_kind(schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return True
    if kind == "array" and schema.get("items"):
        return [example(schema["items"], definitions)]
    if kind == "object":
        return _object(schema, definitions)
    raise LookupError(f"no example of {schema}")


def _object(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Any]:
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    if properties or not isinstance(schema.get("additionalProperties"), dict):
        return {
            name: example(one, definitions)
            for name, one in properties.items()
            if name in required or "const" in one
        }
    name = example(schema.get("propertyNames", {"const": "NAME"}), definitions)
    return {str(name): example(schema["additionalProperties"], definitions)}


def _resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found = definitions.get(reference.rpartition("/")[2], {})
    return {**found, **{key: one for key, one in schema.items() if key != "$ref"}}
