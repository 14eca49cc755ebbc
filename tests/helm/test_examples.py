"""The example values: taken by both helms, rendered as committed, and understood by the worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.settings import load_settings
from tests.helm.chart import CHART, EXAMPLES, GOLDEN, Helm, Object, environment, kinds, only

WRITE = "HELM_WRITE_GOLDEN"
"""Set: the committed manifests are written anew."""

WORKLOADS = ("Deployment", "StatefulSet")
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)


@each_example
def test_an_example_is_linted_and_rendered_as_committed(each_helm: Helm, example: Path) -> None:
    linted = each_helm.run("lint", "--strict", CHART, "-f", example)
    assert linted.returncode == 0, linted.stdout
    rendered = each_helm.manifests(example)
    golden = GOLDEN / example.name
    if WRITE in os.environ:
        golden.write_text(rendered, encoding="utf-8")
    assert rendered == golden.read_text(encoding="utf-8"), f"{WRITE}=1 writes them anew"


def test_no_manifests_are_left_of_an_example_that_is_gone() -> None:
    assert {one.name for one in GOLDEN.iterdir()} == {one.name for one in EXAMPLES}


@each_example
def test_the_pods_find_declarations_that_hold(helm: Helm, example: Path, tmp_path: Path) -> None:
    objects = helm.objects(example)
    declared = [one for one in workloads(objects) if mount(objects, one, tmp_path / name(one))]
    for workload in declared:
        project = Workspace.open(tmp_path / name(workload), load_settings({})).project
        said = [problem.message for problem in project.errors]
        assert [one for one in said if "registry" not in one] == []


@each_example
def test_everything_our_own_runs_one_image(helm: Helm, example: Path) -> None:
    objects = helm.objects(example)
    pods = [
        one["spec"]["template"]["spec"] for one in objects if one["kind"] in (*WORKLOADS, "Job")
    ]
    images = {container["image"] for pod in pods for container in pod["containers"]}
    assert len(images) == 1
    assert not images.pop().endswith(":latest")


@each_example
def test_a_template_is_the_same_each_time(helm: Helm, example: Path) -> None:
    assert helm.manifests(example) == helm.manifests(example)


@each_example
def test_settings_are_known_to_the_worker(helm: Helm, example: Path) -> None:
    for workload in workloads(helm.objects(example)):
        given = {
            variable.removeprefix("CLEARWATER_").lower()
            for variable in environment(workload)
            if variable.startswith("CLEARWATER_")
        }
        assert given <= set(type(load_settings({})).model_fields)


def test_examples_are_what_the_guide_names() -> None:
    guide = (CHART / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in EXAMPLES if f"examples/{one.name}" not in guide] == []


def workloads(objects: list[Object]) -> list[Object]:
    found = [one for one in objects if one["kind"] in WORKLOADS]
    assert found, kinds(objects)
    return found


def name(workload: Object) -> str:
    return str(workload["metadata"]["name"])


def mount(objects: list[Object], workload: Object, folder: Path) -> bool:
    """Write what the pods of a workload find mounted; say if there is a pipeline in it."""
    spec: dict[str, Any] = workload["spec"]["template"]["spec"]
    volumes = {one["name"]: one for one in spec["volumes"]}
    at = spec["containers"][0]["args"][1]
    maps = {one["metadata"]["name"] for one in objects if one["kind"] == "ConfigMap"}
    for mounted in spec["containers"][0]["volumeMounts"]:
        place = mounted["mountPath"]
        if place != at and not place.startswith(f"{at}/"):
            continue
        target = folder / place.removeprefix(at).lstrip("/")
        target.mkdir(parents=True, exist_ok=True)
        for source in volumes[mounted["name"]]["projected"]["sources"]:
            wanted = source["configMap"]["name"]
            if wanted not in maps:
                return False  # something else delivers it
            for file, text in only(objects, "ConfigMap", wanted)["data"].items():
                (target / file).write_text(text, encoding="utf-8")
    return True
