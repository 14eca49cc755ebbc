from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from pipelines.cli.workspace import Workspace
from pipelines.declaration.project import load
from pipelines.profile.profile import Profile
from pipelines.profile.proposal import Source, keys_needed, pipeline_yaml, policy_yaml
from pipelines.settings import Settings
from tests.support.planned import raw


def profiled(*values: Any, **given: Any) -> Profile:
    profile = Profile()
    for value in values:
        profile.add(value, **given)
    return profile


def written(folder: Path, profile: Profile, source: Source) -> Any:
    (folder / "policies").mkdir()
    (folder / "p.yaml").write_text(pipeline_yaml(profile, source), encoding="utf-8")
    (folder / "policies" / "p.yaml").write_text(policy_yaml(source), encoding="utf-8")
    project = load(folder)
    assert project.errors == []
    (entry,) = project.pipelines.values()
    return entry.model


VALUE = {
    "mail": "ada@example.com",
    "card": {"number": "4111111111111111"},
    "note": "call me at +1 415 555 0133 before you come, or write a letter",
    "odd name": "192.0.2.7",
    "amount": 12,
}


def test_a_field_that_is_one_entity_gets_a_rule_and_text_is_left_to_the_scan(
    tmp_path: Path,
) -> None:
    source = Source("shop.orders.raw", "json")
    model = written(tmp_path, profiled(VALUE, key="ada@example.com"), source)
    rules = {str(path): config.verb for path, config in model.privacy.fields.items()}
    assert rules == {"mail": "hash", "card.number": "mask", '["odd name"]': "hash"}
    assert model.privacy.key.verb == "hash"
    assert (model.pipeline, model.publish.topic) == ("shop-orders", "shop.orders.clean")


def test_the_proposal_leaves_nothing_of_what_was_found(tmp_path: Path) -> None:
    source = Source("orders.raw", "json")
    written(tmp_path, profiled(VALUE), source)
    plan = Workspace.open(tmp_path, Settings()).sound().plans["orders"]
    outcome = plan.run([raw(orjson.dumps(VALUE))], "orders.raw", 0)
    (output,) = outcome.outputs["orders.clean"]
    for gone in (b"ada@", b"41111111", b"555 0133", b"192.0.2.7"):
        assert gone not in (output.value or b"")
    assert b'"amount":12' in (output.value or b"")


def test_lines_of_a_known_format_are_parsed_first(tmp_path: Path) -> None:
    source = Source("weblogs.raw", "text", "combined")
    model = written(tmp_path, profiled({"host": "192.0.2.7", "size": 7}), source)
    assert [step.step for step in model.steps] == ["parse", "remove"]
    assert model.publish.value == "json"


def test_avro_keeps_its_types() -> None:
    source = Source("people.raw", "avro")
    text = pipeline_yaml(profiled({"card": 4111111111111111}), source)
    assert "card: {remove: {}}" in text


def test_headers_get_rules_of_their_own(tmp_path: Path) -> None:
    source = Source("a.raw", "json")
    profile = profiled({}, headers=[("x from", b"ada@example.com")])
    assert list(written(tmp_path, profile, source).privacy.headers) == ["x from"]


def test_only_the_keys_that_are_used_are_asked_for() -> None:
    source = Source("a.raw", "json")
    assert keys_needed(profiled({"n": 1}), source) == ("dead-letters",)
    assert keys_needed(profiled(VALUE), source) == ("dead-letters", "a")


@pytest.mark.parametrize(
    ("topic", "name"),
    [("Orders_EU.raw", "orders-eu"), ("2026.events", "topic-2026-events"), ("a" * 90, "a" * 40)],
    ids=["capitals", "digit first", "long"],
)
def test_a_pipeline_gets_a_name_that_is_allowed(topic: str, name: str) -> None:
    assert Source(topic, "json").name == name
