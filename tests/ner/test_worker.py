from __future__ import annotations

import io
import struct
from pathlib import Path

import orjson
import pytest

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


@pytest.mark.parametrize("kind", ["model_folder", "onnx_folder"])
def test_a_worker_tells_its_labels_and_answers_each_request(
    request: pytest.FixtureRequest, kind: str
) -> None:
    folder = request.getfixturevalue(kind)
    hello, first, second = told(
        folder, ["please ask Okundra Vey about the delivery", ""], ["tomorrow is fine"]
    )

    assert hello == {"labels": ["PER"]}
    assert first == [[[11, 22, "PER"]], []]
    assert second == [[]]
