"""A Kafka and pods on one network of the container engine."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template
from typing import Any

import pytest
from docker.client import DockerClient
from ruamel.yaml import YAML

from pipelines.keyring import create_key
from tests.rollout.mounted import MountedFolder
from tests.rollout.pod import Pod
from tests.support.container_kafka import ContainerKafka
from tests.support.traffic import Traffic

IMAGE = "CLEARWATER_IMAGE"
_OWNER = "clearwater.rollout"
KEYS = ("customers", "dead-letters")


class Cluster:
    """One network with a broker, `kafka:19092`, and the pods that tests start.

    Attributes:
        engine: The container engine.
        traffic: Clients of the broker, from outside of the network.
        pods: Every pod that was made.
    """

    def __init__(self, engine: DockerClient, image: str, network: Any, bootstrap: str) -> None:
        self.engine = engine
        self.traffic = Traffic(bootstrap)
        self.pods: list[Pod] = []
        self._image = image
        self._network = network

    def pod(
        self,
        group: str,
        folders: dict[str, MountedFolder],
        name: str = "",
        settings: dict[str, str] | None = None,
    ) -> Pod:
        """Make a pod of the template, with more settings."""
        text = (Path(__file__).parent / "pod.yaml").read_text(encoding="utf-8")
        written = Template(text).substitute(IMAGE=self._image, GROUP=group)
        template = YAML(typ="safe").load(written)
        environment = template["containers"][0]["env"]
        environment += [{"name": key, "value": value} for key, value in (settings or {}).items()]
        pod = Pod(
            self.engine,
            template,
            name or f"{group}-{uuid.uuid4().hex[:5]}",
            network=self._network.name,
            volumes={key: folder.path for key, folder in folders.items()},
            labels={_OWNER: str(os.getpid())},
        )
        self.pods.append(pod)
        return pod


@pytest.fixture(scope="session")
def image() -> str:
    name = os.environ.get(IMAGE, "")
    if not name:
        pytest.skip(f"{IMAGE} names no image; .ci/image builds one")
    return name


@pytest.fixture(scope="module")
def network_broker(image: str) -> Iterator[tuple[DockerClient, str, Any, str]]:
    engine = DockerClient.from_env()
    network = engine.networks.create(f"clearwater-{uuid.uuid4().hex[:8]}", labels={_OWNER: "1"})
    kafka = ContainerKafka()
    kafka._container.with_env(
        "KAFKA_ADVERTISED_LISTENERS", f"EXTERNAL://{kafka.bootstrap},INTERNAL://kafka:19092"
    )
    kafka._container.with_kwargs(labels={_OWNER: "1"}, network=network.name, hostname="kafka")
    try:
        kafka.start()
        yield engine, image, network, kafka.bootstrap
    finally:
        kafka.close()
        network.remove()
        engine.close()


@pytest.fixture
def cluster(network_broker: tuple[DockerClient, str, Any, str]) -> Iterator[Cluster]:
    cluster = Cluster(*network_broker)
    yield cluster
    for pod in cluster.pods:
        pod.remove()


@pytest.fixture
def keys(tmp_path: Path) -> MountedFolder:
    made = tmp_path / "made-keys"
    made.mkdir()
    for name in KEYS:
        create_key(made, name)
    files: dict[str, str | bytes] = {file.name: file.read_bytes() for file in made.iterdir()}
    return MountedFolder(tmp_path / "keys", files)


Mount = Callable[[str], MountedFolder]


@pytest.fixture
def pipelines(tmp_path: Path) -> Mount:
    """Mount one pipeline's text as a ConfigMap of one key."""
    return lambda text: MountedFolder(tmp_path / "pipelines", {"people.yaml": text})
