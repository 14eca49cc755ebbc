from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.ner import process as process_module
from pipelines.ner.process import ModelProcess

TEXT = "Yesterday Mirabex Toll wrote to the shop"


@pytest.fixture(scope="module")
def model(model_folder: Path) -> Iterator[ModelProcess]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CLEARWATER_KEYS", "/secret/keys")
        started = ModelProcess(model_folder)
    yield started
    started.close()


def named(model: ModelProcess, text: str) -> list[str]:
    (found,) = model.find([text])
    assert found is not None
    return [text[one.start : one.end] for one in found]


def test_each_text_is_answered_with_the_model_s_labels(model: ModelProcess) -> None:
    first, second = model.find([TEXT, "the door is closed today"])

    assert model.labels == {"PER"}
    assert first is not None
    assert [(TEXT[one.start : one.end], one.entity) for one in first] == [("Mirabex Toll", "PER")]
    assert second == ()


def test_offsets_are_those_of_the_whole_text_however_long_it_is(model: ModelProcess) -> None:
    text = "the door is closed today " * 200 + TEXT + " \U0001f600 half \ud800 " + TEXT

    assert named(model, text) == ["Mirabex Toll", "Mirabex Toll"]


def test_a_model_in_onnx_answers_likewise(onnx_folder: Path) -> None:
    started = ModelProcess(onnx_folder)
    try:
        assert started.labels == {"PER"}
        assert named(started, TEXT) == ["Mirabex Toll"]
    finally:
        started.close()


def test_no_texts_need_no_answer(model: ModelProcess) -> None:
    assert model.find([]) == []


def test_a_process_that_ended_is_started_anew(model: ModelProcess) -> None:
    ended = model._process
    assert ended is not None
    os.kill(ended.pid, signal.SIGKILL)

    assert named(model, TEXT) == ["Mirabex Toll"]
    assert model._process is not ended


def test_a_process_that_does_not_answer_in_time_gives_no_answer(
    model: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = model._process
    assert held is not None
    os.kill(held.pid, signal.SIGSTOP)
    with monkeypatch.context() as patched:
        patched.setattr(model, "_timeout", 0.2)
        patched.setattr(process_module, "_MOST_FAILURES", 1)
        assert model.find([TEXT]) == [None]

    assert held.poll() is not None
    assert named(model, TEXT) == ["Mirabex Toll"]


def test_the_neighbours_of_a_text_without_an_answer_get_theirs(
    model: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = model._answer

    def refuses(some: list[tuple[int, int, str]]) -> object:
        return None if any("poison" in piece for _, _, piece in some) else answer(some)

    monkeypatch.setattr(model, "_answer", refuses)

    first, second, third = model.find([TEXT, "poison and more", TEXT])
    assert first == third != ()
    assert second is None


def test_the_process_has_no_secret_of_ours(model: ModelProcess) -> None:
    assert named(model, TEXT)  # it runs
    assert model._process is not None
    environment = Path(f"/proc/{model._process.pid}/environ").read_bytes()
    assert b"CLEARWATER" not in environment


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no model at"):
        ModelProcess(tmp_path / "absent")
    (tmp_path / "meta.json").write_text("{}")
    with pytest.raises(ConfigError, match="no spaCy model that loads"):
        ModelProcess(tmp_path)


def test_a_model_that_does_not_load_in_time_is_refused(model_folder: Path) -> None:
    with pytest.raises(ConfigError, match="it takes too long"):
        ModelProcess(model_folder, load_timeout=0.01)
