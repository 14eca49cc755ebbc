"""ModelProcess: a model in a process of its own, asked for a bounded time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from time import monotonic

from pipelines.detector import Finding
from pipelines.entity_model import Found
from pipelines.errors import ConfigError
from pipelines.ner import frames

LOAD_TIMEOUT, ANSWER_TIMEOUT = 120.0, 30.0
"""Seconds until a model must be loaded, and a batch of texts answered."""

_LONGEST = 4_000  # characters that the model sees at once; longer texts are cut between words
_MOST_CHARACTERS, _MOST_TEXTS = 100_000, 256  # of one batch
_MOST_FAILURES = 3  # of one call: then the rest of its texts has no answer
_SCORE = 0.8
_Piece = tuple[int, int, str]  # number of the text, where it starts in it, itself


class ModelProcess:
    """A model of an operator, spaCy's or in ONNX.

    Its process gets texts and gives offsets; it has no secret, no network is needed, and its end
    ends nothing else: it is started anew for the next text. A text that ends it again and again
    gets no answer, and its neighbours get theirs.

    Attributes:
        labels: The model's own labels.
    """

    def __init__(
        self, path: Path, *, load_timeout: float = LOAD_TIMEOUT, timeout: float = ANSWER_TIMEOUT
    ) -> None:
        """Start the process and wait until the model is loaded.

        Args:
            path: The model's folder.
            load_timeout: Seconds until it must be loaded.
            timeout: Seconds until a batch must be answered.

        Raises:
            ConfigError: There is no such model, or it does not load in time.
        """
        if not path.exists():
            raise ConfigError(f"there is no model at {path}")
        self._path = path
        self._load_timeout = load_timeout
        self._timeout = timeout
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.labels: frozenset[str] = frozenset()
        try:
            self._start()
        except OSError as error:
            self._stop()
            raise ConfigError(f"the model at {path} does not load: {_reason(error)}") from None

    def find(self, texts: Sequence[str]) -> list[Found]:
        """Return what stands in each text, by the model's labels; None where it gave no answer."""
        pieces = [
            (number, start, piece)
            for number, text in enumerate(texts)
            for start, piece in _pieces(text)
        ]
        found: list[list[Finding] | None] = [[] for _ in texts]
        with self._lock:
            failures = 0
            for batch in _batches(pieces):
                asked = [(batch, True)]
                while asked:
                    some, again = asked.pop()
                    answer = self._answer(some) if failures < _MOST_FAILURES else None
                    if answer is not None:
                        _take(some, answer, found)
                        continue
                    failures += 1
                    if again and failures < _MOST_FAILURES:
                        asked += [([one], False) for one in some]  # the neighbours of a bad one
                    else:
                        for number, _, _ in some:
                            found[number] = None
        return [None if one is None else tuple(one) for one in found]

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def _answer(self, some: Sequence[_Piece]) -> list[list[tuple[int, int, str]]] | None:
        texts = [piece.encode("utf-8", "replace").decode() for _, _, piece in some]
        try:
            if self._process is None or self._process.poll() is not None:
                self._stop()
                self._start()
            process = self._running()
            deadline = monotonic() + self._timeout
            frames.write(process[0], texts, deadline, monotonic)
            answer = frames.read(process[1], deadline, monotonic)
        except OSError:  # a TimeoutError is one
            self._stop()
            return None
        return answer if isinstance(answer, list) and len(answer) == len(some) else None

    def _start(self) -> None:
        """Start the process.

        Raises:
            OSError: It cannot be started, or does not load the model in time.
        """
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        environment = kept | {
            "PYTHONPATH": os.pathsep.join(one for one in sys.path if one),
            "OMP_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "pipelines.ner.worker", str(self._path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's message may quote a text
            env=environment,
        )
        hello = frames.read(self._running()[1], monotonic() + self._load_timeout, monotonic)
        if "labels" not in hello:
            raise OSError(str(hello.get("error")))
        self.labels = frozenset(hello["labels"])

    def _running(self) -> tuple[int, int]:
        """Return the pipes to and from the process, as numbers."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise OSError("not started")
        ends = process.stdin.fileno(), process.stdout.fileno()
        for end in ends:
            os.set_blocking(end, False)
        return ends

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for end in (process.stdin, process.stdout):
            if end is not None:
                try:
                    end.close()
                except OSError:
                    continue
        process.wait()


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield start and text of pieces that the model can hold, cut between words where it goes."""
    start = 0
    while len(text) - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        end = cut if cut > start else start + _LONGEST
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _batches(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    batch: list[_Piece] = []
    size = 0
    for piece in pieces:
        if batch and (size + len(piece[2]) > _MOST_CHARACTERS or len(batch) >= _MOST_TEXTS):
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += len(piece[2])
    if batch:
        yield batch


def _take(
    some: Sequence[_Piece],
    answer: Sequence[Sequence[tuple[int, int, str]]],
    found: list[list[Finding] | None],
) -> None:
    for (number, start, _), spans in zip(some, answer, strict=True):
        known = found[number]
        if known is not None:
            known += [
                Finding(start + begin, start + end, label, _SCORE) for begin, end, label in spans
            ]


def _reason(error: OSError) -> str:
    return "it takes too long" if isinstance(error, TimeoutError) else str(error)
