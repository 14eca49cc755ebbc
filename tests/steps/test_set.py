from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.effect import Written
from pipelines.errors import RecordError
from pipelines.field_path import FieldPath
from pipelines.shape import STRING, Kind, Shape
from pipelines.steps.set import Set, seconds_text

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


@pytest.fixture
def computed(bench: Bench) -> Bench:
    bench.expressions["message.a"] = lambda record: record.value["a"]  # type: ignore[index] # a dict
    return bench


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        pytest.param("b", {"a": 1}, {"a": 1, "b": 1}, id="a new field"),
        pytest.param("a", {"a": 1}, {"a": 1}, id="itself"),
        pytest.param("b.c", {"a": 1}, {"a": 1, "b": {"c": 1}}, id="missing parents are made"),
        pytest.param("i[*].c", {"a": 1, "i": [{}]}, {"a": 1, "i": [{"c": 1}]}, id="each element"),
        pytest.param("b", {"a": None}, {"a": None, "b": None}, id="null is a value"),
        pytest.param(
            "b", {"a": timedelta(seconds=1.5)}, {"a": timedelta(seconds=1.5), "b": "1.5s"},
            id="a duration is text",
        ),
    ],
)  # fmt: skip
def test_a_field_gets_the_value(computed: Bench, field: str, before: Any, after: Any) -> None:
    step = Set(id="s", field=FieldPath(field), value="message.a")

    assert computed.value_after(step, before) == after


def test_an_object_set_elsewhere_is_a_copy(computed: Bench) -> None:
    step = Set(id="s", field=FieldPath("b"), value="message.a")

    after = computed.value_after(step, {"a": {"card": "raw"}})
    after["b"]["card"] = "masked"

    assert after["a"] == {"card": "raw"}


@pytest.mark.parametrize("value", [{"a": 1, "b": 5}, {"a": 1, "b": []}])
def test_what_cannot_be_set_dead_letters_the_record(computed: Bench, value: Any) -> None:
    with pytest.raises(RecordError, match="set_failed at s"):
        computed.run(Set(id="s", field=FieldPath("b.c"), value="message.a"), value)


def test_a_field_keeps_its_tags_and_gets_those_of_the_value(bench: Bench) -> None:
    bench.shapes["message.a"] = STRING.with_tags(frozenset({"PII.NAME"}))
    before = Shape("object", fields={"b": STRING.with_tags(frozenset({"PII.EMAIL"}))})

    (effect,) = Set(id="s", field=FieldPath("b"), value="message.a").effects(bench.scope(before))

    assert effect == Written(FieldPath("b"), STRING.with_tags(frozenset({"PII.NAME", "PII.EMAIL"})))


PERSON = frozenset({"PII.NAME"})
CUSTOMER = Shape(
    "object",
    fields={
        "flat": STRING.with_tags(PERSON),
        "inside": Shape("object", fields={"name": STRING.with_tags(PERSON)}),
        "under": Shape("object", fields={"name": STRING}, tags=PERSON),
        "public": STRING,
    },
)


@pytest.mark.parametrize(
    ("read", "kind", "tags"),
    [
        pytest.param("flat", "string", PERSON, id="of the field itself"),
        pytest.param("inside", "string", PERSON, id="of a field inside"),
        pytest.param("under.name", "string", PERSON, id="of the object around it"),
        pytest.param("public", "string", frozenset(), id="none"),
        pytest.param("flat", "bool", frozenset(), id="a flag tells too little"),
    ],
)
def test_what_is_computed_from_a_tagged_field_is_tagged(
    bench: Bench, read: str, kind: Kind, tags: frozenset[str]
) -> None:
    bench.shapes["message.a"] = Shape(kind)
    bench.reads["message.a"] = [FieldPath(read)]

    (effect,) = Set(id="s", field=FieldPath("b"), value="message.a").effects(bench.scope(CUSTOMER))

    assert effect == Written(FieldPath("b"), Shape(kind, tags=tags))


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(timedelta(), "0s", id="nothing"),
        pytest.param(timedelta(hours=1), "3600s", id="an hour"),
        pytest.param(timedelta(seconds=-1, microseconds=-50), "-1.00005s", id="negative"),
    ],
)
def test_durations_as_text(duration: timedelta, text: str) -> None:
    assert seconds_text(duration) == text


@given(st.timedeltas(timedelta(days=-(10**6)), timedelta(days=10**6)))
def test_no_microsecond_of_a_duration_is_lost(duration: timedelta) -> None:
    sign, text = 1, seconds_text(duration).removesuffix("s")
    if text.startswith("-"):
        sign, text = -1, text[1:]
    seconds, _, micros = text.partition(".")

    assert (
        sign * timedelta(seconds=int(seconds), microseconds=int(micros.ljust(6, "0"))) == duration
    )
