from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import load
from pipelines.runtime.rights import Right, kafka_acls, rights, strimzi_user

TEXT = """
pipeline: orders
source: {topic: orders.raw, value: json}
steps: [{step: route, id: eu, to: orders.eu, when: 'has(message.eu)'}]
publish: {topic: orders.clean}
dead_letter: {topic: all.dead}
"""
OTHER = TEXT.replace("orders", "clicks").replace("steps", "# steps")


def declared(folder: Path) -> list[Pipeline]:
    (folder / "a.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "b.yaml").write_text(OTHER, encoding="utf-8")
    return [one.model for one in load(folder).pipelines.values()]


def test_a_worker_reads_sources_writes_the_rest_and_no_more(tmp_path: Path) -> None:
    found = {(one.kind, one.name): one.operations for one in rights(declared(tmp_path), "g")}
    assert found == {
        ("group", "g"): ("Read", "Describe"),
        ("topic", "orders.raw"): ("Read", "Describe"),
        ("topic", "orders.clean"): ("Write", "Describe"),
        ("topic", "orders.eu"): ("Write", "Describe"),
        ("topic", "all.dead"): ("Write", "Describe"),
        ("topic", "clicks.raw"): ("Read", "Describe"),
        ("topic", "clicks.clean"): ("Write", "Describe"),
    }


def test_a_right_says_who_wants_it_and_is_asked_for_once(tmp_path: Path) -> None:
    (dead,) = [one for one in rights(declared(tmp_path), "g") if one.name == "all.dead"]
    assert dead.why == "orders: dead letter; clicks: dead letter"


def test_redriving_writes_to_sources_in_transactions(tmp_path: Path) -> None:
    found = {
        (one.kind, one.name): one.operations
        for one in rights(declared(tmp_path), "g", redrive=True)
    }
    assert found["topic", "orders.raw"] == ("Read", "Describe", "Write")
    assert found["topic", "all.dead"] == ("Write", "Describe", "Read")
    assert ("transactional-id", "clearwater-redrive-all.dead") in found


def test_exactly_once_wants_the_transactional_ids_of_its_partitions(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{TEXT}delivery: exactly_once", encoding="utf-8")
    pipelines = [one.model for one in load(tmp_path).pipelines.values()]
    (right,) = [one for one in rights(pipelines, "g") if one.kind == "transactional-id"]
    assert (right.name, right.prefixed) == ("g-orders.raw-", True)
    (line,) = [one for one in kafka_acls([right], "u") if not one.startswith("#")]
    assert line.endswith("--transactional-id g-orders.raw- --resource-pattern-type prefixed")
    spec: Any = strimzi_user([right], "u")["spec"]
    assert spec["authorization"]["acls"][0]["resource"]["patternType"] == "prefix"


def test_commands_and_users_hold_the_same_rights() -> None:
    wanted = [Right("topic", "odd name", ("Read", "Describe"), "why")]
    assert list(kafka_acls(wanted, "u")) == [
        "# why",
        (
            "kafka-acls.sh --bootstrap-server $BROKERS --command-config admin.properties --add"
            ' --allow-principal User:u --operation Read --operation Describe --topic "odd name"'
        ),
    ]
    user = strimzi_user(wanted, "u")
    assert user["spec"] == {
        "authentication": {"type": "tls"},
        "authorization": {
            "type": "simple",
            "acls": [
                {
                    "resource": {"type": "topic", "name": "odd name", "patternType": "literal"},
                    "operations": ["Read", "Describe"],
                    "host": "*",
                }
            ],
        },
    }


def test_what_waits_is_written_and_read(tmp_path: Path) -> None:
    steps = "steps: [{step: delay, id: d, for: 1m}]"
    (tmp_path / "a.yaml").write_text(
        f"{TEXT.replace(TEXT.splitlines()[3], steps)}delivery: exactly_once\n", encoding="utf-8"
    )
    declared = [one.model for one in load(tmp_path).pipelines.values()]
    found = {(one.kind, one.name): one.operations for one in rights(declared, "g")}
    assert found["topic", "orders.raw.delay.d"] == ("Read", "Write", "Describe")
    assert found["transactional-id", "g-orders.raw.delay.d-"] == ("Write", "Describe")
