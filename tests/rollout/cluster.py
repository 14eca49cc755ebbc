"""A broker and pods beside it: in containers of one image, or as plain processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

from docker.client import DockerClient
from ruamel.yaml import YAML

from tests.rollout.mounted import MountedFolder
from tests.rollout.pod import Pod
from tests.rollout.process_pod import ProcessPod
from tests.support.traffic import Traffic

OWNER = "clearwater.rollout"
"""Label of all that is made in a container engine."""

MANIFESTS = Path(__file__).parents[1] / "helm" / "golden" / "minimal.yaml"
"""What helm renders of the chart's smallest example; tests/helm holds it to that."""

OF_THE_PLACE = {"CLEARWATER_KEYS", "CLEARWATER_HTTP_HOST", "CLEARWATER_HTTP_PORT"}
"""Settings that name paths and addresses inside of a container."""

AnyPod = Pod | ProcessPod
Folders = dict[str, MountedFolder]
Settings = dict[str, str]


def pod_template() -> dict[str, Any]:
    """Return the pod of the chart's Deployment, as helm renders it."""
    documents = YAML(typ="safe").load_all(MANIFESTS.read_text(encoding="utf-8"))
    (workload,) = (one for one in documents if one and one["kind"] == "Deployment")
    template: dict[str, Any] = workload["spec"]["template"]["spec"]
    return template


class Cluster(Protocol):
    """A broker, and what starts pods beside it.

    Attributes:
        traffic: Clients of the broker.
    """

    traffic: Traffic

    def pod(self, group: str, folders: Folders, name: str, settings: Settings) -> AnyPod:
        """Make a pod of a group, not started."""


class Containers:
    """One network of a container engine with a broker, `kafka:19092`, and the pods."""

    def __init__(self, engine: DockerClient, image: str, network: Any, bootstrap: str) -> None:
        self.traffic = Traffic(bootstrap)
        self.pods: list[Pod] = []
        self._engine = engine
        self._image = image
        self._network = network

    def pod(self, group: str, folders: Folders, name: str, settings: Settings) -> Pod:
        template = pod_template()
        (spec,) = template["containers"]
        spec["image"] = self._image
        given = {"CLEARWATER_BROKERS": "kafka:19092", "CLEARWATER_GROUP": group, **settings}
        kept = [one for one in spec["env"] if one["name"] not in given]
        spec["env"] = kept + [{"name": name, "value": text} for name, text in given.items()]
        keys_at = next(one["value"] for one in kept if one["name"] == "CLEARWATER_KEYS")
        places = {"pipelines": spec["args"][1], "keys": keys_at}
        pod = Pod(
            self._engine,
            template,
            name,
            network=self._network.name,
            volumes={places[key]: folder.path for key, folder in folders.items()},
            labels={OWNER: str(os.getpid())},
        )
        self.pods.append(pod)
        return pod


class Processes:
    """Pods as plain processes beside the broker of all other tests."""

    def __init__(self, bootstrap: str) -> None:
        self.traffic = Traffic(bootstrap)
        self.pods: list[ProcessPod] = []

    def pod(self, group: str, folders: Folders, name: str, settings: Settings) -> ProcessPod:
        (spec,) = pod_template()["containers"]
        rendered = {one["name"]: one["value"] for one in spec["env"]}
        own = {"CLEARWATER_BROKERS": self.traffic.bootstrap, "CLEARWATER_GROUP": group}
        environment = {**rendered, **own, **settings}
        pod = ProcessPod(
            name,
            {key: folder.path for key, folder in folders.items()},
            {key: text for key, text in environment.items() if key not in OF_THE_PLACE},
        )
        self.pods.append(pod)
        return pod
