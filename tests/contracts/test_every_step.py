from __future__ import annotations

import contextlib
import copy
import inspect
import pkgutil
import time
import traceback
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import pipelines.steps
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY, TEXT_LINE, Shape
from pipelines.step import Ended, Expression, Running, Scope, StepConfig
from pipelines.steps import STEPS, AnyStep
from pipelines.table import Table
from pipelines.tables.inline import InlineTable

ADAPTER: TypeAdapter[StepConfig] = TypeAdapter(AnyStep)
CANARY = "canary-5b7e"
TABLE = InlineTable.model_validate({"inline": {"DE": {"region": "Central"}}}).load(Path())

WRITTEN: list[dict[str, Any]] = [
    {"step": "drop", "reason": "noise"},
    {"step": "keep", "fields": ["line", "a.b"]},
    {"step": "remove", "fields": ["line"]},
    {"step": "set", "field": "a.b", "value": "message.line"},
    {"step": "rename", "from": "line", "to": "a.b"},
    *({"step": "cast", "field": "line", "to": to} for to in ("int", "double", "bool", "timestamp")),
    *(
        {"step": "parse", "format": name}
        for name in ("combined", "common", "logfmt", "json", "key_value", "syslog")
    ),
    {"step": "parse", "pattern": "(?P<a>[0-9]+)=(?P<b>x)"},
    {"step": "sample", "ratio": 0.5, "by": "message.line"},
    {"step": "route", "to": "other"},
    {"step": "enrich", "table": "t", "key": "message.line", "into": "a.b", "on_missing": "drop"},
    {"step": "throttle", "rate": "2/s", "per": "message.line", "excess": "dead_letter"},
    {"step": "throttle", "rate": "1.5MiB/h", "excess": "delay"},
    {"step": "delay", "for": "1.5h", "by": "message.line"},
]
EVERY = [
    pytest.param(
        ADAPTER.validate_python({"id": "s", **written}),
        id=" ".join(str(part) for part in written.values()),
    )
    for written in WRITTEN
]
every_step = pytest.mark.parametrize("step", EVERY)
every_model = pytest.mark.parametrize("model", STEPS)


class _Resources:
    """One table, and one expression."""

    tables: dict[str, Table] = {"t": TABLE}  # noqa: RUF012 - read only

    @property
    def running(self) -> Running:
        return Running()

    def expression(self, text: str, step_id: str) -> Expression:
        assert (text, step_id) == ("message.line", "s")
        return _line

    def shape_of(self, text: str) -> Shape:
        assert text == "message.line"
        return ANY


def _line(record: Record) -> object:
    if isinstance(record.value, dict) and "line" in record.value:
        return record.value["line"]
    raise RecordError("condition_error", "s", "no such field")


RESOURCES = _Resources()
SCOPES = [Scope(shape, {"t": TABLE.row}, RESOURCES.shape_of) for shape in (ANY, TEXT_LINE)]


def test_every_file_is_in_the_catalogue() -> None:
    files = {found.name for found in pkgutil.iter_modules(pipelines.steps.__path__)}

    assert {model.model_fields["step"].default for model in STEPS} == files
    assert {type(param.values[0]) for param in EVERY} == set(STEPS)


@every_model
def test_every_field_of_a_step_is_described(model: type[StepConfig]) -> None:
    assert inspect.getdoc(model) != inspect.getdoc(StepConfig)
    for name, field in model.model_fields.items():
        assert field.description or name == "step", name


@every_model
def test_a_step_has_an_id_and_no_unknown_fields(model: type[StepConfig]) -> None:
    verb = model.model_fields["step"].default

    with pytest.raises(ValidationError, match="id\n"):
        ADAPTER.validate_python({"step": verb})
    with pytest.raises(ValidationError, match="extra_forbidden"):
        ADAPTER.validate_python({"step": verb, "id": "s", "wen": "true"})


def test_an_unknown_step_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="'drop', 'keep', 'remove'"):
        ADAPTER.validate_python({"step": "dorp", "id": "s"})


@every_step
def test_a_step_survives_being_written_and_read(step: StepConfig) -> None:
    written = step.model_dump(mode="json", by_alias=True)

    assert ADAPTER.validate_python(written) == step


@every_step
def test_a_step_is_a_sentence_that_names_what_it_does(step: StepConfig) -> None:
    sentence = step.sentence()

    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert "\n" not in sentence


@every_step
def test_effects_are_known_before_any_record(step: StepConfig) -> None:
    for scope in SCOPES:
        for effect in step.effects(scope):
            assert type(effect).__name__ in {"Kept", "Removed", "Renamed", "Written"}


@every_step
def test_a_step_without_effects_leaves_values_alone(step: StepConfig) -> None:
    if any(step.effects(scope) for scope in SCOPES):
        return
    transform = step.build(RESOURCES)
    for value in VALUES:
        record = Record(copy.deepcopy(value), CANARY, timestamp=1)
        with contextlib.suppress(RecordError):
            transform(record)
        assert record.value == value


COMPUTED = {"set": ["value"], "sample": ["by"], "enrich": ["key"], "delay": ["by"]}


@pytest.mark.parametrize("written", WRITTEN, ids=lambda one: " ".join(map(str, one.values())))
def test_every_expression_of_a_step_is_listed(written: dict[str, Any]) -> None:
    step = ADAPTER.validate_python({"id": "s", "when": "true", **written})

    computed = COMPUTED.get(written["step"], ["per"] if "per" in written else [])
    assert list(step.expressions()) == ["when", *computed]


VALUES: list[Any] = [
    {"line": CANARY, "a": CANARY},
    {"line": [CANARY], "a": {"b": CANARY}},
    {"line": {CANARY: 1}, "a": [CANARY]},
    {"line": None},
    {},
    [CANARY],
    CANARY,
    5,
    None,
]


CODES = {
    "cast_failed", "condition_error", "delay_failed", "enrich_failed", "enrich_missing",
    "keep_failed", "parse_failed", "rename_failed", "sample_failed", "set_failed", "throttled",
}  # fmt: skip


@every_step
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_step_fails_only_as_declared_and_never_quotes_a_value(
    step: StepConfig, value: Any
) -> None:
    record = Record(copy.deepcopy(value), CANARY)
    failure: RecordError | None = None
    outcome: Ended | None = None
    try:
        outcome = step.build(RESOURCES)(record)
    except RecordError as error:
        failure = error

    assert CANARY not in f"{failure!r} {failure} {outcome!r} {record!r}"
    assert outcome is None or isinstance(outcome, Ended)
    if failure is not None:
        assert failure.where == "s"
        assert failure.code in CODES
        assert CANARY not in "".join(traceback.format_exception(failure))


HOSTILE = [
    "a",
    " ",
    "=",
    '"',
    '\\"',
    "a=",
    'a="',
    "[",
    "<1>",
    "1-",
    "  =",
    "a b",
    ",;",
    "[a b=",
    "9",
]


@every_step
@pytest.mark.parametrize("seed", HOSTILE)
def test_a_step_takes_linear_time_on_hostile_text(step: StepConfig, seed: str) -> None:
    transform = step.build(RESOURCES)
    head = '203.0.113.7 - - [02/Mar/2026:08:00:01 +0000] "GET / HTTP/1.1" 200 1 "'
    for text in (
        seed * (400_000 // len(seed)),
        head + seed * 100_000,
        "<34>1 - h a - - " + seed * 100_000,
    ):
        started = time.process_time()
        with contextlib.suppress(RecordError):
            transform(Record({"line": text}, timestamp=1))
        assert time.process_time() - started < 2
