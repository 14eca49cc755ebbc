from __future__ import annotations

from typing import Any

import pytest

from pipelines.effect import Removed, Retyped
from pipelines.errors import ConfigError
from pipelines.field_path import FieldPath
from pipelines.shape import ANY, NULLABLE_STRING, STRING, Shape
from tests.support.gated import compiled, through


def tagged(*tags: str, kind: Any = "string", **more: Any) -> Shape:
    return Shape(kind, tags=frozenset(tags), **more)


PERSON = Shape("object", fields={"mail": tagged("PII.EMAIL"), "city": STRING})
SHAPE = Shape(
    "object",
    fields={
        "id": STRING,
        "person": PERSON,
        "people": Shape("list", items=PERSON),
        "mails": tagged("PII.EMAIL", kind="map", items=STRING),
        "age": tagged("PII.AGE", kind="int"),
    },
)
POLICY: dict[str, Any] = {
    "treat": {"PII": {"redact": {}}, "PII.EMAIL": {"mask": {}}, "PII.AGE": {"remove": {}}}
}


def why(fields: dict[str, Any], shape: Shape = SHAPE) -> dict[str, str]:
    gate = compiled({"fields": fields}, POLICY, shape, strict_types=True)
    return {path: f"{verb}: {reason}" for path, reason, verb in gate.rules}


def test_tagged_fields_are_treated_wherever_they_stand() -> None:
    assert why({}) == {
        "person.mail": "mask: tag PII.EMAIL",
        "people[*].mail": "mask: tag PII.EMAIL",
        "mails": "mask: tag PII.EMAIL",
        "mails.*": "mask: tag PII.EMAIL",
        "age": "remove: tag PII.AGE",
    }


def test_a_path_wins_over_a_tag() -> None:
    assert why({"person.mail": {"keep": {}}})["person.mail"] == "keep: path"


def test_a_path_to_a_parent_wins_over_the_tags_in_it() -> None:
    assert why({"person": {"hash": {"key": "k"}}})["person.mail"] == "hash: path"


def test_a_path_wins_over_the_tag_of_a_parent_and_the_rest_of_it_is_treated() -> None:
    shape = Shape("object", fields={"person": tagged("PII.EMAIL", kind="object", fields={
        "mail": STRING, "city": STRING, "home": PERSON,
    })})  # fmt: skip

    assert why({"person.city": {"keep": {}}, "person.home.city": {"keep": {}}}, shape) == {
        "person.city": "keep: path",
        "person.home.city": "keep: path",
        "person.mail": "mask: tag PII.EMAIL",
        "person.home.mail": "mask: tag PII.EMAIL",
    }


def test_a_tag_of_a_parent_treats_all_of_it_once() -> None:
    shape = Shape(
        "object", fields={"person": tagged("PII.EMAIL", kind="object", fields=PERSON.fields)}
    )
    gate = compiled(policy=POLICY, shape=shape)

    assert through(gate, {"person": {"mail": "ab", "city": "cd"}}).value == {
        "person": {"mail": "**", "city": "**"}
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"mails.home": {"keep": {}}}, r"`mails\.home` is only a part", id="of a map"),
        pytest.param(
            {"people[0].mail": {"keep": {}}}, r"`people\[0\].mail` is only a part of `people\[\*\]",
            id="of a list",
        ),
    ],
)  # fmt: skip
def test_a_path_to_a_part_of_what_a_tag_treats_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        why(fields)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("person", "person.city", id="a field and its parent"),
        pytest.param("person.city", "person", id="in any order"),
        pytest.param("people[*].city", "people[0].city", id="each and one"),
        pytest.param("mails.*", "mails.home", id="each field and one"),
    ],
)
@pytest.mark.parametrize("shape", [SHAPE, ANY], ids=["schema", "no schema"])
def test_two_rules_for_one_field_are_refused(one: str, other: str, shape: Shape) -> None:
    with pytest.raises(ConfigError, match="both treat") as failure:
        compiled({"fields": {one: {"hash": {"key": "k"}}, other: {"keep": {}}}}, shape=shape)

    assert failure.value.problems[0].path == f'privacy.fields["{other}"]'


def test_a_rule_for_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no field `person\.mial`.*did you mean `person\.mail`"):
        why({"person.mial": {"keep": {}}})
    with pytest.raises(ConfigError, match=r"no field `zzz`; known: age, id, mails"):
        why({"zzz": {"keep": {}}})


def test_an_older_schema_may_lack_what_came_later() -> None:
    privacy = {"fields": {"later": {"redact": {}}, "id": {"redact": {}}}, "scan": ["later", "id"]}
    gate = compiled(privacy, shape=SHAPE, is_newest=False)

    assert [path for path, _, _ in gate.rules] == ["id"]


@pytest.mark.parametrize(
    ("treatment", "field", "fits"),
    [
        pytest.param({"redact": {}}, Shape("int"), False, id="null in a number"),
        pytest.param({"redact": {}}, Shape("int", nullable=True), True, id="null where it may be"),
        pytest.param({"mask": {}}, Shape("int", nullable=True), False, id="text in a number"),
        pytest.param({"mask": {}}, NULLABLE_STRING, True, id="text in text"),
        pytest.param({"remove": {}}, Shape("int"), True, id="gone"),
        pytest.param({"keep": {}}, Shape("int"), True, id="kept"),
    ],
)
@pytest.mark.parametrize("by", ["path", "tag"])
def test_a_treatment_must_leave_what_the_schema_holds(
    treatment: dict[str, Any], field: Shape, by: str, *, fits: bool
) -> None:
    shape = Shape("object", fields={"a": field.with_tags(frozenset({"PII"}))})
    fields = {"a": treatment} if by == "path" else {}
    policy = {"treat": {"PII": treatment}} if by == "tag" else None

    compiled({"fields": fields}, policy, shape)  # JSON holds anything
    if fits:
        compiled({"fields": fields}, policy, shape, strict_types=True)
        return
    with pytest.raises(ConfigError, match=r"cannot be applied to `a`.*use `remove`") as failure:
        compiled({"fields": fields}, policy, shape, strict_types=True)
    place = 'privacy.fields["a"]' if by == "path" else "privacy.policy"
    assert failure.value.problems[0].path == place


def test_every_problem_is_told_at_once() -> None:
    fields: dict[str, Any] = {
        "a": {"keep": {}},
        "b": {"keep": {}},
        "age": {"mask": {}},
        "id": {"hash": {"key": "x"}},
    }
    with pytest.raises(ConfigError) as failure:
        why(fields)

    places = [problem.path for problem in failure.value.problems]
    assert places == [f'privacy.fields["{name}"]' for name in fields]
    assert "no key `x`" in str(failure.value)


def test_effects_are_what_the_rules_do_to_types() -> None:
    shape = Shape("object", fields={"a": STRING, "n": Shape("int"), "b": STRING, "k": STRING})
    fields: dict[str, Any] = {
        "a": {"mask": {}},
        "n": {"redact": {}},
        "b": {"remove": {}},
        "k": {"keep": {}},
    }

    assert compiled({"fields": fields}, shape=shape).effects == (
        Retyped(FieldPath("a"), STRING),
        Retyped(FieldPath("n"), None),
        Removed(FieldPath("b")),
    )


def test_names_with_dots_are_treated_as_written() -> None:
    shape = Shape("object", fields={"a.b": tagged("PII.EMAIL"), "*": STRING})
    gate = compiled(policy=POLICY, shape=shape)

    assert through(gate, {"a.b": "xy", "a": {"b": "xy"}}).value == {"a.b": "**", "a": {"b": "xy"}}
