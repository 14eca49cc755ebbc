from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipelines.telemetry import catalogue
from pipelines.telemetry.catalogue import Declared

ALERTS = Path(__file__).parents[2] / "helm" / "clearwater" / "alerts"
RULES: list[dict[str, Any]] = [
    rule
    for group in YAML(typ="safe").load(ALERTS / "rules.yaml")["groups"]
    for rule in group["rules"]
]
METRICS = {one.name: one for one in vars(catalogue).values() if isinstance(one, Declared)}
SECTIONS = re.findall(r"^## (\w+)$", (ALERTS / "runbooks.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_speaks_of_metrics_and_labels_that_there_are(rule: dict[str, Any]) -> None:
    used = re.findall(r"(clearwater_\w+?)(?:_bucket)?\b(?=[\s({\[)=])", rule["expr"])
    assert used
    assert [name for name in used if name not in METRICS] == []
    labels = {label for name in used for label in METRICS[name].labels} | {"le"}
    by = {
        label
        for group in re.findall(r"by \(([\w, ]+)\)", rule["expr"])
        for label in group.split(", ")
    }
    assert by <= labels
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert shown <= by


def test_each_alert_has_a_runbook_and_each_runbook_an_alert() -> None:
    assert [rule["alert"] for rule in RULES] == SECTIONS
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"runbooks.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in {"warning", "critical"}


def test_each_alert_is_seen_to_fire_and_to_stay_quiet() -> None:
    tests = YAML(typ="safe").load(Path(__file__).with_name("rules.test.yaml"))["tests"]
    quiet, loud, *_ = tests
    names = [rule["alert"] for rule in RULES]
    assert [one["alertname"] for one in quiet["alert_rule_test"]] == names
    fired = loud["promql_expr_test"][0]["exp_samples"]
    assert [re.findall(r'"(\w+)"', one["labels"])[0] for one in fired] == names
