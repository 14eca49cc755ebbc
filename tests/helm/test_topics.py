"""The topics that the chart makes for Strimzi are those that the pipelines need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipelines.declaration.pipeline import Pipeline
from pipelines.runtime.rights import rights, strimzi_user
from pipelines.runtime.topics import needed
from tests.helm.chart import EXAMPLES, Helm

STEPS = [
    {"step": "route", "id": "eu", "to": "clicks.eu"},
    {"step": "delay", "id": "settle", "for": "30s"},
    {"step": "throttle", "id": "pace", "rate": "10/s", "excess": "delay", "topic": "own"},
    {"step": "throttle", "id": "busy", "rate": "10/s", "excess": "drop"},
]


def test_records_have_somewhere_to_wait(helm: Helm) -> None:
    (example,) = (one for one in EXAMPLES if Path(one).stem == "strimzi")
    values = YAML(typ="safe").load(example)
    declared = {**values["pipelines"]["clicks"], "steps": STEPS}
    values["pipelines"] = {"clicks": declared}
    values["topics"]["strimzi"]["sourceTopics"] = True

    made = {
        one["spec"]["topicName"]: one["spec"]["partitions"]
        for one in helm.objects(values)
        if one["kind"] == "KafkaTopic"
    }
    roles = dict(needed(Pipeline.model_validate({"pipeline": "clicks", **declared})))
    assert set(made) == set(roles)
    assert {topic for topic, count in made.items() if count == 12} == {
        topic for topic, role in roles.items() if role != "dead_letter"
    }


def test_the_user_may_do_what_workers_need(helm: Helm) -> None:
    (example,) = (one for one in EXAMPLES if Path(one).stem == "strimzi")
    values = YAML(typ="safe").load(example)
    declared = {**values["pipelines"]["clicks"], "steps": STEPS, "delivery": "exactly_once"}
    values["pipelines"] = {"clicks": declared}

    (user,) = (one for one in helm.objects(values) if one["kind"] == "KafkaUser")
    acls = user["spec"]["authorization"]["acls"]
    (group,) = (one["resource"]["name"] for one in acls if one["resource"]["type"] == "group")
    pipeline = Pipeline.model_validate({"pipeline": "clicks", **declared})
    wanted: dict[str, Any] = strimzi_user(rights([pipeline], group), "any")
    assert _granted(acls) == _granted(wanted["spec"]["authorization"]["acls"])


def _granted(acls: list[Any]) -> set[tuple[str, str, str, str]]:
    return {
        (resource["type"], resource["name"], resource["patternType"], operation)
        for one in acls
        for resource in [one["resource"]]
        for operation in one["operations"]
    }
