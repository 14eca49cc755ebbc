from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError, RecordError
from pipelines.wire.file_registry import FileRegistry

ONE: dict[str, Any] = {"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}
TWO: dict[str, Any] = {"type": "record", "name": "B", "fields": []}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.raw-value.avsc").write_text(json.dumps(ONE))
    (tmp_path / "README.md").write_text("no schema")
    return tmp_path


def test_a_file_is_the_newest_schema_of_the_subject_it_is_named_after(folder: Path) -> None:
    registry = FileRegistry(folder)
    number, schema = registry.latest("orders.raw-value")
    assert schema == ONE
    assert registry.by_id(number) == ONE
    assert 0 <= number < 2**31


def test_every_process_gives_a_schema_the_same_id(folder: Path) -> None:
    turned = {name: ONE[name] for name in reversed(ONE)}
    ids = {FileRegistry(folder).register(f"s{n}", schema) for n, schema in enumerate([ONE, turned])}
    assert ids == {FileRegistry(folder).latest("orders.raw-value")[0]}


def test_a_registered_schema_is_found_and_leaves_no_file(folder: Path) -> None:
    registry = FileRegistry(folder)
    before = sorted(folder.iterdir())
    number = registry.register("orders-value", TWO, "FULL")
    assert registry.by_id(number) == TWO
    assert registry.latest("orders-value") == (number, TWO)
    assert sorted(folder.iterdir()) == before


def test_a_missing_subject_names_the_file_to_write(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere-value\.avsc"):
        FileRegistry(folder).latest("nowhere-value")


def test_a_missing_id_fails_the_record_only(folder: Path) -> None:
    with pytest.raises(RecordError) as caught:
        FileRegistry(folder).by_id(5)
    assert caught.value.code == "schema_unknown"


@pytest.mark.parametrize("content", [b"{", b"\xff"], ids=["no JSON", "no text"])
def test_a_broken_file_is_named(folder: Path, content: bytes) -> None:
    (folder / "broken.avsc").write_bytes(content)
    with pytest.raises(ConfigError, match=r"broken\.avsc"):
        FileRegistry(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing"):
        FileRegistry(tmp_path / "missing")


def test_two_schemas_of_one_id_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Constant:
        def __init__(self, _: bytes) -> None: ...

        def digest(self) -> bytes:
            return bytes(32)

    monkeypatch.setattr("hashlib.sha256", Constant)
    registry = FileRegistry(folder)
    with pytest.raises(ConfigError, match="other-value"):
        registry.register("other-value", TWO)
