"""What each key of the values does (`toggles.yaml`), and that nothing changes what selects pods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipelines.cli.chart.files import walk
from pipelines.cli.chart.values import Values
from tests.helm.chart import Helm, Object, parsed, values

CASES: dict[str, Object] = YAML(typ="safe").load(
    Path(__file__).with_name("toggles.yaml").read_text("utf-8")
)
SEEN = {name: case for name, case in CASES.items() if "changes" in case}
REFUSED = {
    path: toggle for case in CASES.values() for path, toggle in case.get("refused", {}).items()
}


@pytest.mark.parametrize("case", SEEN.values(), ids=SEEN)
def test_each_key_does_what_it_says(helm: Helm, case: Object) -> None:
    base, toggles = case.get("base", {}), case["changes"]
    before = helm.manifests(values(**base))
    after = helm.manifests(values(**{**base, **{path: one["to"] for path, one in toggles.items()}}))
    for path, toggle in toggles.items():
        text = str(toggle.get("shows") or leaf(toggle["to"]))
        without, having = (after, before) if text.startswith("!") else (before, after)
        assert text.removeprefix("!") in having, path
        assert text.removeprefix("!") not in without, path
    if "nameOverride" not in toggles:
        others = selectors(after)
        assert {
            name: one for name, one in selectors(before).items() if others.get(name, one) != one
        } == {}


@pytest.mark.parametrize("path", REFUSED)
def test_a_key_is_seen_in_a_refusal(helm: Helm, path: str) -> None:
    toggle = REFUSED[path]
    assert toggle["shows"] in helm.refusal(values(**{path: toggle["to"]}))


def test_no_key_of_the_values_is_left_out() -> None:
    told = {path for case in SEEN.values() for path in case["changes"]} | set(REFUSED)
    keys = {"__".join(one.path) for one in walk(Values()) if one.default}
    covered = {key for key in keys if any(f"{one}__".startswith(f"{key}__") for one in told)}
    assert keys - covered == set()
    assert {one for one in told if not any(f"{one}__".startswith(f"{key}__") for key in keys)} == (
        set()
    )


def test_a_worker_says_otherwise_than_the_defaults(helm: Helm) -> None:
    given = values(
        workerDefaults={"replicas": 3, "probes": {"liveness": {"failureThreshold": 9}}},
        workers={"default": {"replicas": 1, "probes": {"liveness": {"periodSeconds": 44}}}},
    )
    (workload,) = (one for one in helm.objects(given) if one["kind"] == "Deployment")
    assert workload["spec"]["replicas"] == 1
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["failureThreshold"] == 9
    assert container["livenessProbe"]["periodSeconds"] == 44


def leaf(value: Any) -> Any:
    """Return the first scalar in a value."""
    while isinstance(value, dict | list):
        value = next(iter(value.values() if isinstance(value, dict) else value))
    return value


def selectors(manifests: str) -> dict[tuple[str, str], Object]:
    """Return what each workload selects its pods by, by kind and name."""
    return {
        (one["kind"], one["metadata"]["name"]): one["spec"]["selector"]
        for one in parsed(manifests)
        if one["kind"] in {"Deployment", "StatefulSet"}
    }
