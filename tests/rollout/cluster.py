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

MANIFEST = os.environ.get("CLEARWATER_ROLLOUT_MANIFEST", "")
"""Names a file of rendered manifests, as `helm template` prints them."""

WORKLOADS = {"Deployment", "StatefulSet"}

AnyPod = Pod | ProcessPod
Folders = dict[str, MountedFolder]
Settings = dict[str, str]


def pod_template(image: str) -> dict[str, Any]:
    """Return the pod of the workload in the rendered manifests that MANIFEST names, or our own."""
    file = Path(MANIFEST or Path(__file__).parent / "deployment.yaml")
    documents = YAML(typ="safe").load_all(file.read_text(encoding="utf-8"))
    workload = next(one for one in documents if one and one["kind"] in WORKLOADS)
    template: dict[str, Any] = workload["spec"]["template"]["spec"]
    template["containers"][0]["image"] = image
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
        template = pod_template(self._image)
        (spec,) = template["containers"]
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
        pod = ProcessPod(
            name,
            {key: folder.path for key, folder in folders.items()},
            {
                "CLEARWATER_BROKERS": self.traffic.bootstrap,
                "CLEARWATER_GROUP": group,
                **settings,
            },
        )
        self.pods.append(pod)
        return pod
