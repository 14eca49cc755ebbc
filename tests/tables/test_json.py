from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.field_path import FieldPath
from pipelines.tables.file_table import FileTable
from pipelines.tables.json import JsonTable


def load(folder: Path, text: str, key: str | None = "id") -> FileTable:
    (folder / "t.json").write_text(text, encoding="utf-8")
    return JsonTable.model_validate({"json": "t.json", "key": key}).load(folder)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param('{"id": 5, "v": [1]}\n\n{"id": "x", "v": []}\n', "id", id="JSON Lines"),
        pytest.param('\ufeff{"id": 5, "v": [1]}\r\n', "id", id="as Windows writes it"),
        pytest.param(' [{"id": 5, "v": [1]},\n {"id": true, "v": []}]', "id", id="an array"),
        pytest.param('{"5": {"v": [1]}, "x": {"v": []}}', None, id="an object by key"),
    ],
)
def test_json_in_its_forms(tmp_path: Path, text: str, key: str | None) -> None:
    table = load(tmp_path, text, key)

    assert table.lookup("5") == table.lookup(5) == {"v": [1]}
    assert table.lookup("6") is None


def test_values_by_key_may_be_plain(tmp_path: Path) -> None:
    table = load(tmp_path, '{"a": 1, "b": 2.5}', None)

    assert table.lookup("a") == 1
    assert table.row.kind == "double"


def test_rows_belong_to_their_records(tmp_path: Path) -> None:
    table = load(tmp_path, '{"id": 1, "v": {"list": [1]}}')
    row: Any = table.lookup(1)
    row["v"]["list"].append(2)

    assert table.lookup(1) == {"v": {"list": [1]}}


def test_the_shape_fits_every_row(tmp_path: Path) -> None:
    row = load(tmp_path, '{"id": 1, "n": 1, "t": "x"}\n{"id": 2, "n": 1.5}').row

    number, text = row.at(FieldPath("n")), row.at(FieldPath("t"))
    assert number is not None
    assert text is not None
    assert (number.kind, number.nullable) == ("double", False)
    assert (text.kind, text.nullable) == ("string", True)


@pytest.mark.parametrize(
    ("text", "key", "problems"),
    [
        pytest.param('{"id": 1}\n{"id": \n{"x": 1}\n[]\n{"id": null}\n{"id": 1}', "id",
                     ["2: not JSON at column 8", "3: the row has no field `id`",
                      "4: a row is an object", "5: the key is no text, number or flag",
                      "6: the key of line 1 again: keys are unique"],
                     id="every wrong line"),
        pytest.param('[{"id": 1}, {}, 5, {"id": "1"}]', "id",
                     ["row 2: the row has no field `id`", "row 3: a row is an object",
                      "row 4: the key of row 1 again: keys are unique"],
                     id="every wrong row of an array"),
        pytest.param('[{"id": 1},\n {]', "id", ["2: not JSON at line 2, column 3"], id="no JSON"),
        pytest.param("[1]", None,
                     ["without `key` the file is one object: name the key field of its rows"],
                     id="an array without key"),
        pytest.param('{"a": 1, "b": null}', None,
                     ["row 2: a row is an object, text, number or flag"], id="null is no row"),
        pytest.param("", "id", ["the table has no rows"], id="nothing"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_its_lines(
    tmp_path: Path, text: str, key: str | None, problems: list[str]
) -> None:
    with pytest.raises(ConfigError) as failure:
        load(tmp_path, text, key)

    file = tmp_path / "t.json"
    told = [str(problem).removeprefix(f"{file}:").strip() for problem in failure.value.problems]
    assert told == problems
