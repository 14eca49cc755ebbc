from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.errors import ConfigError
from pipelines.tables.index import Index
from pipelines.tables.inline import InlineTable


def load(rows: dict[Any, Any]) -> Index:
    return InlineTable.model_validate({"inline": rows}).load(Path())


@pytest.mark.parametrize(
    ("rows", "key", "row"),
    [
        pytest.param({"a": "gold"}, "a", "gold", id="a text"),
        pytest.param({"a": 1}, "a", 1, id="a number"),
        pytest.param({"a": True}, "a", True, id="a flag"),
        pytest.param({"a": {"x": [1]}}, "a", {"x": [1]}, id="an object"),
        pytest.param({5: "five"}, "5", "five", id="a number as key"),
        pytest.param({"5": "five"}, 5, "five", id="a number as what is looked up"),
        pytest.param({True: "yes"}, "true", "yes", id="a flag as key"),
        pytest.param({1.5: "x"}, 1.5, "x", id="a fraction as key"),
        pytest.param({"a": 1}, b"a", None, id="bytes are no key"),
        pytest.param({"a": 1}, {"a": 1}, None, id="objects are no key"),
        pytest.param({"a": 1}, None, None, id="null is no key"),
    ],
)
def test_rows_are_looked_up_by_text(rows: dict[Any, Any], key: object, row: object) -> None:
    found = load(rows).lookup(key)

    assert found == row
    assert type(found) is type(row)


def test_a_key_is_there_once_as_text() -> None:
    with pytest.raises(ConfigError, match="`5` is there twice"):
        load({5: "a", "5": "b"})


@pytest.mark.parametrize("rows", [{}, {"a": None}, {"a": [1]}])
def test_what_is_no_table_is_refused(rows: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        load(rows)
