from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.telemetry import catalogue
from pipelines.telemetry.catalogue import Declared
from pipelines.telemetry.dashboards import DASHBOARDS, Panel, dashboard, write

COMMITTED = Path(__file__).parents[2] / "helm" / "clearwater" / "dashboards"
METRICS = {one.name: one for one in vars(catalogue).values() if isinstance(one, Declared)}
PANELS = [panel for _, panels in DASHBOARDS.values() for panel in panels]
OF_PROMETHEUS = {"pod", "le"}


def test_the_committed_dashboards_are_what_the_code_makes(tmp_path: Path) -> None:
    made = {file.name: file.read_text("utf-8") for file in write(tmp_path)}
    assert made == {file.name: file.read_text("utf-8") for file in COMMITTED.iterdir()}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_a_panel_asks_for_metrics_and_labels_that_there_are(panel: Panel) -> None:
    for legend, query in panel.queries.items():
        names = [
            name if name in METRICS else re.sub(r"_(bucket|sum|count)$", "", name)
            for name in re.findall(r"clearwater_\w+", query)
        ]
        assert [name for name in names if name not in METRICS] == []
        known = {label for name in names for label in METRICS[name].labels} | OF_PROMETHEUS
        by = {one for some in re.findall(r"by \(([\w, ]+)\)", query) for one in some.split(", ")}
        assert by <= known
        assert set(re.findall(r"{{(\w+)}}", legend)) <= by


@pytest.mark.parametrize("name", DASHBOARDS)
def test_panels_stand_side_by_side_and_none_on_another(name: str) -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard(name)["panels"]]
    assert len(set(places)) == len(places)
    assert {panel["id"] for panel in dashboard(name)["panels"]} == set(range(1, len(places) + 1))


def test_every_metric_is_shown_somewhere() -> None:
    shown = " ".join(query for panel in PANELS for query in panel.queries.values())
    assert [name for name in METRICS if name not in shown] == []
