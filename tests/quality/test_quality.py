"""How well the text scan finds, as numbers that may not fall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.privacy.scan import Scan
from tests.quality import labelled
from tests.quality.events import event_score
from tests.quality.goals import goals

pytestmark = pytest.mark.no_cover  # looking on takes ten times as long as the work

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
SCAN = labelled.scan_of_reports()
beside = pytest.mark.skipif(not labelled.CORPORA.is_dir(), reason="the corpora are not beside")


@pytest.mark.parametrize(("text", "labels"), labelled.own_texts(), ids=lambda one: str(one)[:40])
def test_each_label_is_found_and_nothing_else(
    text: str, labels: list[tuple[int, int, str]]
) -> None:
    found = [(one.entity, text[one.start : one.end]) for one in SCAN.find(text)]
    wanted = {(entity, text[start:end]) for start, end, entity in labels}
    assert {entity for entity, _ in wanted} <= {entity for entity, _ in found}, found
    beside_labels = [one for one in found if one[0] not in {entity for entity, _ in wanted}]
    assert [one for one in beside_labels if one[0] not in {"URL", "PERSON"}] == []
    if not labels:
        assert found == []


@beside
@pytest.mark.timeout(1200)  # twenty thousand texts, and the machine may be busy
def test_no_entity_falls_below_its_floor_on_the_development_corpora() -> None:
    scores = labelled.corpora_scores(SCAN)
    fallen = {
        entity: round(scores[entity].f1, 3)
        for entity, floor in FLOORS["f1"].items()
        if entity not in scores or scores[entity].f1 < floor
    }
    assert fallen == {}


@beside
@pytest.mark.timeout(1200)  # twenty thousand texts, and the machine may be busy
def test_every_goal_is_met_on_the_development_corpora() -> None:
    assert {one.name: round(one.figure, 3) for one in goals(SCAN) if not one.met} == {}


def test_names_of_fields_tell_what_stands_in_events_never_seen() -> None:
    measured = event_score(Scan())

    assert measured.score.f1 >= FLOORS["events"]["f1"]
    assert measured.leak <= FLOORS["events"]["leak"]
