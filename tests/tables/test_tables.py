from __future__ import annotations

import inspect
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pipelines.table import TableConfig
from pipelines.tables import TABLES, AnyTable

ADAPTER: TypeAdapter[TableConfig] = TypeAdapter(AnyTable)
WRITTEN: list[dict[str, Any]] = [
    {"csv": "t.csv", "key": "id"},
    {"json": "t.json", "key": "id"},
    {"json": "t.json"},
    {"inline": {"a": 1}},
    {"mmdb": "geo.mmdb"},
    {"user_agent": {}},
]


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_the_key_says_which_kind_it_is(written: dict[str, Any]) -> None:
    table = ADAPTER.validate_python(written)

    assert type(table) in TABLES
    dumped = table.model_dump(mode="json", by_alias=True)
    assert ADAPTER.validate_python(dumped) == table
    assert ADAPTER.validate_python(table) is table


def test_every_kind_is_tried_here() -> None:
    assert {type(ADAPTER.validate_python(written)) for written in WRITTEN} == set(TABLES)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param({"cvs": "t.csv"}, id="a kind misspelt"),
        pytest.param({}, id="no kind"),
        pytest.param("t.csv", id="no mapping"),
        pytest.param({"key": "id"}, id="an option alone"),
    ],
)
def test_an_unknown_kind_is_refused_with_the_known_ones(written: object) -> None:
    with pytest.raises(ValidationError, match="'csv', 'json', 'inline', 'mmdb', 'user_agent'"):
        ADAPTER.validate_python(written)


@pytest.mark.parametrize(
    "written", [{"csv": "t.csv"}, {"csv": "t.csv", "kye": "id"}, {"csv": "t", "mmdb": "g"}], ids=str
)
def test_a_kind_has_its_own_keys_only(written: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"missing|extra_forbidden"):
        ADAPTER.validate_python(written)


@pytest.mark.parametrize("model", TABLES)
def test_every_kind_and_field_is_described(model: type[TableConfig]) -> None:
    assert inspect.getdoc(model) != inspect.getdoc(TableConfig)
    assert all(field.description for field in model.model_fields.values())
