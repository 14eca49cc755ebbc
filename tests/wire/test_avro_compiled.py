"""What the compiled reader reads is what fastavro reads, of any schema and any bytes."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.wire.avro_compiled import Read, compiled_reader
from pipelines.wire.avro_names import expanded

Pair = tuple[Any, st.SearchStrategy[Any]]

_TEXT = st.text(st.characters(codec="utf-8"), max_size=70)
_LEAVES: list[Pair] = [
    ("null", st.none()),
    ("boolean", st.booleans()),
    ("int", st.integers(-(2**31), 2**31 - 1)),
    ("long", st.integers(-(2**63), 2**63 - 1)),
    ("float", st.floats(width=32, allow_nan=False)),
    ("double", st.floats(allow_nan=False)),
    ("bytes", st.binary(max_size=70)),
    ("string", _TEXT),
    (
        {"type": "long", "logicalType": "timestamp-millis"},
        st.integers(0, 10**9).map(lambda second: datetime.fromtimestamp(second, UTC)),
    ),
    (
        {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        st.integers(-(10**8), 10**8).map(lambda cents: Decimal(cents).scaleb(-2)),
    ),
    ({"type": "string", "own": "property"}, _TEXT),
]


@st.composite
def pairs(draw: st.DrawFn, depth: int = 3, numbers: Any = None) -> Pair:
    """A schema, and what its values are."""
    numbers = numbers or itertools.count()
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(_LEAVES) | simple(f"n{next(numbers)}"))
    inner = [draw(pairs(depth - 1, numbers)) for _ in range(draw(st.integers(1, 4)))]
    ((schema, values), *_) = inner
    kind = draw(st.sampled_from(["array", "map", "record"]))
    if kind == "array":
        return {"type": "array", "items": schema}, st.lists(values, max_size=3)
    if kind == "map":
        return {"type": "map", "values": schema}, st.dictionaries(_TEXT, values, max_size=3)
    fields = [{"name": f"f{at}", "type": schema} for at, (schema, _) in enumerate(inner)]
    every: dict[str, st.SearchStrategy[Any]] = {f"f{at}": one for at, (_, one) in enumerate(inner)}
    record = {"type": "record", "name": f"r{next(numbers)}", "fields": fields}
    return record, st.fixed_dictionaries(every)


@st.composite
def simple(draw: st.DrawFn, name: str) -> Pair:
    kind = draw(st.sampled_from(["enum", "fixed", "union"]))
    size = draw(st.integers(1, 3))
    if kind == "enum":
        symbols = ["a", "b", "c"][:size]
        return {"type": "enum", "name": name, "symbols": symbols}, st.sampled_from(symbols)
    if kind == "fixed":
        content = st.binary(min_size=size, max_size=size)
        return {"type": "fixed", "name": name, "size": size}, content
    leaf, values = draw(st.sampled_from(_LEAVES[2:8]))
    return ["null", leaf], st.none() | values


def general(schema: Any, raw: bytes) -> tuple[Any, int]:
    source = io.BytesIO(raw)
    value = fastavro.schemaless_reader(
        source, fastavro.parse_schema(schema, named_schemas={}), None
    )
    return value, source.tell()


@given(st.data())
def test_what_was_written_is_read(data: st.DataObject) -> None:
    schema, values = data.draw(pairs())
    value = data.draw(values)
    sink = io.BytesIO()
    fastavro.schemaless_writer(sink, fastavro.parse_schema(schema, named_schemas={}), value)
    raw = sink.getvalue()
    read = compiled_reader(expanded(schema))
    if read is None:
        assert "null" in str(schema) or "record" in str(schema)  # items of no byte
        return
    assert read(b"?" + raw, 1) == (general(schema, raw)[0], len(raw) + 1)
    assert all(refuses(read, raw[:end]) for end in range(len(raw)))


@given(st.data(), st.binary(max_size=40))
def test_of_any_bytes_it_reads_what_fastavro_reads_or_refuses_them(
    data: st.DataObject, raw: bytes
) -> None:
    schema, _ = data.draw(pairs())
    read = compiled_reader(expanded(schema))
    if read is None:
        return
    try:
        found, end = read(raw, 0)
    except Exception:  # noqa: BLE001 - whatever it says
        return
    if end <= len(raw):  # no number is equal to NaN
        assert repr((found, end)) == repr(general(schema, raw))


@pytest.mark.parametrize(
    "items",
    ["null", {"type": "record", "name": "E", "fields": []},
     {"type": "record", "name": "N", "fields": [{"name": "n", "type": "null"}]}],
    ids=["null", "no field", "null field"],
)  # fmt: skip
def test_endless_items_of_no_byte_are_left_to_a_general_reader(items: Any) -> None:
    assert compiled_reader({"type": "array", "items": items}) is None
    assert compiled_reader({"type": "array", "items": ["null", "int"]}) is not None


@pytest.mark.parametrize("name", ["line", "read", "union", "node"])
def test_a_type_inside_itself_is_left_to_a_general_reader(name: str) -> None:
    below = {"name": "next", "type": ["null", name]}
    schema = {"type": "record", "name": name, "fields": [below]}
    assert compiled_reader(expanded(schema)) is None


def test_what_is_nested_too_deeply_for_python_is_left_to_a_general_reader() -> None:
    schema: Any = "int"
    for _ in range(20):
        schema = {"type": "array", "items": schema}
    assert compiled_reader(schema) is None


def test_a_long_claim_takes_no_longer_than_its_bytes() -> None:
    read = compiled_reader({"type": "array", "items": {"type": "fixed", "name": "F", "size": 2}})
    assert read is not None
    assert refuses(read, varint_of(2**60) + b"ab")


@pytest.mark.parametrize(
    ("schema", "raw"),
    [
        ("string", b"\x01"),  # of a negative length
        ("long", b"\xff" * 11),
        (["null", "int"], b"\x04"),
        ({"type": "enum", "name": "E", "symbols": ["a", "b"]}, b"\x01"),
        ({"type": "enum", "name": "E", "symbols": ["a", "b"]}, b"\x04"),
        ("string", b"\x02\xff"),
    ],
)
def test_what_the_specification_does_not_allow_is_refused(schema: Any, raw: bytes) -> None:
    read = compiled_reader(schema)
    assert read is not None
    assert refuses(read, raw)


def test_a_block_may_say_its_size() -> None:
    read = compiled_reader({"type": "array", "items": "int"})
    assert read is not None
    assert read(b"\x03\x04\x02\x04\x00", 0) == ([1, 2], 5)


def varint_of(number: int) -> bytes:
    sink = io.BytesIO()
    fastavro.schemaless_writer(sink, "long", number)
    return sink.getvalue()


def refuses(read: Read, raw: bytes) -> bool:
    """Return True if these bytes, from the first on, are read as no whole value."""
    try:
        return read(raw, 0)[1] > len(raw)
    except Exception:  # noqa: BLE001 - whatever it says
        return True
