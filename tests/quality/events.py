"""Events of many shapes, labelled by field: how well names of fields tell what stands in them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from pipelines.detector import Finding
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import texts_of
from tests.quality.labelled import HERE, Score


@dataclass(frozen=True, slots=True)
class EventScore:
    """How well labelled fields were told.

    Attributes:
        score: Right, wrong and missed fields, of all entities.
        leak: Part of the labelled characters that no finding covers.
    """

    score: Score
    leak: float


def event_score(scan: Scan) -> EventScore:
    """Return the score on `events.jsonl`: made up for this repository, and labelled by field."""
    score = Score()
    labelled = leaked = 0
    for line in (HERE / "events.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        labels = event["labels"]
        found: dict[str, list[Finding]] = defaultdict(list)
        for path, finding in scan.find_in(event["value"]):
            found[path].append(finding)
        values = dict(texts_of(event["value"]))  # of each path its value, behind its name
        for path, entity in labels.items():
            right = any(one.entity == entity for one in found[path])
            score.right += right
            score.missed += not right
            if path not in event.get("prose", ()):
                labelled += len(values[path])
                leaked += _uncovered(values[path], found[path])
        score.wrong += sum(bool(findings) for path, findings in found.items() if path not in labels)
    return EventScore(score, leaked / labelled)


def _uncovered(text: str, found: list[Finding]) -> int:
    covered = bytearray(len(text))
    for one in found:
        covered[one.start : one.end] = b"\1" * (min(one.end, len(text)) - one.start)
    return covered.count(0)
