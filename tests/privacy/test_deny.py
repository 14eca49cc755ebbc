from __future__ import annotations

from typing import Any

import pytest

from pipelines.effect import Removed
from pipelines.errors import RecordError
from pipelines.field_path import FieldPath
from pipelines.privacy.deny import denying
from pipelines.privacy.field_tree import FieldTree
from pipelines.shape import STRING, Shape
from tests.support.gated import compiled, through

CANARY = "canary-5b7e"


@pytest.mark.parametrize(
    ("named", "before", "after"),
    [
        pytest.param([], {"a": 1, "b": {"c": 2}}, {}, id="nothing is named"),
        pytest.param(["a"], {"a": {"x": 1}, "b": 2}, {"a": {"x": 1}}, id="what is named is whole"),
        pytest.param(["a.b"], {"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, id="parents stay"),
        pytest.param(["a.b"], {"a": {"c": 2}}, {"a": {}}, id="even if empty"),
        pytest.param(["a.b"], {"a": "text"}, {}, id="text where a parent is meant"),
        pytest.param(["a.b"], {"a": None}, {"a": None}, id="null where a parent is meant"),
        pytest.param(
            ["a[*].b"], {"a": [{"b": 1, "c": 2}, 5]}, {"a": [{"b": 1}]}, id="in each element"
        ),
        pytest.param(["a[0]"], {"a": [1, 2]}, {"a": [1]}, id="one element"),
        pytest.param(["m.*.x"], {"m": {"k": {"x": 1, "y": 2}}}, {"m": {"k": {"x": 1}}}, id="a map"),
        pytest.param(["[*].a"], [{"a": 1, "b": 2}], [{"a": 1}], id="a list as the value"),
        pytest.param(["a"], None, None, id="a tombstone"),
    ],
)
def test_only_what_is_named_stays(named: list[str], before: Any, after: Any) -> None:
    tree = FieldTree.of((FieldPath(path).segments, "keep") for path in named)

    assert denying(tree)(before) == after


@pytest.mark.parametrize("value", [CANARY, 5, True, CANARY.encode()], ids=repr)
def test_a_value_without_fields_is_refused(value: object) -> None:
    with pytest.raises(RecordError) as failure:
        denying(FieldTree())(value)

    assert failure.value.code == "unclassified"
    assert CANARY not in str(failure.value)


def test_without_a_schema_what_no_rule_names_does_not_leave() -> None:
    gate = compiled({"fields": {"a": {"keep": {}}}}, {"unclassified": "deny"})

    assert through(gate, {"a": 1, "b": CANARY, "c": [CANARY]}).value == {"a": 1}


def test_with_a_schema_what_no_rule_names_is_known_before_any_record() -> None:
    person = Shape("object", fields={"name": STRING, "city": STRING})
    shape = Shape(
        "object",
        fields={
            "id": STRING,
            "person": person,
            "tags": Shape("list", items=STRING),
            "other": person,
            "mail": Shape("string", tags=frozenset({"PII.EMAIL"})),
        },
    )
    gate = compiled(
        {"fields": {"id": {"keep": {}}, "person.city": {"keep": {}}}},
        {"unclassified": "deny", "treat": {"PII": {"redact": {}}}},
        shape,
        strict_types=True,
    )
    value = {
        "id": "1", "tags": [CANARY], "other": {"name": CANARY},
        "person": {"name": CANARY, "city": "Rome"}, "mail": CANARY,
    }  # fmt: skip

    assert through(gate, value).value == {
        "id": "1", "person": {"city": "Rome"}, "mail": "<PII.EMAIL>",
    }  # fmt: skip
    assert {path: why for path, why, _ in gate.rules} == {
        "id": "path",
        "person.city": "path",
        "mail": "tag PII.EMAIL",
        "person.name": "unclassified: deny",
        "tags": "unclassified: deny",
        "tags[*]": "unclassified: deny",
        "other": "unclassified: deny",
        "other.name": "unclassified: deny",
        "other.city": "unclassified: deny",
    }
    removed = [str(effect.path) for effect in gate.effects if isinstance(effect, Removed)]
    assert removed == ["person.name", "tags", "other"]
