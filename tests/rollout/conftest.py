"""A Kafka and pods beside it: in containers of CLEARWATER_IMAGE, or as plain processes."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docker.client import DockerClient

from pipelines.keyring import create_key
from tests.rollout.cluster import OWNER, Cluster, Containers, Processes
from tests.rollout.mounted import MountedFolder
from tests.support.container_kafka import ContainerKafka

IMAGE = "CLEARWATER_IMAGE"
KEYS = ("customers", "dead-letters")


@pytest.fixture(scope="session")
def image() -> str:
    """The image to run; empty where there is none, and pods are processes."""
    return os.environ.get(IMAGE, "")


@pytest.fixture(scope="module")
def network_broker(image: str) -> Iterator[tuple[DockerClient, str, Any, str]]:
    engine = DockerClient.from_env()
    network = engine.networks.create(f"clearwater-{uuid.uuid4().hex[:8]}", labels={OWNER: "1"})
    kafka = ContainerKafka()
    kafka._container.with_env(
        "KAFKA_ADVERTISED_LISTENERS", f"EXTERNAL://{kafka.bootstrap},INTERNAL://kafka:19092"
    )
    mine = kafka._container._kwargs  # its label lets a later run sweep it away
    kafka._container.with_kwargs(**mine, network=network.name, hostname="kafka")
    try:
        kafka.start()
        yield engine, image, network, kafka.bootstrap
    finally:
        kafka.close()
        network.remove()
        engine.close()


@pytest.fixture
def cluster(image: str, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Pods in containers of the image, or as processes if no image is named."""
    made: Containers | Processes
    if image:
        made = Containers(*request.getfixturevalue("network_broker"))
    else:
        made = Processes(request.getfixturevalue("kafka_bootstrap"))
    yield made
    for pod in made.pods:
        pod.remove()


@pytest.fixture
def keys(tmp_path: Path) -> MountedFolder:
    made = tmp_path / "made-keys"
    made.mkdir()
    for name in KEYS:
        create_key(made, name)
    files: dict[str, str | bytes] = {file.name: file.read_bytes() for file in made.iterdir()}
    return MountedFolder(tmp_path / "keys", files)


@pytest.fixture
def pipelines(tmp_path: Path) -> Callable[[str], MountedFolder]:
    """Mount one pipeline's text as a ConfigMap of one key."""
    return lambda text: MountedFolder(tmp_path / "pipelines", {"people.yaml": text})
