"""A change is told once, when it has come to rest."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.runtime.watch import Watch


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """Return a folder as the kubelet mounts a ConfigMap."""
    folder = tmp_path / "mounted"
    (folder / "..first").mkdir(parents=True)
    (folder / "..first" / "orders.yaml").write_text("pipeline: orders\n")
    (folder / "..data").symlink_to("..first")
    (folder / "orders.yaml").symlink_to("..data/orders.yaml")
    (folder / "users.yaml").write_text("pipeline: users\n")
    return folder


def _swap(folder: Path) -> None:
    (folder / "..second").mkdir()
    (folder / "..second" / "orders.yaml").write_text("pipeline: orders\n")
    (folder / "..new").symlink_to("..second")
    (folder / "..new").rename(folder / "..data")


def _rename_over(folder: Path) -> None:
    (folder / ".users.swp").write_text("pipeline: users\n")
    (folder / ".users.swp").rename(folder / "users.yaml")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_swap, id="..data swapped, same size"),
        pytest.param(_rename_over, id="renamed over, same size"),
        pytest.param(lambda at: (at / "users.yaml").write_text("pipeline: u\n"), id="edited"),
        pytest.param(lambda at: (at / "users.yaml").unlink(), id="removed"),
        pytest.param(lambda at: (at / "new.yaml").write_text("policy: new\n"), id="added"),
    ],
)
def test_a_change_is_told_once_after_it_came_to_rest(
    change: Callable[[Path], object], mounted: Path
) -> None:
    watch = Watch(mounted)
    assert not watch.changed()

    change(mounted)

    assert [watch.changed() for _ in range(4)] == [False, True, False, False]


def test_files_still_being_written_are_not_told(mounted: Path) -> None:
    watch = Watch(mounted)
    for size in range(1, 5):
        (mounted / "users.yaml").write_text("#" * size)
        assert not watch.changed()
    assert watch.changed()


@pytest.mark.parametrize("name", ["orders.test.yaml", ".orders.yaml.swp"])
def test_what_no_worker_reads_is_no_change(name: str, mounted: Path) -> None:
    watch = Watch(mounted)
    (mounted / name).write_text("tests: []\n")
    assert [watch.changed() for _ in range(3)] == [False, False, False]


def test_a_change_taken_back_before_it_rested_is_no_change(mounted: Path) -> None:
    watch = Watch(mounted)
    before = (mounted / "users.yaml").stat()
    os.utime(mounted / "users.yaml", ns=(1, 1))
    assert not watch.changed()
    os.utime(mounted / "users.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [watch.changed() for _ in range(3)] == [False, False, False]
