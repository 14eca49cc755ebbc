"""Which field of a value does not fit its Avro schema: by path, never by value or map key."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import fastavro

from pipelines.field_path import EACH
from pipelines.shape import joined
from pipelines.wire.avro_names import expanded

Misfit = Callable[[Any], str | None]
"""From a value to the path of the first field that does not fit; None where all do."""


def misfit(schema: Any) -> Misfit:
    """Return a function that finds the first misfit, with `[*]` for elements and `.*` for entries.

    fastavro's own messages quote the value, and its paths the keys of maps.
    """
    return _located(expanded(schema))


def _located(schema: Any) -> Misfit:
    if isinstance(schema, list):
        branches = [one for one in schema if one != "null"]
        if len(branches) != 1 or len(branches) == len(schema):
            return _written(schema)
        inner = _located(branches[0])
        return lambda value: None if value is None else inner(value)
    kind = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(kind, dict | list):
        return _located(kind)
    if kind == "record":
        return _record(schema["fields"])
    if kind == "array":
        return _elements(_located(schema["items"]))
    if kind == "map":
        return _entries(_located(schema["values"]))
    return _written(schema)


def _record(declared: list[dict[str, Any]]) -> Misfit:
    fields = [(one["name"], one.get("default"), _located(one["type"])) for one in declared]

    def find(value: Any) -> str | None:
        if not isinstance(value, dict):
            return ""
        for name, default, inner in fields:
            below = inner(value.get(name, default))
            if below is not None:
                return _under(joined("", name), below)
        return None

    return find


def _elements(inner: Misfit) -> Misfit:
    def find(value: Any) -> str | None:
        if not isinstance(value, list | tuple):
            return ""
        found = (below for one in value if (below := inner(one)) is not None)
        return next((_under("[*]", below) for below in found), None)

    return find


def _entries(inner: Misfit) -> Misfit:
    def find(value: Any) -> str | None:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            return ""
        found = (below for one in value.values() if (below := inner(one)) is not None)
        return next((_under(EACH.value, below) for below in found), None)

    return find


def _under(above: str, below: str) -> str:
    return f"{above}.{below}" if below and not below.startswith("[") else above + below


def _written(schema: Any) -> Misfit:
    """Return a check that writes the value to nowhere."""
    try:
        parsed = fastavro.parse_schema(schema, named_schemas={})
    except Exception:  # noqa: BLE001 - a type inside itself has no schema of its own
        return lambda _: None

    def find(value: Any) -> str | None:
        try:
            fastavro.schemaless_writer(io.BytesIO(), parsed, value)
        except Exception:  # noqa: BLE001 - its text may quote the value
            return ""
        return None

    return find
