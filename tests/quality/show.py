"""`make quality`: the goals, and every entity beside Presidio's where both were measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipelines.privacy.scan import Scan
from tests.quality.events import event_score
from tests.quality.goals import goals
from tests.quality.labelled import (
    CORPORA,
    corpora_scores,
    own_scores,
    scan_of_reports,
)

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))
_tell = sys.stdout.write


def main() -> int:
    """Print the tables; 1 where a number fell below its floor or a goal is not met."""
    scan = scan_of_reports()
    _tell("own texts\n")
    for entity, score in sorted(own_scores(scan).items()):
        _tell(f"  {entity:28} F1 {score.f1:.2f}  P {score.precision:.2f}  R {score.recall:.2f}\n")
    events = event_score(Scan())
    _tell(f"own events: F1 {events.score.f1:.3f}, leak {events.leak:.2%}\n")
    if not CORPORA.is_dir():
        _tell("the development corpora are not beside the repository\n")
        return 0
    fallen = _show_entities(scan)
    _tell("goal                                                      figure   target\n")
    for goal in goals(scan):
        fallen |= not goal.met
        sign = "<=" if goal.at_most else ">="
        told = "" if goal.met else "  NOT MET"
        _tell(f"  {goal.name:52}{goal.figure:10.3f} {sign}{goal.target:6.3f}{told}\n")
    return int(fallen)


def _show_entities(scan: Scan) -> bool:
    """Print the table per entity; return True where one fell below its floor."""
    _tell("development corpora                 labels     F1      P      R  Presidio F1  floor\n")
    fallen = False
    scores = corpora_scores(scan)
    for entity, score in sorted(scores.items(), key=lambda one: -one[1].right - one[1].missed):
        floor = FLOORS["f1"].get(entity, 0.0)
        fallen |= score.f1 < floor
        presidio = FLOORS["presidio"].get(entity)
        _tell(
            f"  {entity:32}{score.right + score.missed:8}{score.f1:7.2f}{score.precision:7.2f}"
            f"{score.recall:7.2f}  {'' if presidio is None else format(presidio, '.2f'):>11}"
            f"{floor:7.2f}\n"
        )
    return fallen


if __name__ == "__main__":
    sys.exit(main())
