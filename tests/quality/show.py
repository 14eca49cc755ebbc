"""`make quality`: the table per entity, beside Presidio's where both were measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.quality.labelled import (
    CORPORA,
    corpora_scores,
    false_alarms,
    own_scores,
    scan_of_reports,
)

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))


def main() -> int:
    """Print the tables; 1 where a number fell below its floor."""
    scan = scan_of_reports()
    tell = sys.stdout.write
    tell("own texts\n")
    for entity, score in sorted(own_scores(scan).items()):
        tell(f"  {entity:28} F1 {score.f1:.2f}  P {score.precision:.2f}  R {score.recall:.2f}\n")
    if not CORPORA.is_dir():
        tell("the development corpora are not beside the repository\n")
        return 0
    tell("development corpora                 labels     F1      P      R  Presidio F1  floor\n")
    fallen = False
    scores = corpora_scores(scan)
    for entity, score in sorted(scores.items(), key=lambda one: -one[1].right - one[1].missed):
        floor = FLOORS["f1"].get(entity, 0.0)
        fallen |= score.f1 < floor
        presidio = FLOORS["presidio"].get(entity)
        tell(
            f"  {entity:32}{score.right + score.missed:8}{score.f1:7.2f}{score.precision:7.2f}"
            f"{score.recall:7.2f}  {'' if presidio is None else format(presidio, '.2f'):>11}"
            f"{floor:7.2f}\n"
        )
    for name, rate in false_alarms(scan).items():
        ceiling = FLOORS["alarms"][name]
        fallen |= rate > ceiling
        tell(f"  false alarms per 1,000 texts of {name:20}{rate:8.2f}  at most {ceiling}\n")
    return int(fallen)


if __name__ == "__main__":
    sys.exit(main())
