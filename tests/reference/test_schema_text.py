from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pipelines.quantity import Duration
from pipelines.reference.schema_text import parts_of, rows_of


class Inner(BaseModel):
    deep: int


class Model(BaseModel):
    text: str
    """What it says."""
    few: Annotated[int, Field(ge=0, le=20)] = 3
    some: Annotated[float, Field(gt=0, lt=1)] | None = None
    flag: bool = False
    which: Literal["a", "b"] = "a"
    many: tuple[str, ...] = ()
    inner: Inner | None = None
    wait: Annotated[Duration, Field(validate_default=False)] = 5.0
    names: dict[str, int] = Field(default_factory=dict)

    model_config = {"use_attribute_docstrings": True}


def test_types_are_told_in_words() -> None:
    assert rows_of(Model, "names") == [
        ("`text`", "text", "required", "What it says."),
        ("`few`", "whole number from 0 to 20", "`3`", ""),
        ("`some`", "number over 0 below 1", "", ""),
        ("`flag`", "true or false", "`false`", ""),
        ("`which`", "`a` or `b`", "`a`", ""),
        ("`many`", "list of text", "", ""),
        ("`inner`", "`{deep: …}`", "", ""),
        ("`wait`", "text such as `30s`", "`5.0`", ""),
    ]
    assert rows_of(Model)[-1][1] == "mapping"


class Part(BaseModel):
    """One of them."""

    name: str
    which: Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
                   "p", "q", "r", "s", "t", "u"]  # fmt: skip


class Other(BaseModel):
    one: int
    two: int


class Whole(BaseModel):
    first: Part | None = None
    many: list[Part] = Field(default_factory=list)
    either: Part | Other | None = None
    named: dict[str, str] = Field(default_factory=dict)


def test_mappings_inside_are_told_by_their_paths() -> None:
    found = {path: (told, rows) for path, told, rows in parts_of(Whole)}
    assert set(found) == {"first", "many[*]"}, "of several it is not said which"
    told, rows = found["many[*]"]
    assert told == "One of them."
    assert rows[0][0] == "`name`"
    assert rows[1][1] == "one of 21 words such as `a`"
    assert rows_of(Whole)[0][1] == "mapping"
