"""A law of all steps: what `effects` promise of a record's shape holds for the record itself."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipelines.condition import check, compile_expression
from pipelines.engine.evolve import evolved
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import NULLABLE_STRING, STRING, Shape
from pipelines.step import Expression, Running, Scope, StepConfig
from pipelines.steps import AnyStep
from pipelines.table import Table
from pipelines.tables.inline import InlineTable
from pipelines.tables.row_shape import shape_of, still_holds

ADAPTER: TypeAdapter[StepConfig] = TypeAdapter(AnyStep)
BEFORE = Shape(
    "object",
    fields={
        "name": STRING,
        "text": NULLABLE_STRING,
        "count": Shape("int"),
        "ratio": Shape("double"),
        "card": Shape("object", fields={"number": STRING, "month": Shape("int")}),
        "items": Shape("list", items=Shape("object", fields={"sku": STRING, "n": Shape("int")})),
        "labels": Shape("map", items=STRING),
    },
)
INTS = st.integers(-(2**63), 2**63 - 1)
LINES = st.sampled_from(
    [
        '::1 - - [02/Mar/2026:08:00:01 +0000] "GET / HTTP/1.1" 200 - "-" "x"',
        '::1 - u [02/Mar/2026:08:00:01 +0000] "-" 200 1',
        "a=1 b",
        '{"a": [1]}',
        "<34>Oct 11 22:14:15 host su[1]: hello",
        "12",
        "true",
    ]
)
RECORDS = st.fixed_dictionaries(
    {
        "name": st.text() | LINES,
        "text": st.none() | st.text(max_size=5) | LINES,
        "count": INTS,
        "ratio": st.floats(allow_nan=False, allow_infinity=False),
        "card": st.fixed_dictionaries({"number": st.text(), "month": INTS}),
        "items": st.lists(st.fixed_dictionaries({"sku": st.text(), "n": INTS}), max_size=2),
        "labels": st.dictionaries(st.text(), st.text(), max_size=2),
    }
)
STEPS: list[dict[str, Any]] = [
    {"step": "drop", "reason": "r"},
    {"step": "keep", "fields": ["name", "card.month", "items[*].sku"]},
    {"step": "keep", "fields": ["labels.*", "count"]},
    {"step": "remove", "fields": ["name", "card.number", "items[*].n", "absent"]},
    {"step": "set", "field": "total", "value": "message.count + 1"},
    {"step": "set", "field": "new.deep", "value": "message.card"},
    {"step": "set", "field": "name", "value": "size(message.items)"},
    {"step": "set", "field": "items[*].n", "value": "message.name + '!'"},
    {"step": "set", "field": "wait", "value": "duration('90s')"},
    {"step": "rename", "from": "name", "to": "card.holder"},
    {"step": "rename", "from": "items[*].n", "to": "items[*].quantity"},
    {"step": "rename", "from": "card", "to": "payment.card"},
    {"step": "cast", "field": "name", "to": "int", "on_error": "null"},
    {"step": "cast", "field": "text", "to": "bool", "on_error": "keep"},
    {"step": "cast", "field": "count", "to": "string"},
    {"step": "cast", "field": "ratio", "to": "int"},
    {"step": "cast", "field": "items[*].n", "to": "double"},
    *(
        {"step": "parse", "format": name, "field": "text", "on_error": error, **into}
        for name in ("combined", "common", "logfmt", "json", "key_value", "syslog")
        for error in ("keep", "dead_letter")
        for into in ({"into": "parsed"}, {})
    ),
    {"step": "parse", "pattern": "(?P<a>[0-9])(?P<b>x)?", "field": "name", "on_error": "keep"},
    {"step": "sample", "one_in": 2, "by": "message.name"},
    {"step": "route", "to": "other"},
    {"step": "enrich", "table": "t", "key": "message.text", "into": "row"},
    {"step": "enrich", "table": "t", "key": "message.text", "into": "row", "on_missing": "drop"},
]
TABLES: dict[str, Table] = {
    "t": InlineTable.model_validate(
        {"inline": {"12": {"a": 1, "b": [True]}, "true": {"a": 2.5}}}
    ).load(Path())
}


class _Resources:
    """What the engine hands to a step."""

    tables = TABLES
    running = Running()

    def expression(self, text: str, step_id: str) -> Expression:
        return compile_expression(text, step_id, BEFORE)

    def shape_of(self, text: str) -> Shape:
        return check(text, BEFORE).shape


RESOURCES = _Resources()
SCOPE = Scope(BEFORE, {name: table.row for name, table in TABLES.items()}, RESOURCES.shape_of)


@pytest.mark.parametrize("written", STEPS, ids=lambda one: " ".join(map(str, one.values())))
@given(value=RECORDS)
def test_a_record_has_the_shape_that_was_told(written: dict[str, Any], value: Any) -> None:
    step = ADAPTER.validate_python({"id": "s", **written})
    after = evolved(BEFORE, step.effects(SCOPE))
    record = Record(copy.deepcopy(value), "key", timestamp=1_772_438_400_000)
    try:
        ended = step.build(RESOURCES)(record)
    except RecordError:
        return

    assert ended is not None or still_holds(after, shape_of(record.value))


def test_the_law_can_tell_a_broken_promise() -> None:
    assert not still_holds(BEFORE, shape_of({"name": 5}))
