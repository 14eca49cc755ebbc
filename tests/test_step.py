from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from pipelines.field_path import FieldPath
from pipelines.shape import ANY, STRING, Shape
from pipelines.step import Cel, OneField, Resources, Scope, StepConfig, Transform


class Compute(StepConfig):
    """A step with every kind of CEL field."""

    step: Literal["compute"] = "compute"
    value: Cel
    by: Cel | None = None
    other: Annotated[Cel, Field(alias="else")] = "1"
    text: str = "no expression"

    def build(self, resources: Resources) -> Transform:
        del resources
        return lambda _: None

    def sentence(self) -> str:
        return "computes"


def compute(**fields: str) -> Compute:
    return Compute.model_validate({"id": "c", "value": "a", **fields})


def test_a_step_lists_its_expressions_its_condition_first() -> None:
    step = compute(by="b", when="c", **{"else": "d"})

    assert list(step.expressions().items()) == [
        ("when", "c"), ("value", "a"), ("by", "b"), ("else", "d"),
    ]  # fmt: skip


def test_an_absent_expression_is_not_listed() -> None:
    assert compute().expressions() == {"value": "a", "else": "1"}


@pytest.mark.parametrize("fields", [{"value": ""}, {"when": ""}])
def test_an_expression_is_not_empty(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="at least 1 character"):
        compute(**fields)


@pytest.mark.parametrize("name", ["", "Drop", "a b", "9", "a" * 41])
def test_an_id_is_fit_for_metrics_and_headers(name: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Compute(id=name, value="a")


def test_a_step_needs_nothing_unless_it_says_so() -> None:
    step = compute()

    assert step.effects(Scope(ANY, {}, lambda _: ANY)) == ()
    assert step.tables_needed() == step.destinations() == step.fields_needed() == ()


@pytest.mark.parametrize("path", ["a[*]", "m.*", "a[*].b"])
def test_one_field_is_not_many(path: str) -> None:
    adapter: TypeAdapter[FieldPath] = TypeAdapter(OneField)

    assert adapter.validate_python("a[0].b") == FieldPath("a[0].b")
    with pytest.raises(ValidationError, match="name one field"):
        adapter.validate_python(path)


def test_tags_are_those_of_all_that_is_read() -> None:
    person, place = frozenset({"PII.NAME"}), frozenset({"PII.PLACE"})
    home = Shape("object", fields={"city": STRING.with_tags(place)}, tags=frozenset({"PII"}))
    shape = Shape("object", fields={"name": STRING.with_tags(person), "home": home, "n": STRING})
    paths = {"all": ["name", "home"], "city": ["home.city"], "n": ["n", "missing"]}
    scope = Scope(shape, {}, lambda _: ANY, lambda text: map(FieldPath, paths[text]))

    assert scope.tags_read("all") == {"PII.NAME", "PII", "PII.PLACE"}
    assert scope.tags_read("city") == {"PII", "PII.PLACE"}
    assert scope.tags_read("n") == frozenset()


def test_a_step_without_a_function_or_a_sentence_is_none() -> None:
    class Half(StepConfig):
        """Says what it does, and does nothing."""

        def sentence(self) -> str:
            return "does nothing"

    with pytest.raises(TypeError, match="build"):
        Half(id="h")  # type: ignore[abstract] # what the test is about
