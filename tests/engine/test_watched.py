from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import api
from pipelines.cli.trial.records import trial_of
from pipelines.declaration.cases import Given
from pipelines.engine.branch import Coverage
from pipelines.engine.watched import Watched

PIPELINE = """\
pipeline: orders
source: {topic: orders.raw, value: json}
steps:
  - {step: drop, id: tests, when: message.test == true, reason: test_order}
  - {step: set, id: all, field: a, value: "1"}
  - {step: set, id: sure, field: b, value: "2", when: has(message.b)}
  - {step: route, id: eu, to: orders.eu, when: 'has(message.country)'}
privacy: {policy: default, key: {redact: {}}, fields: {email: {redact: {}}}}
publish: {topic: orders.clean}
dead_letter: {topic: orders.dead}
"""
POLICY = "policy: default\nfound: {CREDIT_CARD: {mask: {}}, default: {redact: {}}}\n"


@pytest.fixture
def plan(tmp_path: Path) -> api.Plan:
    (tmp_path / "orders.yaml").write_text(PIPELINE)
    (tmp_path / "default.yaml").write_text(POLICY)
    return api.compile(api.load(tmp_path), keys=api.TrialKeyring())["orders"]


def missed(plan: api.Plan, *records: Given) -> list[str]:
    coverage = Coverage()
    watched = Watched(plan.blueprint, coverage)
    trial, encode = trial_of(watched.plan, watched.seen)
    for one in records:
        trial.run(encode(one, 0))
    return [str(one) for scope in coverage.scopes() for one in coverage.missed(scope)]


def test_at_first_nothing_is_reached(plan: api.Plan) -> None:
    assert missed(plan) == [
        "`when` of `tests`: true", "`when` of `tests`: false", "`when` of `tests`: error",
        "step all", "`when` of `sure`: true", "`when` of `sure`: false",
        "`when` of `eu`: true", "`when` of `eu`: false", "privacy.fields email", "privacy.key",
        "destination orders.clean", "destination orders.eu", "found: CREDIT_CARD",
        "found: default",
    ]  # fmt: skip


def test_each_record_reaches_what_it_does(plan: api.Plan) -> None:
    good = {"test": False, "email": "x", "note": "ada@example.com"}
    assert missed(plan, Given(value=good)) == [
        "`when` of `tests`: true", "`when` of `tests`: error", "`when` of `sure`: true",
        "`when` of `eu`: true", "privacy.key", "destination orders.eu", "found: CREDIT_CARD",
    ]  # fmt: skip
    rest = {"test": False, "b": 1, "country": "DE", "note": "4111111111111111"}
    assert not missed(
        plan,
        Given(value=good, key="k"),
        Given(value={}),
        Given(value={"test": True}),
        Given(value=rest),
    )


def test_records_become_what_they_do_without(plan: api.Plan) -> None:
    watched = Watched(replace(plan.blueprint), Coverage())
    records = [Given(value={"test": False, "email": "ada@example.com"}), Given(value={"test": 1})]
    for one in records:
        results = []
        for each in (plan, watched.plan):
            trial, encode = trial_of(each)
            results.append(trial.run(encode(one, 0)))
        assert results[0] == results[1]
