from __future__ import annotations

import io
import struct
from pathlib import Path

import orjson
import pytest
import spacy

from pipelines.ner.frames import frame
from pipelines.ner.worker import serve


def told(path: Path, *requests: list[str]) -> list[object]:
    """Return what a worker writes."""
    answers = io.BytesIO()
    serve(path, io.BytesIO(b"".join(map(frame, requests))), answers)
    raw, found = answers.getvalue(), []
    while raw:
        (size,) = struct.unpack(">I", raw[:4])
        found.append(orjson.loads(raw[4 : 4 + size]))
        raw = raw[4 + size :]
    return found


def test_a_worker_tells_its_labels_and_answers_each_request(model_folder: Path) -> None:
    hello, first, second = told(
        model_folder, ["please ask Okundra Vey about the delivery", ""], ["tomorrow is fine"]
    )

    assert hello == {"labels": ["PER"]}
    assert first == [[[11, 22, "PER"]], []]
    assert second == [[]]


@pytest.mark.parametrize("component", ["none", "sentencizer"])
def test_a_model_that_names_nothing_is_refused(tmp_path: Path, component: str) -> None:
    if component == "sentencizer":
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
        nlp.to_disk(tmp_path)
    (hello,) = told(tmp_path, ["a text"])

    assert isinstance(hello, dict)
    assert ("names nothing" if component == "sentencizer" else "no spaCy model") in hello["error"]
