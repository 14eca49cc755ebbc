"""The image under test: built before, named by CLEARWATER_IMAGE."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from docker.client import DockerClient

IMAGE = "CLEARWATER_IMAGE"


@pytest.fixture(scope="session")
def image() -> str:
    name = os.environ.get(IMAGE, "")
    if not name:
        pytest.skip(f"{IMAGE} names no image; .ci/image builds one and runs this")
    return name


@pytest.fixture
def engine(image: str) -> Iterator[DockerClient]:
    client = DockerClient.from_env()
    assert client.images.get(image)
    yield client
    client.close()
