from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from pipelines.declaration.pointless import pointless
from pipelines.declaration.project import Project
from tests.support.declared import GOOD, POLICY

Load = Callable[[Mapping[str, str]], Project]
ROUTE = "steps:\n  - {step: route, id: r, to: orders.eu, when: has(message.eu)}\n"
TABLE = "privacy: {policy: default}\ntables: {regions: {inline: {DE: Europe}}}"


def codes(loaded: Load, files: Mapping[str, str]) -> list[str]:
    project = loaded({"policies/default.yaml": POLICY, **files})
    assert project.errors == []
    return [one.code for one in pointless(project)]


@pytest.mark.parametrize(
    ("change", "files", "expected"),
    [
        pytest.param(("", ""), {}, [], id="a sound pipeline"),
        pytest.param(("steps:\n", ROUTE), {}, ["CW0216"], id="a topic that one route names"),
        pytest.param(("steps:\n", ROUTE.replace("to: orders.eu", "to: orders.clean")), {}, [],
                     id="a route to the pipeline's own destination"),
        pytest.param(
            ("steps:\n", ROUTE),
            {"orders.test.yaml": "tests: [{id: a, given: {}, expect: [{topic: orders.eu}]}]\n"},
            [], id="a topic that a test expects",
        ),
        pytest.param(
            ("steps:\n", ROUTE),
            {"eu.yaml": GOOD.replace("pipeline: orders", "pipeline: eu")
             .replace("orders.clean", "eu.clean").replace("orders.raw", "orders.eu")},
            [], id="a topic that another pipeline reads",
        ),
        pytest.param(
            ("steps:\n", ROUTE + ROUTE.removeprefix("steps:\n").replace("id: r", "id: q")), {}, [],
            id="a topic that two routes lead to",
        ),
        pytest.param(("privacy: {policy: default}", TABLE), {}, ["CW0214"], id="an unused table"),
        pytest.param(("", ""), {"tables/t.yaml": "inline: {a: b}\n"}, ["CW0214"],
                     id="an unused shared table"),
        pytest.param(
            ("steps:\n", "steps:\n  - {step: enrich, id: e, table: t, key: key, into: x}\n"),
            {"tables/t.yaml": "inline: {a: b}\n"}, [], id="a shared table that is read",
        ),
        pytest.param(("{policy: default}", "{}"), {}, ["CW0215"], id="an unused policy"),
        pytest.param(
            ("{policy: default}", "{destinations: {orders.clean: default}}"), {}, [],
            id="a policy of a destination",
        ),
    ],
)  # fmt: skip
def test_what_changes_nothing_is_told(
    loaded: Load, change: tuple[str, str], files: dict[str, str], expected: list[str]
) -> None:
    assert codes(loaded, {"orders.yaml": GOOD.replace(*change, 1), **files}) == expected
