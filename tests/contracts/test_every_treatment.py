from __future__ import annotations

import copy
import pickle
import pkgutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import pipelines.treatments
from pipelines.field_path import REMOVED
from pipelines.keyring import MemoryKeyring
from pipelines.shape import ANY, STRING, Kind, Shape
from pipelines.treatment import TreatmentConfig
from pipelines.treatments import TREATMENTS, AnyTreatment

ADAPTER: TypeAdapter[TreatmentConfig] = TypeAdapter(AnyTreatment)
CANARY = "canary-5b7e"
KEYS = MemoryKeyring({"k": bytes(range(32))})

WRITTEN: list[dict[str, Any]] = [
    {"redact": {}},
    {"replace": {"with": "<{entity}>"}},
    {"mask": {}},
    {"mask": {"keep_first": 2, "keep_last": 2, "keep_shape": True}},
    {"hash": {"key": "k"}},
    {"hash": {"key": "k", "scope": "s", "length": 16}},
    {"tokenize": {"key": "k"}},
    {"remove": {}},
    {"keep": {}},
]
EVERY = [pytest.param(ADAPTER.validate_python(one), id=str(one)) for one in WRITTEN]
every_treatment = pytest.mark.parametrize("config", EVERY)
every_model = pytest.mark.parametrize("model", TREATMENTS)

SCALARS: list[object] = [
    CANARY, "", "4111 1111 1111 1111", "\ud800", 0, -7, 2**70, 1.5, float("nan"), float("inf"),
    True, Decimal("1.50"), b"\xff\x00", date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC),
    timedelta(seconds=5),
]  # fmt: skip
VALUES = [*SCALARS, None, list(SCALARS), dict(enumerate(SCALARS)), {"a": [{"b": CANARY}]}]

SHAPES: dict[Kind, tuple[Shape, object]] = {
    "string": (STRING, CANARY),
    "bool": (Shape("bool"), True),
    "int": (Shape("int"), 5),
    "double": (Shape("double"), 1.5),
    "bytes": (Shape("bytes"), b"x"),
    "date": (Shape("date"), date(2026, 3, 2)),
    "timestamp": (Shape("timestamp"), datetime(2026, 3, 2, tzinfo=UTC)),
    "decimal": (Shape("decimal"), Decimal(1)),
    "list": (Shape("list", items=STRING), [CANARY]),
    "map": (Shape("map", items=Shape("int")), {"a": 1}),
    "object": (Shape("object", fields={"a": STRING, "b": Shape("int")}), {"a": CANARY, "b": 1}),
}


def test_every_file_is_in_the_catalogue() -> None:
    files = {found.name for found in pkgutil.iter_modules(pipelines.treatments.__path__)}

    assert files == {model.__module__.rpartition(".")[2] for model in TREATMENTS}


@every_model
def test_every_treatment_is_exercised_here(model: type[TreatmentConfig]) -> None:
    assert any(type(ADAPTER.validate_python(one)) is model for one in WRITTEN)


@every_model
def test_every_treatment_and_its_options_are_documented(model: type[TreatmentConfig]) -> None:
    assert model.__doc__
    (options,) = model.model_fields.values()
    assert isinstance(options.annotation, type)
    assert options.annotation.__doc__
    for name, field in options.annotation.model_fields.items():
        assert field.description, name


@every_treatment
def test_the_file_has_the_name_of_the_verb(config: TreatmentConfig) -> None:
    assert type(config).__module__ == f"pipelines.treatments.{config.verb}"


@every_treatment
def test_a_treatment_survives_being_written_and_read(config: TreatmentConfig) -> None:
    written = config.model_dump(mode="json", by_alias=True)

    assert ADAPTER.validate_python(written) == config
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301 - our own


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_unknown_options_are_refused(written: dict[str, Any]) -> None:
    ((verb, options),) = written.items()
    with pytest.raises(ValidationError, match="extra_forbidden"):
        ADAPTER.validate_python({verb: {**options, "colour": "blue"}})


