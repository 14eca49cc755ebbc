from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

RECORDS = [{"mail": f"user{n}@example.com", "n": n, "note": "nothing here"} for n in range(9)]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "people.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    return file


def test_a_file_is_profiled_without_a_value_on_the_screen(cli: Cli, sample: Path) -> None:
    ran = cli("scan", str(sample))
    assert ran.code == 0
    assert "EMAIL_ADDRESS" in ran.out
    assert "nothing found in: n (number), note (string)" in ran.out
    assert "user0" not in ran.out
    assert "--write" in ran.err


def test_json_has_what_the_table_has(cli: Cli, sample: Path) -> None:
    told = json.loads(cli("scan", str(sample), "--json").out)
    assert told["records"] == 9
    mail = told["fields"][0]
    assert (mail["path"], mail["values"]) == ("mail", 9)
    assert mail["found"][0] | {"score": 1} == {
        "entity": "EMAIL_ADDRESS", "values": 9, "share": 1.0, "score": 1, "whole": True,
        "shape": "xxxx0@xxxxxxx.xxx",
    }  # fmt: skip


def test_what_is_proposed_passes_check_and_is_never_overwritten(
    cli: Cli, sample: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pipelines"
    ran = cli("scan", str(sample), "--write", str(folder))
    assert ran.code == 0
    assert "clearwater keys create dead-letters people" in ran.err
    assert cli("check", str(folder)).code == 0
    again = cli("scan", str(sample), "--write", str(folder))
    assert again.code == 2
    assert "is there already" in again.err


def test_fewer_records_can_be_asked_for(cli: Cli, sample: Path) -> None:
    assert json.loads(cli("scan", str(sample), "--records", "2", "--json").out)["records"] == 2


def test_a_file_that_is_not_there_is_not_taken_for_a_topic(cli: Cli) -> None:
    ran = cli("scan", "nowhere.jsonl")
    assert ran.code == 2
    assert "nowhere.jsonl: there is no such file" in ran.err


def test_lines_left_out_are_counted(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_text('{"a": 1}\n' * 40 + "{broken\n")
    assert "1 lines are not what the others are" in cli("scan", str(file)).err
