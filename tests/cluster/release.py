"""A release of the chart in a namespace, made and changed by a real helm."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.control_plane import ControlPlane
from tests.helm.chart import CHART, Helm, Object

NAME = "release"
LABEL = f"app.kubernetes.io/instance={NAME}"
GROUPS = {
    "configmaps": "/api/v1",
    "pods": "/api/v1",
    "serviceaccounts": "/api/v1",
    "services": "/api/v1",
    "deployments": "/apis/apps/v1",
    "replicasets": "/apis/apps/v1",
    "statefulsets": "/apis/apps/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2",
    "jobs": "/apis/batch/v1",
    "networkpolicies": "/apis/networking.k8s.io/v1",
    "poddisruptionbudgets": "/apis/policy/v1",
}
"""Kinds that the chart, or a controller for it, makes, and that go with a release."""
TOPICS = "/apis/kafka.strimzi.io/v1"

SECONDS = 240.0
PATIENCE = "300s"
"""What helm waits at most; a busy machine needs it, an idle one takes seconds."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release.

    Attributes:
        helm: What makes and changes it.
        plane: Where it is.
        namespace: In which namespace.
    """

    helm: Helm
    plane: ControlPlane
    namespace: str

    def run(self, verb: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of helm's verbs on the release."""
        where = ("--kubeconfig", self.plane.kubeconfig, "--namespace", self.namespace)
        return self.helm.run(verb, NAME, *arguments, *where)

    def put(
        self, verb: str, given: Object | Path, *more: str, chart: Path = CHART
    ) -> subprocess.CompletedProcess[str]:
        """Install or upgrade it, waiting for it to be there."""
        file = self.helm.written(given)
        # Helm 4 gives up on a Deployment that an autoscaler changes as soon as it is ready
        scaled = self.helm.binary.name == "helm4" and "mode: hpa" in file.read_text("utf-8")
        waiting = ("--wait=legacy" if scaled else "--wait", "--timeout", PATIENCE)
        return self.run(verb, chart, "-f", file, *waiting, *more)

    def objects(self, kind: str, selector: str = LABEL) -> dict[str, Object]:
        """Return the objects of a kind that are of the release, by name."""
        above = f"{GROUPS.get(kind, TOPICS)}/namespaces/{self.namespace}"
        path = f"{above}/{kind}?labelSelector={selector}"
        return {one["metadata"]["name"]: one for one in self.plane.listed(path)}

    def object(self, kind: str, name: str) -> Object:
        """Return one object."""
        return self.objects(kind)[name]

    def pods(self) -> dict[str, str]:
        """Return the image of every worker's pod that is not about to go, by its unique id."""
        return {
            pod["metadata"]["uid"]: pod["spec"]["containers"][0]["image"]
            for pod in self.objects("pods").values()
            if pod["metadata"]["labels"]["app.kubernetes.io/component"] != "hooks"
            and "deletionTimestamp" not in pod["metadata"]
        }

    def left(self) -> dict[str, list[str]]:
        """Return what there is of it, names by kind."""
        found = {kind: sorted(self.objects(kind)) for kind in GROUPS}
        return {kind: names for kind, names in found.items() if names}


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds: controllers work after helm has ended."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "did not come to hold"
        time.sleep(0.1)


def succeeded(done: subprocess.CompletedProcess[str]) -> str:
    """Return what helm printed; it must have done what it was asked to."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
