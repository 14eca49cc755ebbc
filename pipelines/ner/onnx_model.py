"""A token classifier in ONNX, as exported with its tokenizer: loads it, and names words by it.

The folder is what `optimum-cli export onnx --task token-classification` writes: `model.onnx`, the
`tokenizer.json` of the tokenizers library, and `config.json` with `id2label` in one of the usual
schemes (IO, IOB, IOBES, BILOU).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.ner.finds import Loaded, Span

FILE = "model.onnx"
_LONGEST = 512  # tokens that most such models can hold
_STRIDE = 32  # tokens that two windows of one text share: a name at the joint is whole in one
_BATCH = 16
_QUIET = 4  # the runtime's messages may quote an input
_OUTSIDE = "O"


def load(folder: Path) -> Loaded:
    """Load a model: its labels, and what finds them.

    Raises:
        ValueError: There is no such model; says what to do.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - an optional extra
        from tokenizers import Tokenizer  # noqa: PLC0415 - likewise
    except ImportError:
        raise ValueError("ONNX is not installed: pip install 'clearwater[onnx]'") from None
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        names = {int(number): str(name) for number, name in config["id2label"].items()}
        tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        session: Any = onnxruntime.InferenceSession(
            str(folder / FILE), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it
        what = f"no ONNX model that loads ({type(error).__name__})"
        needs = f"{FILE}, tokenizer.json, and config.json with id2label"
        raise ValueError(f"{what}: a folder of {needs} is needed") from None
    room = min(_LONGEST, int(config.get("max_position_embeddings") or _LONGEST))
    tokenizer.enable_truncation(room, stride=min(_STRIDE, room // 4))
    tokenizer.no_padding()
    model = _Model(tokenizer, session, names, int(config.get("pad_token_id") or 0))
    return sorted({_parted(name)[1] for name in names.values()} - {_OUTSIDE}), model.finds


class _Model:
    """Names the words of texts."""

    def __init__(
        self, tokenizer: Any, session: Any, names: Mapping[int, str], padding: int
    ) -> None:
        self._tokenizer = tokenizer
        self._session = session
        self._names = names
        self._padding = padding
        self._inputs = {one.name for one in session.get_inputs()}

    def finds(self, texts: Sequence[str]) -> list[list[Span]]:
        found: list[set[Span]] = [set() for _ in texts]
        windows = [
            (number, window)
            for number, encoding in enumerate(self._tokenizer.encode_batch(list(texts)))
            for window in (encoding, *encoding.overflowing)
        ]
        for start in range(0, len(windows), _BATCH):
            some = windows[start : start + _BATCH]
            for (number, window), labels in zip(
                some, self._labels([one for _, one in some]), strict=True
            ):
                found[number].update(_spans(texts[number], window, labels))
        return [sorted(one) for one in found]

    def _labels(self, windows: Sequence[Any]) -> Iterator[list[str]]:
        """Yield the label of each token of each window."""
        import numpy as np  # noqa: PLC0415 - comes with the extra

        longest = max(len(one.ids) for one in windows)
        shape = (len(windows), longest)
        ids = np.full(shape, self._padding, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.int64)
        for row, one in enumerate(windows):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (scores, *_) = self._session.run(
            None, {name: array for name, array in given.items() if name in self._inputs}
        )
        for row, one in enumerate(windows):
            best = scores[row].argmax(axis=-1)
            yield [self._names[int(number)] for number in best[: len(one.ids)]]


def _spans(text: str, window: Any, labels: Sequence[str]) -> Iterator[Span]:
    """Yield what stands in one window: words of one label that belong together.

    A word has the label of its first token: what follows was seldom trained.
    """
    start = end = 0
    current = _OUTSIDE
    before: int | None = None
    for word, (begin, stop), label in zip(window.word_ids, window.offsets, labels, strict=True):
        if word is None:  # a token that is no part of the text
            continue
        if word == before:
            end = stop if current != _OUTSIDE else end
            continue
        before = word
        part, name = _parted(label)
        if name != current or part in {"B", "S", "U"}:
            yield from _trimmed(text, start, end, current)
            start, current = begin, name
        end = stop
    yield from _trimmed(text, start, end, current)


def _trimmed(text: str, start: int, end: int, label: str) -> Iterator[Span]:
    """Yield a span without the spaces that some tokenizers count to a word."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    if label != _OUTSIDE and inner.strip():
        yield start + left, start + left + len(inner.strip()), label


def _parted(label: str) -> tuple[str, str]:
    """Return where in a name a word stands, and the name's label: `B-PER` gives B and PER."""
    part, dash, name = label.partition("-")
    return (part, name) if dash and len(part) == 1 else ("", label)
