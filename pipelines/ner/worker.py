"""The process of one model: reads texts, writes what stands in them. Its only argument: the path.

Nothing of a text reaches its output, error output or a file.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from pipelines.ner.frames import frame

Finds = Callable[[Sequence[str]], list[list[tuple[int, int, str]]]]
_MOST_MEMORY = 8 << 30  # bytes of addresses
_BATCH = 64
_NEEDED = frozenset({"tok2vec", "transformer", "ner"})


def load(path: Path) -> tuple[list[str], Finds]:
    """Load a spaCy model: its labels, and what finds them.

    Raises:
        ValueError: There is no such model; says what to do.
    """
    try:
        import spacy  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise ValueError("spaCy is not installed: pip install 'clearwater[ner]'") from None
    try:
        nlp = spacy.load(path)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it
        raise ValueError(f"no spaCy model that loads ({type(error).__name__})") from None
    if "ner" not in nlp.pipe_names:
        raise ValueError("the model has no component `ner`: it names nothing")
    nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in _NEEDED])
    nlp.max_length = sys.maxsize  # texts come in pieces

    def finds(texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        return [
            [(one.start_char, one.end_char, one.label_) for one in document.ents]
            for document in nlp.pipe(texts, batch_size=_BATCH)
        ]

    names: Any = nlp.get_pipe("ner")
    return list(names.labels), finds


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