def test_an_unknown_treatment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match=r"'maskk' .*'redact', 'replace', 'mask', 'hash'"):
        ADAPTER.validate_python({"maskk": {}})


@pytest.mark.parametrize("written", ["redact", None, 5, [], {}, {"mask": {}, "keep": {}}], ids=str)
def test_what_is_not_one_verb_is_refused_with_an_example(written: object) -> None:
    with pytest.raises(ValidationError, match=r"one verb with its options.*\{redact: \{\}\}"):
        ADAPTER.validate_python(written)


@every_treatment
@pytest.mark.parametrize("value", VALUES, ids=lambda one: ascii(one)[:40])
def test_every_value_is_treated_and_twice_alike(config: TreatmentConfig, value: object) -> None:
    treat = config.build(KEYS)
    once, twice = treat(copy.deepcopy(value), "X"), treat(copy.deepcopy(value), "X")

    assert repr(once) == repr(twice)


@every_treatment
def test_null_stays_null_unless_the_field_goes(config: TreatmentConfig) -> None:
    assert config.build(KEYS)(None, "X") is (REMOVED if config.verb == "remove" else None)


@every_treatment
@given(text=st.text(min_size=12))
def test_text_becomes_text_or_goes(config: TreatmentConfig, text: str) -> None:
    treated = config.build(KEYS)(text, "X")

    assert treated is REMOVED or isinstance(treated, str)


@every_treatment
def test_nothing_of_the_value_stays_unless_it_shall(config: TreatmentConfig) -> None:
    treated = repr(config.build(KEYS)({"a": ["very secret words"]}, "X"))

    assert (any(word in treated for word in ("very", "secret", "words"))) is (config.verb == "keep")


@every_treatment
@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("nullable", [False, True], ids=["", "or null"])
def test_the_outcome_is_the_type_that_values_have(
    config: TreatmentConfig, kind: Kind, *, nullable: bool
) -> None:
    before, value = SHAPES[kind]
    shape = Shape(before.kind, nullable, before.items, before.fields, frozenset({"PII"}))
    outcome = config.outcome(shape)
    treated = config.build(KEYS)(copy.deepcopy(value), "X")

    if outcome is not None and treated is not REMOVED:
        assert _fits(treated, outcome)
        assert outcome.tags == shape.tags
    if outcome is None:
        assert not _fits(treated, shape), "refused without need"


@every_treatment
def test_of_what_is_unknown_the_outcome_is_unknown(config: TreatmentConfig) -> None:
    assert config.outcome(ANY) == ANY


@every_treatment
def test_a_megabyte_is_treated_in_linear_time(config: TreatmentConfig) -> None:
    treat = config.build(KEYS)
    for value in ("a" * 1_000_000, ["a"] * 50_000, " -" * 500_000):
        started = time.process_time()
        treat(value, "X")
        assert time.process_time() - started < 5


def _fits(value: object, shape: Shape) -> bool:
    if value is None:
        return shape.nullable
    if isinstance(value, list):
        return shape.items is not None and all(_fits(one, shape.items) for one in value)
    if isinstance(value, dict):
        return all(_fits(one, inner) for one, inner in _inside(value, shape))
    return isinstance(value, _TYPES[shape.kind])


def _inside(value: dict[str, object], shape: Shape) -> Iterator[tuple[object, Shape]]:
    for name, one in value.items():
        yield one, shape.items or shape.fields[name]


_TYPES: dict[Kind, type] = {
    "string": str, "bool": bool, "int": int, "double": float, "bytes": bytes, "date": date,
    "timestamp": datetime, "decimal": Decimal, "list": list, "map": dict, "object": dict,
}  # fmt: skip


@every_treatment
def test_it_says_what_becomes_of_a_value(config: TreatmentConfig) -> None:
    said = config.sentence()
    assert said
    assert not said.endswith(".")
    for name in config.keys_needed():
        assert f"`{name}`" in said
