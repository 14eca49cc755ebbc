from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.keyring import FolderKeyring, MemoryKeyring, create_key

SECRET = bytes(range(32))
WRITTEN = base64.b64encode(SECRET).decode("ascii")


def test_a_key_that_was_made_can_be_read(tmp_path: Path) -> None:
    file = create_key(tmp_path / "keys", "customers")

    assert file == tmp_path / "keys" / "customers.key"
    assert len(FolderKeyring(tmp_path / "keys").key("customers")) == 32


def test_only_its_owner_can_read_a_key(tmp_path: Path) -> None:
    file = create_key(tmp_path / "keys", "customers")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    create_key(tmp_path, "one")
    create_key(tmp_path, "two")
    keys = FolderKeyring(tmp_path)

    assert keys.key("one") != keys.key("two")


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    before = create_key(tmp_path, "customers").read_text("ascii")

    with pytest.raises(ConfigError, match="never overwritten"):
        create_key(tmp_path, "customers")

    assert (tmp_path / "customers.key").read_text("ascii") == before


def test_half_a_key_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ConfigError, match="No space left"):
        create_key(tmp_path, "customers")

    assert list(tmp_path.iterdir()) == []


def test_where_no_key_can_be_written_the_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="file"):
        create_key(tmp_path / "file", "customers")


@pytest.mark.parametrize("name", ["", "../other", "a/b", "A", "-a", "a.b", "a" * 64, "é", "a\n"])
def test_a_name_that_could_be_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no key name"):
        create_key(tmp_path, name)
    with pytest.raises(ConfigError, match="no key name"):
        FolderKeyring(tmp_path).key(name)


@pytest.mark.parametrize("written", [WRITTEN, f"{WRITTEN}\n", f"  {WRITTEN}\r\n"])
def test_the_file_is_base64_of_32_bytes(tmp_path: Path, written: str) -> None:
    (tmp_path / "k.key").write_text(written, encoding="ascii")

    assert FolderKeyring(tmp_path).key("k") == SECRET


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "this one 0", id="empty"),
        pytest.param(base64.b64encode(bytes(16)), "this one 16", id="too short"),
        pytest.param(base64.b64encode(bytes(64)), "this one 64", id="too long"),
        pytest.param(SECRET, "base64 of 32 bytes", id="the bytes themselves"),
        pytest.param(b"\xff\xfe", "base64 of 32 bytes", id="not ASCII"),
        pytest.param(b"hunter2!" * 6, "base64 of 32 bytes", id="a password"),
    ],
)
def test_what_is_no_key_is_refused_without_being_quoted(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "k.key").write_bytes(content)

    with pytest.raises(ConfigError, match=message) as failure:
        FolderKeyring(tmp_path).key("k")

    assert "k.key" in str(failure.value)
    assert "hunter2" not in str(failure.value)


def test_a_missing_key_says_which_file_and_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.key.*`clearwater keys create gone`"):
        FolderKeyring(tmp_path).key("gone")


def test_a_missing_folder_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="clearwater keys create"):
        FolderKeyring(tmp_path / "none")


def test_a_key_that_cannot_be_read_gives_the_reason(tmp_path: Path) -> None:
    (tmp_path / "k.key").mkdir()

    with pytest.raises(ConfigError, match="directory"):
        FolderKeyring(tmp_path).key("k")


def test_a_key_is_read_once_so_that_no_chunk_is_treated_with_two(tmp_path: Path) -> None:
    keys = FolderKeyring(tmp_path)
    file = create_key(tmp_path, "k")
    before = keys.key("k")
    file.unlink()

    assert keys.key("k") == before


def test_the_names_are_those_of_the_files(tmp_path: Path) -> None:
    for name in ("two", "one"):
        create_key(tmp_path, name)
    (tmp_path / "notes.txt").touch()

    assert FolderKeyring(tmp_path).names() == ["one", "two"]


def test_keys_handed_in_are_found_by_name() -> None:
    keys = MemoryKeyring({"k": SECRET})

    assert keys.key("k") == SECRET
    assert keys.names() == ["k"]
    with pytest.raises(ConfigError, match="no key `gone`; known: k"):
        keys.key("gone")


def test_no_keyring_shows_a_secret(tmp_path: Path) -> None:
    (tmp_path / "k.key").write_text(WRITTEN, encoding="ascii")
    folder = FolderKeyring(tmp_path)
    folder.key("k")

    for keys in (folder, MemoryKeyring({"k": SECRET})):
        assert WRITTEN not in f"{keys!r}{keys}"
        assert repr(SECRET) not in f"{keys!r}{keys}"
