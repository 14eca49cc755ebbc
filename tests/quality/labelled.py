"""The labelled sets, and how well the text scan does on them."""

from __future__ import annotations

import importlib.util
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pipelines.detectors import REPORTED
from pipelines.privacy.scan import Scan

HERE = Path(__file__).parent
CORPORA = HERE.parents[2] / "shared" / "corpora"
"""Development corpora, where they lie beside the repository; never part of it."""
FREE_TEXT = (
    "presidio_synth_v2", "presidio_generated_large", "presidio_tests", "datafog_corpus",
    "pasteguard", "gitleaks_secrets",
)  # fmt: skip
NEGATIVE = ("neg_loghub", "neg_source_code", "neg_prose")

_LABEL = re.compile(r"\{([^{}|]+)\|([A-Z_]+)\}")
_LEAST_OVERLAP = 0.5

Span = tuple[int, int, str]


@dataclass(slots=True)
class Score:
    """Right, wrong and missed findings of one entity."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the findings that are right."""
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        """Share of the labels that are found."""
        return self.right / (self.right + self.missed) if self.right else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def own_texts() -> list[tuple[str, list[Span]]]:
    """Return the texts of `texts.txt` with their labels."""
    found = []
    for line in (HERE / "texts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, spans, end = "", [], 0
        for match in _LABEL.finditer(line):
            text += line[end : match.start()]
            spans.append((len(text), len(text) + len(match[1]), match[2]))
            text += match[1]
            end = match.end()
        found.append((text + line[end:], spans))
    return found


def own_scores(scan: Scan) -> dict[str, Score]:
    """Return the score by entity on the own texts."""
    scores: dict[str, Score] = defaultdict(Score)
    for text, labels in own_texts():
        found = [(one.start, one.end, one.entity) for one in scan.find(text)]
        for label in labels:
            match = next((one for one in found if _same(label, one)), None)
            if match is None:
                scores[label[2]].missed += 1
            else:
                found.remove(match)
                scores[label[2]].right += 1
        for _, _, entity in found:
            scores[entity].wrong += 1
    return dict(scores)


def corpora_scores(scan: Scan) -> dict[str, Score]:
    """Return the score by entity, pooled over the free-text development corpora."""
    judge = scorer()
    scores: dict[str, Score] = defaultdict(Score)
    for name in FREE_TEXT:
        measured = judge.evaluate(_detect(scan), str(CORPORA / f"{name}.jsonl"))
        for entity, counts in measured["per_type"].items():
            scores[entity].right += counts["tp"]
            scores[entity].wrong += counts["fp"]
            scores[entity].missed += counts["fn"]
    return dict(scores)


def false_alarms(scan: Scan) -> dict[str, float]:
    """Return findings per 1,000 texts in corpora that hold none of what is counted."""
    judge = scorer()
    true_of = {
        "neg_source_code": (
            "URL", "IP_ADDRESS", "MAC_ADDRESS", "EMAIL_ADDRESS", "PERSON", "LOCATION", "DATE_TIME",
        ),
        "neg_prose": ("PERSON", "LOCATION", "DATE_TIME"),
    }  # fmt: skip
    found = {}
    for name in NEGATIVE:
        ignored = {"ignore": true_of[name]} if name in true_of else {}
        measured = judge.false_alarms(_detect(scan), str(CORPORA / f"{name}.jsonl"), **ignored)
        found[name] = float(measured["per_1000_texts"])
    return found


def scan_of_reports() -> Scan:
    """Return the scan that `clearwater detect` runs."""
    return Scan().with_detectors(REPORTED)


def _detect(scan: Scan):  # type: ignore[no-untyped-def] # noqa: ANN202 - what the scorer calls
    return lambda text: [(one.start, one.end, one.entity) for one in scan.find(text)]


def scorer() -> ModuleType:
    """Return the module that scores a detector on a corpus."""
    spec = importlib.util.spec_from_file_location("corpora_score", CORPORA / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(CORPORA)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _same(label: Span, found: Span) -> bool:
    overlap = min(label[1], found[1]) - max(label[0], found[0])
    union = max(label[1], found[1]) - min(label[0], found[0])
    return label[2] == found[2] and overlap >= _LEAST_OVERLAP * union
