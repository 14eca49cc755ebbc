from __future__ import annotations

import pytest

from pipelines.condition import check
from pipelines.condition.error import CelError
from pipelines.shape import STRING, Shape

SHAPE = Shape(
    "object",
    fields={
        "email": STRING,
        "n": Shape("int"),
        "a": Shape("object", fields={"b": STRING, "c d": STRING}),
        "list": Shape("list", items=STRING),
    },
)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("message.email", {"email"}),
        ('message["email"]', {"email"}),
        ('message["a"].b', {"a.b"}),
        ('message.a["c d"]', {'a["c d"]'}),
        ("message.list[0]", {"list"}),
        ("message[message.email]", {"email", "n", "a", "list"}),
        ("[message]", {"email", "n", "a", "list"}),
        ("message.exists(name, name == key)", {"email", "n", "a", "list"}),
        ("has(message.email)", set()),
        ("meta.offset", set()),
    ],
)
def test_every_field_that_may_end_in_the_value_is_told(text: str, paths: set[str]) -> None:
    assert {path for path, _ in check(text, SHAPE).reads} == paths


def test_an_index_is_guarded_as_a_field_is() -> None:
    text = 'has(message.email) && message["email"] == "" || message["a"]["b"] == ""'
    assert dict(check(text, SHAPE).reads) == {"email": True, "a.b": False}


@pytest.mark.parametrize("text", ['message["emial"]', "message.emial", 'message.a["d"]'])
def test_a_field_that_the_schema_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(CelError, match="no field"):
        check(text, SHAPE)
