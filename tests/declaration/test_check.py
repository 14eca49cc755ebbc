from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipelines.declaration.check import check, keys_needed
from pipelines.declaration.project import Project, load_one
from pipelines.declaration.topics import destinations
from tests.support.declared import GOOD, POLICY

Load = Callable[[Mapping[str, str]], Project]

TWO_DELAYS = """steps:
  - {step: delay, id: d, for: 1s}
  - {step: delay, id: e, for: 1s, topic: orders.raw.delay.d}
"""
SECOND = GOOD.replace("pipeline: orders", "pipeline: second")


def checked(loaded: Load, files: Mapping[str, str], keys: set[str] | None = None) -> list[str]:
    project = loaded({"policies/default.yaml": POLICY, **files})
    assert project.errors == []
    check(project, {"dead-letters"} if keys is None else keys)
    return [
        f"{one.file.name if one.file else ''}:{one.line}: {one.message}" for one in project.errors
    ]


def test_a_policy_that_cannot_be_read_is_missed_by_the_one_pipeline_that_is_checked(
    tmp_path: Path,
) -> None:
    """Its own problem is not told there, so that of who names it must be."""
    (tmp_path / "orders.yaml").write_text(GOOD)
    (tmp_path / "default.yaml").write_text("policy: [")
    project = load_one(tmp_path / "orders.yaml")
    check(project, {"dead-letters"})

    assert [one.code for one in project.errors] == ["CW0203"]


def test_a_good_folder_has_no_problems(loaded: Load) -> None:
    assert checked(loaded, {"orders.yaml": GOOD}) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            ("steps:\n", "steps:\n  - {step: remove, id: tests, fields: [a]}\n"),
            "5: step id `tests` is steps[0] already",
            id="a step id twice",
        ),
        pytest.param(
            ("{policy: default}", "{policy: defualt}"),
            "5: unknown policy `defualt`; known: default; did you mean `default`?",
            id="a policy that is not there",
        ),
        pytest.param(
            ("steps:\n", "steps:\n  - {step: enrich, id: e, table: geo, key: key, into: x}\n"),
            "4: unknown table `geo`; known: none",
            id="a table that is not there",
        ),
        pytest.param(("topic: orders.clean", "topic: orders.raw"), "6: loop:", id="its own source"),
        pytest.param(
            ("{topic: orders.dead}", "{topic: orders.raw}"), "7: loop:", id="dead letters come back"
        ),
        pytest.param(
            ("{topic: orders.dead}", "{topic: orders.clean}"),
            "7: dead letters need a topic of their own",
            id="dead letters among clean records",
        ),
        pytest.param(
            ("steps:\n", "steps:\n  - {step: route, id: r, to: orders.raw}\n"),
            "4: loop:",
            id="a route to its own source",
        ),
        pytest.param(
            ("steps:\n", "steps:\n  - {step: delay, id: d, for: 1s, topic: orders.clean}\n"),
            "4: records wait in `orders.clean`, which is used elsewhere: give the step its own",
            id="a delay in a topic of others",
        ),
        pytest.param(
            ("steps:\n", TWO_DELAYS),
            "5: records wait in `orders.raw.delay.d`, which is used elsewhere",
            id="a delay in another's topic",
        ),
        pytest.param(
            ("{policy: default}", "{fields: {a: {hash: {key: custmers}}}}"),
            "5: no key `custmers`",
            id="a key that is not there",
        ),
        pytest.param(
            ("value: json}", "value: bytes}"), "2: opaque bytes", id="bytes without a reason"
        ),
        pytest.param(
            ("value: json}", "value: json, key: bytes}"), "2: opaque keys", id="keys without a rule"
        ),
        pytest.param(
            ("{topic: orders.clean}", "{topic: orders.clean, value: avro}"),
            "6: json cannot be published as avro",
            id="a schema from nowhere",
        ),
    ],
)
def test_what_no_file_shows_alone_is_found(
    loaded: Load, change: tuple[str, str], words: str
) -> None:
    found = checked(loaded, {"orders.yaml": GOOD.replace(*change)})

    assert any(f"orders.yaml:{words}" in problem for problem in found), found


def test_two_pipelines_on_one_source_are_refused(loaded: Load) -> None:
    (problem,) = checked(loaded, {"a.yaml": GOOD, "b.yaml": SECOND})

    assert "pipeline `orders` reads `orders.raw` already" in problem


def test_a_loop_over_two_pipelines_is_found_at_both(loaded: Load) -> None:
    second = SECOND.replace("topic: orders.raw", "topic: orders.clean")
    second = second.replace("publish: {topic: orders.clean}", "publish: {topic: orders.raw}")

    assert len(checked(loaded, {"a.yaml": GOOD, "b.yaml": second})) == 2


def test_a_chain_is_no_loop(loaded: Load) -> None:
    second = SECOND.replace("topic: orders.raw", "topic: orders.clean")
    second = second.replace("publish: {topic: orders.clean}", "publish: {topic: orders.better}")

    assert checked(loaded, {"a.yaml": GOOD, "b.yaml": second}) == []


def test_without_a_key_folder_needed_keys_only_warn(loaded: Load) -> None:
    project = loaded({"orders.yaml": GOOD, "policies/default.yaml": POLICY})
    check(project, None)

    assert project.errors == []
    assert ["clearwater keys create dead-letters" in one.message for one in project.problems] == [
        True
    ]


def test_tests_are_held_against_their_pipeline(loaded: Load) -> None:
    found = checked(
        loaded,
        {
            "orders.yaml": GOOD,
            "orders.test.yaml": "tests: [{id: a, given: {}, by: tset}, {id: a, given: {}}]\n",
            "other.test.yaml": "tests: [{id: a, given: {}}]\n",
        },
    )

    assert len(found) == 3
    assert any("unknown step `tset`" in problem for problem in found)
    assert any("test `a` is there already" in problem for problem in found)
    assert any("unknown pipeline `other`" in problem for problem in found)


def test_keys_and_destinations_of_a_pipeline_are_known(loaded: Load) -> None:
    routed = GOOD.replace("steps:\n", "steps:\n  - {step: route, id: r, to: orders.eu}\n")
    routed = routed.replace("{policy: default}", "{key: {hash: {key: customers}}}")
    project = loaded({"orders.yaml": routed})
    pipeline = project.pipelines["orders"].model

    assert list(destinations(pipeline)) == ["orders.clean", "orders.eu"]
    assert set(keys_needed(project, pipeline)) == {"dead-letters", "customers"}


def test_a_name_that_gets_too_long_is_refused_before_kafka_does(loaded: Load) -> None:
    long = GOOD.replace("topic: orders.raw", f"topic: {'x' * 245}")
    steps = long.replace("steps:\n", "steps:\n  - {step: delay, id: d, for: 1s}\n")
    assert "is too long a name: give the step a `topic`" in checked(loaded, {"o.yaml": steps})[0]
    named = steps.replace("for: 1s", "for: 1s, topic: short")
    assert checked(loaded, {"o.yaml": named}) == []
