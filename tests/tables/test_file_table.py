from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.table import RefreshingTable
from pipelines.tables.csv import CsvTable
from pipelines.tables.file_table import FileTable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "t.csv"
    file.write_text("id,v\na,1\n")
    return file


@pytest.fixture
def table(file: Path) -> FileTable:
    return CsvTable.model_validate({"csv": file.name, "key": "id"}).load(file.parent)


def replaced(file: Path, text: str) -> None:
    """Put another file in its place, as an atomic mount does: even size and time may be equal."""
    stamp = file.stat()
    other = file.with_suffix(".new")
    other.write_text(text)
    os.utime(other, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    other.replace(file)


def test_a_file_table_is_a_refreshing_table(table: FileTable) -> None:
    assert isinstance(table, RefreshingTable)


def test_an_unchanged_file_is_not_read_again(table: FileTable, file: Path) -> None:
    row = table.lookup("a")

    assert table.refresh() is False
    assert table.lookup("a") == row
    assert file.exists()


def test_a_file_in_its_place_is_taken_up_whatever_its_time_and_size(
    table: FileTable, file: Path
) -> None:
    replaced(file, "id,v\na,2\n")

    assert table.lookup("a") == {"v": "1"}
    assert table.refresh() is True
    assert table.lookup("a") == {"v": "2"}
    assert table.refresh() is False


def test_a_file_written_over_is_taken_up(table: FileTable, file: Path) -> None:
    file.write_text("id,v\na,2\nb,3\n")

    assert table.refresh() is True
    assert table.lookup("b") == {"v": "3"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("id,v\na\n", "1 cells, but 2 columns", id="broken"),
        pytest.param("id,w\na,2\n", "lost fields", id="a column was renamed"),
        pytest.param("key,v\na,2\n", "no column `id`", id="the key column is gone"),
    ],
)
def test_a_bad_version_leaves_the_last_good_one_in_use(
    table: FileTable, file: Path, text: str, message: str
) -> None:
    replaced(file, text)

    for _ in range(2):
        with pytest.raises(ConfigError, match=message):
            table.refresh()
        assert table.lookup("a") == {"v": "1"}

    replaced(file, "id,v,more\na,3,x\n")
    assert table.refresh() is True
    assert table.lookup("a") == {"v": "3", "more": "x"}


def test_a_file_that_is_gone_leaves_the_last_version_in_use(table: FileTable, file: Path) -> None:
    file.unlink()

    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        table.refresh()
    assert table.lookup("a") == {"v": "1"}


def test_lookups_go_on_while_a_version_is_read(table: FileTable, file: Path) -> None:
    lookup, wrong, stop = table.lookup, [], threading.Event()

    def reader() -> None:
        while not stop.is_set():
            row = lookup("a")
            if not (isinstance(row, dict) and row["v"] in {"1", "2"}):
                wrong.append(row)

    thread = threading.Thread(target=reader)
    thread.start()
    for value in ("2", "1") * 10:
        replaced(file, f"id,v\na,{value}\n")
        table.refresh()
    stop.set()
    thread.join()

    assert wrong == []
