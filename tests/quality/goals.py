"""The goals of detection, each with the figure that the development corpora give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stdnum import iban, luhn

from pipelines.privacy.scan import Scan
from tests.quality.labelled import CORPORA, FREE_TEXT, Score, false_alarms, scorer

STRUCTURED = (
    "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "URL",
)  # fmt: skip
_PROSE = ("presidio_synth_v2", "presidio_generated_large")
_SECRETS = frozenset({"API_KEY", "JWT", "PRIVATE_KEY", "PASSWORD", "URL"})
_COVERED = 0.9


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure and what it should be.

    Attributes:
        name: What is measured.
        figure: What the corpora give.
        target: What it should be.
        at_most: The figure may not be above the target, rather than below.
    """

    name: str
    figure: float
    target: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """True where the figure is as good as the target."""
        return self.figure <= self.target if self.at_most else self.figure >= self.target


def goals(scan: Scan) -> Iterator[Goal]:
    """Yield every goal that the development corpora measure."""
    pooled = pooled_scores(scan, FREE_TEXT)
    for entity, target in (
        ("EMAIL_ADDRESS", 0.99), ("IP_ADDRESS", 0.99), ("URL", 0.99), ("MAC_ADDRESS", 0.99),
        ("IBAN_CODE", 0.98), ("CREDIT_CARD", 0.98), ("US_SSN", 0.95), ("PHONE_NUMBER", 0.87),
    ):  # fmt: skip
        yield Goal(f"{entity}, F1", pooled[entity].f1, target)
    yield from _secrets()
    yield from _national_numbers(scan)
    prose = pooled_scores(scan, _PROSE)
    yield Goal("PERSON in prose, no model, F1", prose["PERSON"].f1, 0.65)
    yield Goal("ADDRESS, F1", prose["ADDRESS"].f1, 0.7)
    yield Goal("structured characters leaked", _leak(scan), 0.015, at_most=True)
    for name, rate in false_alarms(scan).items():
        most = {"neg_loghub": 2.0, "neg_source_code": 5.0, "neg_prose": 0.0}[name]
        yield Goal(f"false alarms per 1,000 texts of {name}", rate, most, at_most=True)


def pooled_scores(scan: Scan, corpora: tuple[str, ...]) -> dict[str, Score]:
    """Return the score by entity; cards and IBANs with a wrong check digit are no labels."""
    found: dict[str, Score] = {}
    judge = scorer()
    for name in corpora:
        measured = judge.evaluate(
            lambda text: [(one.start, one.end, one.entity) for one in scan.find(text)],
            str(CORPORA / f"{name}.jsonl"),
            keep_errors=1_000_000,
        )
        for entity, counts in measured["per_type"].items():
            score = found.setdefault(entity, Score())
            score.right += counts["tp"]
            score.wrong += counts["fp"]
            score.missed += counts["fn"]
        for kind, entity, text, *_ in measured["errors"]:
            if kind == "FN" and _is_mistyped(entity, text):
                found[entity].missed -= 1
    return found


def _is_mistyped(entity: str, text: str) -> bool:
    digits = "".join(one for one in text if one.isalnum())
    return (entity == "IBAN_CODE" and not iban.is_valid(digits)) or (
        entity == "CREDIT_CARD" and not luhn.is_valid(digits)
    )


def _secrets() -> Iterator[Goal]:
    plain = Scan()  # a web address is no secret
    literal, shaped, generated = Score(), Score(), Score()
    for sample in _samples("gitleaks_secrets"):
        found = [
            (one.start, one.end) for one in plain.find(sample["text"]) if one.entity in _SECRETS
        ]
        score = generated if sample["kind"] == "generated" else literal
        for span in sample["spans"]:
            hit = any(_overlap(one, (span["start"], span["end"])) for one in found)
            is_shaped = span["type"] in {"JWT", "PRIVATE_KEY"}
            for counted in (score, shaped) if is_shaped else (score,):
                counted.right += hit
                counted.missed += not hit
        score.wrong += sum(
            not any(_overlap(one, (span["start"], span["end"])) for span in sample["spans"])
            for one in found
        )
    yield Goal("JWT, private keys, recall", shaped.recall, 0.98)
    yield Goal("secrets in code and configuration, recall", literal.recall, 0.88)
    yield Goal("secrets in code and configuration, precision", literal.precision, 0.95)
    yield Goal("keys of vendors behind a telling name, recall", generated.recall, 0.98)


def _national_numbers(scan: Scan) -> Iterator[Goal]:
    judge = scorer()
    named, wrong = Score(), Score()
    for sample in _samples("stdnum_doctests"):
        if not sample["context"]:
            continue
        found = scan.find(sample["text"])
        if sample["valid"]:
            for span in sample["spans"]:
                inside = sum(
                    max(0, min(one.end, span["end"]) - max(one.start, span["start"]))
                    for one in found
                )
                hit = inside >= _COVERED * (span["end"] - span["start"])
                named.right += hit
                named.missed += not hit
        else:
            flagged = any(
                judge.group(judge.canon(one.entity)) in {"GOV_ID", "US_SSN"} for one in found
            )
            wrong.right += flagged
            wrong.missed += not flagged
    yield Goal("national numbers named in the text, recall", named.recall, 0.8)
    yield Goal(
        "wrong check digits flagged as some national number", wrong.recall, 0.02, at_most=True
    )


def _leak(scan: Scan) -> float:
    """Return the part of the labelled characters of structured entities that nothing covers."""
    canon = scorer().canon
    labelled = leaked = 0
    for name in FREE_TEXT:
        for sample in _samples(name):
            text = sample["text"]
            spans = [one for one in sample["spans"] if canon(one["type"]) in STRUCTURED]
            if not spans:
                continue
            covered = bytearray(len(text))
            for one in scan.find(text):
                covered[one.start : one.end] = b"\1" * (one.end - one.start)
            for span in spans:
                labelled += span["end"] - span["start"]
                leaked += covered.count(0, span["start"], span["end"])
    return leaked / labelled


def _samples(name: str) -> list[dict[str, Any]]:
    with (CORPORA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    inside = min(one[1], other[1]) - max(one[0], other[0])
    return inside * 2 >= max(one[1], other[1]) - min(one[0], other[0])
