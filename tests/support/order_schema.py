"""An Avro schema with something of everything, and how to look into schemas."""

from __future__ import annotations

from typing import Any

from pipelines.field_path import FieldPath

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


def at(text: str) -> FieldPath:
    return FieldPath(text)


def field(schema: Any, name: str) -> dict[str, Any]:
    return next(one for one in schema["fields"] if one["name"] == name)


def names(schema: Any) -> list[str]:
    return [one["name"] for one in schema["fields"]]
