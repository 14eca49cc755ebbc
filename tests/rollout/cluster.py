"""A broker and pods beside it: in containers of one image, or as plain processes."""

from __future__ import annotations

import os
from pathlib import Path
from string import Template
from typing import Any, Protocol

from docker.client import DockerClient
from ruamel.yaml import YAML

from tests.rollout.mounted import MountedFolder
from tests.rollout.pod import Pod
from tests.rollout.process_pod import ProcessPod
from tests.support.traffic import Traffic

OWNER = "clearwater.rollout"
"""Label of all that is made in a container engine."""

AnyPod = Pod | ProcessPod
Folders = dict[str, MountedFolder]
Settings = dict[str, str]


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
        text = (Path(__file__).parent / "pod.yaml").read_text(encoding="utf-8")
        written = Template(text).substitute(IMAGE=self._image, GROUP=group)
        template = YAML(typ="safe").load(written)
        environment = template["containers"][0]["env"]
        environment += [{"name": key, "value": value} for key, value in settings.items()]
        pod = Pod(
            self._engine,
            template,
            name,
            network=self._network.name,
            volumes={key: folder.path for key, folder in folders.items()},
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
