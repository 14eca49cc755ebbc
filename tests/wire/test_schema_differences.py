from __future__ import annotations

from typing import Any

import pytest

from pipelines.wire.schema_differences import differences


def record(*fields: dict[str, Any], name: str = "A") -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields)}


def x(kind: Any, **more: Any) -> dict[str, Any]:
    return {"name": "x", "type": kind, **more}


def enum(*symbols: str) -> dict[str, Any]:
    return {"type": "enum", "name": "E", "symbols": list(symbols)}


TIME = {"type": "long", "logicalType": "timestamp-millis"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (record(x("int")), record(x("int", doc="new", tags=["PII"])), []),
        (record(), record(x("int")), ["`x` is new, has no default"]),
        (record(), record(x("int", default=1)), ["`x` is new"]),
        (record(x("int")), record(), ["`x` is gone, had no default"]),
        (record(x("int")), record(x("string")), ["`x` was int, is string"]),
        (record(x("int")), record(x(["null", "int"])), ["`x` may now be null"]),
        (record(x(["null", "int"])), record(x("int")), ["`x` may no longer be null"]),
        (record(x(enum("a"))), record(x(enum("a", "b"))), ["`x` has other symbols"]),
        (
            record(x({"type": "array", "items": record(x("int"), name="B")})),
            record(x({"type": "array", "items": record(x("bytes"), name="B")})),
            ["`x[*].x` was int, is bytes"],
        ),
        (
            record(x({"type": "map", "values": "long"})),
            record(x({"type": "map", "values": TIME})),
            ["`x.*` was long, is timestamp-millis"],
        ),
        (record(x(["null", "A"])), record(x(["null", "A"]), {"name": "y", "type": "int"}),
         ["`y` is new, has no default"]),
        (record(name="A"), record(name="B"), ["the record was A, is B"]),
    ],
    ids=["docs only", "new", "new with default", "gone", "type", "nullable", "not nullable",
         "symbols", "in lists", "in maps", "in itself", "name"],
)  # fmt: skip
def test_what_changed_is_said_by_path(before: Any, after: Any, said: list[str]) -> None:
    assert list(differences(before, after)) == said
