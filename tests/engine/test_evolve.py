from __future__ import annotations

import pytest

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.engine.evolve import evolved
from pipelines.field_path import FieldPath
from pipelines.shape import ANY, STRING, Shape

INT = Shape("int")
BEFORE = Shape(
    "object",
    fields={
        "a": INT,
        "b": Shape("object", fields={"c": STRING, "d": INT}),
        "l": Shape("list", items=Shape("object", fields={"x": INT, "y": STRING})),
    },
)


def paths(shape: Shape) -> dict[str, str]:
    return {
        text: one.kind + ("?" if one.nullable else "")
        for text, one in shape.leaves()
        if one.kind not in ("object", "list")
    }


@pytest.mark.parametrize(
    ("effect", "after"),
    [
        pytest.param(Removed(FieldPath("b.c")), {"a": "int", "b.d": "int", "l[*].x": "int", "l[*].y": "string"}, id="removed"),
        pytest.param(Removed(FieldPath("a"), conditional=True), {"a": "int?", "b.c": "string", "b.d": "int", "l[*].x": "int", "l[*].y": "string"}, id="removed sometimes"),
        pytest.param(Kept((FieldPath("b.c"), FieldPath("l[*].x"))), {"b.c": "string", "l[*].x": "int"}, id="kept"),
        pytest.param(Renamed(FieldPath("a"), FieldPath("n.a")), {"b.c": "string", "b.d": "int", "l[*].x": "int", "l[*].y": "string", "n.a": "int"}, id="renamed"),
        pytest.param(Written(FieldPath("b.e"), STRING), {"a": "int", "b.c": "string", "b.d": "int", "b.e": "string", "l[*].x": "int", "l[*].y": "string"}, id="written"),
        pytest.param(Written(FieldPath("z"), STRING, conditional=True), {"a": "int", "b.c": "string", "b.d": "int", "l[*].x": "int", "l[*].y": "string", "z": "string?"}, id="written sometimes"),
        pytest.param(Written(FieldPath("a"), STRING, conditional=True), {"a": "any", "b.c": "string", "b.d": "int", "l[*].x": "int", "l[*].y": "string"}, id="another type sometimes"),
        pytest.param(Retyped(FieldPath("l[*].x"), STRING), {"a": "int", "b.c": "string", "b.d": "int", "l[*].x": "string", "l[*].y": "string"}, id="retyped"),
        pytest.param(Retyped(FieldPath("a"), None), {"a": "int?", "b.c": "string", "b.d": "int", "l[*].x": "int", "l[*].y": "string"}, id="null may stand there"),
    ],
)  # fmt: skip
def test_a_shape_follows_its_effects(effect: Effect, after: dict[str, str]) -> None:
    assert paths(evolved(BEFORE, [effect])) == after


def test_what_is_not_known_stays_so() -> None:
    assert evolved(ANY, [Removed(FieldPath("a")), Written(FieldPath("b"), STRING)]) == ANY
