"""The law of the derived schema: what the real steps make of a value encodes under it, whole."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import fastavro
from hypothesis import given, reject
from hypothesis import strategies as st

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.errors import ConfigError, RecordError
from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.shape import Shape
from pipelines.step import Resources
from pipelines.steps.keep import Keep
from pipelines.steps.remove import Remove
from pipelines.steps.rename import Rename
from pipelines.wire import avro
from pipelines.wire.derive import derive

_POINT: dict[str, Any] = {
    "type": "record",
    "name": "Point",
    "fields": [
        {"name": "lat", "type": "double"},
        {"name": "note", "type": "string", "default": "none"},
        {"name": "next", "type": ["null", "Point"], "default": None},
    ],
}
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "Root",
    "namespace": "n.s",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "count", "type": "int", "default": 3},
        {"name": "here", "type": _POINT},
        {"name": "there", "type": ["null", "Point"]},
        {"name": "way", "type": {"type": "array", "items": "Point"}},
        {"name": "by", "type": {"type": "map", "values": "Point"}},
        {"name": "words", "type": ["string", "null"], "default": "w"},
        {"name": "marks", "type": {"type": "array", "items": "string"}},
        {"name": "either", "type": ["null", "string", "Point"]},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["a", "b"]}},
    ],
}


def points(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    below = st.none() if depth == 0 else st.none() | points(depth - 1)
    return st.fixed_dictionaries(
        {"lat": st.just(0.5), "note": st.sampled_from(["", "n"]), "next": below}
    )


VALUES = st.fixed_dictionaries(
    {
        "id": st.just("i"),
        "count": st.just(5),
        "here": points(2),
        "there": st.none() | points(1),
        "way": st.lists(points(1), max_size=2),
        "by": st.dictionaries(st.sampled_from(["x", "y"]), points(1), max_size=2),
        "words": st.none() | st.just("word"),
        "marks": st.lists(st.just("m"), max_size=2),
        "either": st.none() | st.just("text") | points(1),
        "kind": st.sampled_from(["a", "b"]),
    }
)
PATHS = st.sampled_from(
    ["id", "count", "here", "here.lat", "here.next", "here.next.note", "here.next.next.lat",
     "there.lat", "there.next.lat", "way", "way[*].lat", "way[0].note", "way[*].next.lat", "by.x",
     "by.*.lat", "by.x.note", "words", "marks", "marks[0]", "marks[*]", "either", "either.lat",
     "kind", "new", "new.a", "nowhere.at.all", "words.deep", "here.*"]
).map(FieldPath)  # fmt: skip
TARGETS = ["id", "moved", "here.lat", "here.put", "there.put", "there.note", "made.below.it",
           "new.b", "by.z", "count"]  # fmt: skip
PLACES = st.sampled_from([*TARGETS, "way[*].put", "by.*.put", "way[0].lat", "marks[*]"])
WRITTEN: list[tuple[Shape, Any]] = [
    (Shape("string"), "text"),
    (Shape("string", nullable=True), None),
    (Shape("int"), 7),
    (Shape("double"), 1.5),
    (Shape("object", fields={"a": Shape("string"), "b": Shape("int", nullable=True)}),
     {"a": "x", "b": None}),
    (Shape("list", items=Shape("string")), ["x", "y"]),
]  # fmt: skip
MOVED = st.sampled_from(["id", "here.lat", "there.lat", "there", "way"]).map(FieldPath)
Act = tuple[Effect, Callable[[Record], object]]
NOTHING = cast("Resources", None)


def removed(path: FieldPath) -> Act:
    return Removed(path), Remove(id="s", fields=(path,)).build(NOTHING)


def kept(paths: list[FieldPath]) -> Act:
    return Kept(tuple(paths)), Keep(id="s", fields=tuple(paths)).build(NOTHING)


def renamed(source: FieldPath, target: str) -> Act:
    to = FieldPath(target)
    return Renamed(source, to), Rename(id="s", source=source, to=to).build(NOTHING)


def written(target: str, what: tuple[Shape, Any]) -> Act:
    path, (shape, value) = FieldPath(target), what

    def write(record: Record) -> None:
        if not path.set(record.value, copy.deepcopy(value)):
            raise RecordError("set_failed", "s")

    return Written(path, shape), write


def nulled(path: FieldPath) -> Act:
    return Retyped(path, None), lambda record: path.update(record.value, lambda _: None)


def masked(path: str) -> Act:
    at = FieldPath(path)

    def mask(value: object) -> object:
        return value if value is None else "masked"

    return Retyped(at, Shape("string")), lambda record: at.update(record.value, mask)


ACTS = st.one_of(
    st.builds(removed, PATHS),
    st.builds(kept, st.lists(PATHS, min_size=1, max_size=5)),
    st.builds(renamed, MOVED, st.sampled_from(["moved", "there.put", "made.below.it", "new.b"])),
    st.builds(written, PLACES, st.sampled_from(WRITTEN)),
    st.builds(nulled, PATHS),
    st.builds(masked, st.sampled_from(["count", "words", "kind", "here.lat", "way[*].lat",
                                       "marks[*]", "by.*.note", "there.next.note"])),
)  # fmt: skip


def lost(value: Any, decoded: Any, at: str = "value") -> list[str]:
    """Return where a decoded value has lost, changed or made up something."""
    if isinstance(value, dict) and isinstance(decoded, dict):
        found = [f"{at}.{name} is made up" for name in decoded.keys() - value.keys()
                 if decoded[name] is not None]  # fmt: skip
        found += [f"{at}.{name} is lost" for name in value.keys() - decoded.keys()
                  if value[name] not in (None, {})]  # fmt: skip
        for name in value.keys() & decoded.keys():
            found += lost(value[name], decoded[name], f"{at}.{name}")
        return found
    if isinstance(value, list) and isinstance(decoded, list) and len(value) == len(decoded):
        pairs = zip(value, decoded, strict=True)
        return [one for index, (a, b) in enumerate(pairs) for one in lost(a, b, f"{at}[{index}]")]
    return [] if value == decoded and type(value) is type(decoded) else [f"{at} is changed"]


@given(st.lists(st.tuples(ACTS, st.booleans()), max_size=5), VALUES, st.data())
def test_a_value_after_the_steps_encodes_whole_under_the_derived_schema(
    acts: list[tuple[Act, bool]], value: dict[str, Any], data: st.DataObject
) -> None:
    effects = [replace(effect, conditional=conditional) for (effect, _), conditional in acts]
    try:
        derived = derive(SCHEMA, effects)
    except ConfigError:
        reject()
    fastavro.parse_schema(copy.deepcopy(derived))
    record = Record(copy.deepcopy(value))
    try:
        for (_, act), conditional in acts:
            if not conditional or data.draw(st.booleans()):
                act(record)
    except RecordError:
        return  # the step dead-letters it
    decoded = avro.decoder(derived)(avro.encoder(derived, 1)(record.value))
    assert lost(record.value, decoded) == []


@given(VALUES)
def test_without_effects_a_value_encodes_to_the_same_bytes_under_the_derived_schema(
    value: dict[str, Any],
) -> None:
    assert avro.encoder(derive(SCHEMA, []), 1)(value) == avro.encoder(SCHEMA, 1)(value)
