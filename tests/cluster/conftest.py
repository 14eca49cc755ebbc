"""A control plane for all tests here; for each a namespace that enforces the restricted level."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.keyring import create_key
from tests.cluster.control_plane import ControlPlane
from tests.cluster.kubelet import hooks_run
from tests.cluster.release import Release, until
from tests.helm.chart import TOOLS, Helm, Object

PROGRAMS = "CLEARWATER_CLUSTER"
LEVEL = {
    f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")
}
OPERATORS = {
    "PodMonitor": ("monitoring.coreos.com", "v1"),
    "ServiceMonitor": ("monitoring.coreos.com", "v1"),
    "PrometheusRule": ("monitoring.coreos.com", "v1"),
    "ScaledObject": ("keda.sh", "v1alpha1"),
    "TriggerAuthentication": ("keda.sh", "v1alpha1"),
    "KafkaTopic": ("kafka.strimzi.io", "v1"),
    "KafkaUser": ("kafka.strimzi.io", "v1"),
}


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder with the programs of a control plane."""
    folder = os.environ.get(PROGRAMS, "")
    if not folder:
        pytest.skip(f"{PROGRAMS} names no folder; .ci/cluster builds the programs and runs this")
    return Path(folder)


@pytest.fixture(scope="session")
def plane(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    with ControlPlane(programs, tmp_path_factory.mktemp("control-plane")) as running:
        yield running


@pytest.fixture(scope="session")
def surroundings(plane: ControlPlane) -> None:
    """What others bring to a cluster: the kinds of operators, with any content, and a priority."""
    for kind, (group, version) in OPERATORS.items():
        plane.create(
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd(kind, group, version)
        )
    for kind, (group, version) in OPERATORS.items():
        path = f"/apis/{group}/{version}/{kind.lower()}s"
        until(lambda path=path: plane.api.get(path).is_success)  # type: ignore[misc] # bound now
    priority = {"metadata": {"name": "data-platform"}, "value": 1000}
    plane.create("/apis/scheduling.k8s.io/v1/priorityclasses", priority)


def crd(kind: str, group: str, version: str) -> Object:
    plural = f"{kind.lower()}s"
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {
        "name": version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": anything},
    }
    return {
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [served],
        },
    }


@pytest.fixture
def namespace(plane: ControlPlane, tmp_path: Path) -> str:
    """A namespace with the keys that the pipelines of these tests need."""
    name = f"space-{uuid.uuid4().hex[:8]}"
    plane.create("/api/v1/namespaces", {"metadata": {"name": name, "labels": LEVEL}})
    files = [create_key(tmp_path / "keys", key) for key in ("customers", "dead-letters")]
    data = {one.name: base64.b64encode(one.read_bytes()).decode() for one in files}
    secret = {"metadata": {"name": "clearwater-keys"}, "data": data}
    plane.create(f"/api/v1/namespaces/{name}/secrets", secret)
    return name


@pytest.fixture(params=["helm3", "helm4"])
def release(
    request: pytest.FixtureRequest, plane: ControlPlane, namespace: str, tmp_path: Path
) -> Iterator[Release]:
    """A release of each helm, not installed; its hooks are really run."""
    with hooks_run(plane, namespace, tmp_path / "pods"):
        yield Release(Helm(TOOLS / request.param, tmp_path), plane, namespace)


@pytest.fixture
def new_release(plane: ControlPlane, namespace: str, tmp_path: Path) -> Iterator[Release]:
    """The same, of the newest helm only."""
    with hooks_run(plane, namespace, tmp_path / "pods"):
        yield Release(Helm(TOOLS / "helm4", tmp_path), plane, namespace)
