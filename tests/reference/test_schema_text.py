from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pipelines.quantity import Duration
from pipelines.reference.schema_text import rows_of


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
        ("`inner`", "Inner", "", ""),
        ("`wait`", "text such as `30s`", "`5.0`", ""),
    ]
    assert rows_of(Model)[-1][1] == "mapping"
