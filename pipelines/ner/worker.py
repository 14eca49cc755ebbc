"""The process of one model: reads texts, writes what stands in them. Its only argument: the path.

Nothing of a text reaches its output, error output or a file.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from pipelines.ner import onnx_model, spacy_model
from pipelines.ner.finds import Loaded
from pipelines.ner.frames import frame

_MOST_MEMORY = 8 << 30  # bytes of addresses


def load(path: Path) -> Loaded:
    """Load a model: its labels, and what finds them.

    Raises:
        ValueError: There is no such model; says what to do.
    """
    if (path / onnx_model.FILE).is_file():
        return onnx_model.load(path)
    return spacy_model.load(path)


def serve(path: Path, requests: BinaryIO, answers: BinaryIO) -> None:
    """Load the model, tell its labels or what is wrong, and answer until there is no request."""

    def tell(message: object) -> None:
        answers.write(frame(message))
        answers.flush()

    try:
        labels, finds = load(path)
    except ValueError as error:
        tell({"error": str(error)})
        return
    tell({"labels": labels})
    for texts in _requests(requests):
        tell(finds(texts))


def _requests(requests: BinaryIO) -> Iterator[Any]:
    while len(head := requests.read(4)) == 4:  # noqa: PLR2004 - bytes of a length
        (size,) = struct.unpack(">I", head)
        yield orjson.loads(requests.read(size))


def main() -> None:
    """Serve on standard input and output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    serve(Path(sys.argv[1]), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
