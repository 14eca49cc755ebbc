"""A spaCy model: loads it, and finds what it was trained to name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.ner.finds import Loaded, Span

_BATCH = 64
_NEEDED = frozenset({"tok2vec", "transformer", "ner"})


def load(path: Path) -> Loaded:
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
        why = f"no spaCy model that loads ({type(error).__name__}), and no model.onnx"
        raise ValueError(why) from None
    if "ner" not in nlp.pipe_names:
        raise ValueError("the model has no component `ner`: it names nothing")
    nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in _NEEDED])
    nlp.max_length = sys.maxsize  # texts come in pieces

    def finds(texts: Sequence[str]) -> list[list[Span]]:
        return [
            [(one.start_char, one.end_char, one.label_) for one in document.ents]
            for document in nlp.pipe(texts, batch_size=_BATCH)
        ]

    names: Any = nlp.get_pipe("ner")
    return list(names.labels), finds
