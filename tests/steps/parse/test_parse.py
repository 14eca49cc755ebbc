from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pipelines.effect import Written
from pipelines.errors import ConfigError, RecordError
from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.shape import ANY, NULLABLE_STRING, STRING, TEXT_LINE, Shape
from pipelines.steps.parse import Parse

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def parse(**fields: Any) -> Parse:
    return Parse.model_validate({"id": "p", **fields})


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        pytest.param(
            parse(format="json"), {"line": '{"a": 1}'}, {"line": '{"a": 1}', "a": 1},
            id="into the record itself",
        ),
        pytest.param(
            parse(format="json", field="b.c", into="d"), {"b": {"c": "[1]"}},
            {"b": {"c": "[1]"}, "d": [1]}, id="into a field any JSON",
        ),
        pytest.param(
            parse(format="json", field="a", into="a"), {"a": "null"}, {"a": None},
            id="in place of the text",
        ),
        pytest.param(
            parse(format="logfmt"), {"line": "line=2 b=3"}, {"line": "2", "b": "3"},
            id="fields of the same name are replaced",
        ),
        pytest.param(
            parse(pattern=r"^(?P<word>\w+)(?: (?P<more>.+))?$", into="p"), {"line": "x"},
            {"line": "x", "p": {"word": "x", "more": None}}, id="by a pattern",
        ),
        pytest.param(
            parse(format="json", on_error="keep"), {"line": "{"}, {"line": "{"},
            id="what does not fit may stay as it is",
        ),
        pytest.param(parse(format="json", on_error="keep"), {}, {}, id="an absent field too"),
    ],
)  # fmt: skip
def test_a_text_becomes_fields(bench: Bench, step: Parse, before: Any, after: Any) -> None:
    assert bench.value_after(step, before) == after


@pytest.mark.parametrize(
    ("step", "value"),
    [
        pytest.param(parse(format="combined"), {"line": "canary"}, id="not of the format"),
        pytest.param(parse(pattern="(?P<d>[0-9]+)"), {"line": "canary"}, id="not of the pattern"),
        pytest.param(parse(format="json"), {"line": '["canary"]'}, id="no object for the record"),
        pytest.param(parse(format="json"), {"line": 5}, id="no text"),
        pytest.param(parse(format="json"), {"other": "{}"}, id="no such field"),
        pytest.param(parse(format="json"), "canary", id="no object at all"),
        pytest.param(
            parse(format="json", into="line.x"), {"line": '"canary"'}, id="no place for it"
        ),
        pytest.param(parse(format="json", field="[0]"), ["{}"], id="a record that is a list"),
    ],
)
def test_what_does_not_fit_is_dead_lettered_without_its_value(
    bench: Bench, step: Parse, value: Any
) -> None:
    with pytest.raises(RecordError, match="parse_failed at p") as failure:
        step.build(bench)(Record(value))

    assert "canary" not in str(failure.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({}, "either `format` or `pattern`", id="no way"),
        pytest.param({"format": "json", "pattern": "(?P<a>.)"}, "either `format`", id="two ways"),
        pytest.param({"pattern": "a+"}, r"names no group: write \(\?P<field>", id="no group"),
        pytest.param({"pattern": "(?P<a>.)(?=b)"}, "no look-around", id="a look-ahead"),
        pytest.param({"pattern": r"(?P<a>.)\1"}, "no back-references", id="a back-reference"),
        pytest.param({"format": "json", "field": "a[*]"}, "name one field", id="many fields"),
        pytest.param({"format": "csv"}, "combined", id="an unknown format, with the known ones"),
    ],
)
def test_what_could_not_parse_is_refused(fields: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        parse(**fields)


def test_a_log_format_tells_its_fields_beforehand(bench: Bench) -> None:
    effects = parse(format="combined").effects(bench.scope(TEXT_LINE))

    shapes = {str(one.path): one.shape for one in effects if isinstance(one, Written)}
    assert shapes["status"] == Shape("int")
    assert shapes["size"] == Shape("int", nullable=True)
    assert shapes["user_agent"] == NULLABLE_STRING
    assert shapes["host"] == STRING
    assert not any(effect.conditional for effect in effects)


def test_fields_that_may_not_come_are_conditional(bench: Bench) -> None:
    effects = parse(format="common", on_error="keep").effects(bench.scope(TEXT_LINE))

    assert all(effect.conditional for effect in effects)


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        pytest.param({"format": "logfmt"}, Shape("map", items=NULLABLE_STRING), id="logfmt"),
        pytest.param({"format": "key_value"}, Shape("map", items=STRING), id="key_value"),
        pytest.param({"format": "json"}, ANY, id="json"),
        pytest.param(
            {"pattern": "(?P<a>.)"}, Shape("object", fields={"a": NULLABLE_STRING}), id="a pattern"
        ),
    ],
)
def test_a_field_has_the_formats_shape(bench: Bench, fields: dict[str, str], shape: Shape) -> None:
    effects = parse(**fields, into="x").effects(bench.scope(TEXT_LINE))

    assert effects == (Written(FieldPath("x"), shape),)


def test_of_a_text_that_names_its_fields_nothing_is_known_beforehand(bench: Bench) -> None:
    effects = parse(format="logfmt").effects(bench.scope(TEXT_LINE))

    assert effects == (Written(FieldPath.of(), ANY),)


PERSON = frozenset({"PII.NAME"})
TAGGED = Shape("object", fields={"line": STRING.with_tags(PERSON), "name": STRING})


def test_fields_inherit_the_tags_of_their_text(bench: Bench) -> None:
    effects = parse(pattern="(?P<name>.)(?P<rest>.*)").effects(bench.scope(TAGGED))

    assert all(isinstance(one, Written) and one.shape.tags == PERSON for one in effects)
    assert len(effects) == 2


def test_a_text_that_names_its_fields_may_not_replace_tagged_ones(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="place of its own with `into`"):
        parse(format="json").effects(bench.scope(TAGGED))


def test_a_field_that_no_record_has_writes_nothing(bench: Bench) -> None:
    assert parse(format="combined", field="x").effects(bench.scope(TEXT_LINE)) == ()
