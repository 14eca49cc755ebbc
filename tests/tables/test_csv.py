from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.shape import STRING, Shape
from pipelines.tables.csv import CsvTable
from pipelines.tables.file_table import FileTable

REGIONS = "country,region,zone\nDE,Central Europe,EU\nFR,Western Europe,EU\n"


def load(folder: Path, text: str | bytes, key: str = "country") -> FileTable:
    raw = text.encode() if isinstance(text, str) else text
    (folder / "regions.csv").write_bytes(raw)
    return CsvTable.model_validate({"csv": "regions.csv", "key": key}).load(folder)


def test_a_row_is_an_object_of_texts_without_its_key(tmp_path: Path) -> None:
    table = load(tmp_path, REGIONS)

    assert table.lookup("DE") == {"region": "Central Europe", "zone": "EU"}
    assert table.lookup("US") is None
    assert table.row == Shape("object", fields={"region": STRING, "zone": STRING})


@pytest.mark.parametrize(
    ("text", "row"),
    [
        pytest.param('id,v\n5,"a ""b"", c"\n', {"v": 'a "b", c'}, id="quotes and commas"),
        pytest.param('id,v\n5,"two\nlines"\n', {"v": "two\nlines"}, id="a line break in a cell"),
        pytest.param("\ufeffid,v\r\n5,x\r\n", {"v": "x"}, id="as spreadsheets write it"),
        pytest.param("v,id\nx,5", {"v": "x"}, id="the key need not be first"),
        pytest.param("id,v\n\n5,\n", {"v": ""}, id="empty lines and cells"),
    ],
)
def test_csv_in_its_forms(tmp_path: Path, text: str, row: object) -> None:
    table = load(tmp_path, text, "id")

    assert table.lookup("5") == row
    assert table.lookup(5) == table.lookup(5.0) == row


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param("", ["1: no column `country`; columns: none"], id="an empty file"),
        pytest.param("land,region\nDE,x\n", ["1: no column `country`; columns: land, region"],
                     id="no key column"),
        pytest.param("country,a,a, \nDE,1,2,3\n",
                     ["1: column `a` is there 2 times", "1: a column has no name"],
                     id="columns twice and without a name"),
        pytest.param("country,region\n", ["the table has no rows"], id="no rows"),
        pytest.param("country,region\nDE,a\nFR\nUS,b,c\nDE,d\n",
                     ["3: 1 cells, but 2 columns", "4: 3 cells, but 2 columns",
                      "5: the key of line 2 again: keys are unique"],
                     id="every wrong row with its line"),
        pytest.param('country,region\n"DE,x\n', ["2: not CSV: unexpected end of data"],
                     id="an open quote"),
        pytest.param(b"country,region\n\xff,x\n", ["not UTF-8 text"], id="another encoding"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_its_lines(
    tmp_path: Path, text: str | bytes, problems: list[str]
) -> None:
    with pytest.raises(ConfigError) as failure:
        load(tmp_path, text)

    file = tmp_path / "regions.csv"
    told = [str(problem).removeprefix(f"{file}:").strip() for problem in failure.value.problems]
    assert told == problems


def test_a_wholly_wrong_file_is_told_in_short(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as failure:
        load(tmp_path, "country,region\n" + "secret\n" * 500)

    assert len(failure.value.problems) == 21
    assert "and 480 more problems" in str(failure.value)
    assert "secret" not in str(failure.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        CsvTable.model_validate({"csv": "none.csv", "key": "a"}).load(tmp_path)
