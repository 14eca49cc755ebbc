from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.ner.onnx_model import _spans, load


class Window(NamedTuple):
    word_ids: list[int | None]
    offsets: list[tuple[int, int]]


def named(text: str, words: list[int | None], labels: str) -> list[tuple[str, str]]:
    """Return what stands in a text whose tokens are parted by bars, with a label each."""
    tokens, offsets, at = text.split("|"), [], 0
    for token in tokens:
        offsets.append((at, at + len(token)))
        at += len(token)
    window: Any = Window(words, offsets)
    plain = text.replace("|", "")
    return [(plain[a:b], label) for a, b, label in _spans(plain, window, labels.split())]


def test_words_are_named_by_what_the_model_learned(onnx_folder: Path) -> None:
    labels, finds = load(onnx_folder)
    text = "please ask Okundra Vey about Yolvane Rusk"
    assert labels == ["PER"]
    assert finds([text, "", "tomorrow is fine"]) == [[(11, 22, "PER"), (29, 41, "PER")], [], []]


def test_a_text_longer_than_the_model_holds_is_seen_whole(onnx_folder: Path) -> None:
    _, finds = load(onnx_folder)
    filler = "the door is closed today " * 9
    text = "".join(f"{filler}Mirabex Toll " for _ in range(9))
    (found,) = finds([text])
    assert [text[start:end] for start, end, _ in found] == ["Mirabex Toll"] * 9


def test_many_texts_of_other_lengths_do_not_mix(onnx_folder: Path) -> None:
    _, finds = load(onnx_folder)
    texts = [("the door " * n) + "Thessil Brack" for n in range(40)]
    assert finds(texts) == [[(9 * n, 9 * n + 13, "PER")] for n in range(40)]


@pytest.mark.parametrize(
    ("text", "words", "labels", "found"),
    [
        ("Ada| Byron| and| Li", [0, 1, 2, 3], "B-PER I-PER O B-PER", ["Ada Byron", "Li"]),
        ("Ada| Byron| Li", [0, 1, 2], "B-PER I-PER B-PER", ["Ada Byron", "Li"]),
        ("Ada| Byron| Bonn", [0, 1, 2], "PER PER LOC", ["Ada Byron", "Bonn"]),
        ("Ada| Byron| Li", [0, 1, 2], "B-PER L-PER U-PER", ["Ada Byron", "Li"]),
        ("Ada| Byron| Li", [0, 1, 2], "B-PER E-PER S-PER", ["Ada Byron", "Li"]),
        ("the| By|ron", [0, 1, 1], "O B-PER O", ["Byron"]),
        ("the| By|ron", [0, 1, 1], "O O I-PER", []),
        ("|Ada| Byron|", [None, 0, 1, None], "B-PER I-PER I-PER I-PER", ["Ada Byron"]),
        ("we| met", [0, 1], "O O", []),
        (" |x", [0, 1], "B-PER O", []),
    ],
)
def test_words_of_one_name_belong_together(
    text: str, words: list[int | None], labels: str, found: list[str]
) -> None:
    assert [one for one, _ in named(text, words, labels)] == found


def test_the_label_is_told_without_its_place() -> None:
    assert named("Ada| Bonn", [0, 1], "B-PER S-LOC") == [("Ada", "PER"), ("Bonn", "LOC")]


@pytest.mark.parametrize("lacks", ["tokenizer.json", "config.json", "id2label", "graph"])
def test_what_is_no_whole_model_is_refused(onnx_folder: Path, tmp_path: Path, lacks: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(onnx_folder, folder)
    if lacks == "id2label":
        (folder / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    elif lacks == "graph":
        (folder / "model.onnx").write_bytes(b"no graph")
    else:
        (folder / lacks).unlink()
    with pytest.raises(ValueError, match=r"no ONNX model that loads .* config\.json with id2label"):
        load(folder)
