"""Which real Kafka the tests run on, and what a test may do to it."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable
from typing import Literal, Protocol

from docker.client import DockerClient
from docker.errors import DockerException
from requests.exceptions import RequestException

from pipelines.embedded.kafka import EmbeddedKafka
from tests.support.container_kafka import IMAGE, ContainerKafka, fetch_image

CHOICE = "CLEARWATER_TEST_KAFKA"
"""Environment variable: `embedded` or `container` forces one."""

Kind = Literal["embedded", "container"]


class Broker(Protocol):
    """One Kafka node that keeps its address and its data until it is closed."""

    @property
    def bootstrap(self) -> str: ...
    @property
    def is_running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def restart(self) -> None: ...
    def close(self) -> None: ...


def chosen() -> tuple[Kind, str]:
    """Return which Kafka is used, and why."""
    forced = os.environ.get(CHOICE, "")
    if forced == "embedded":
        return "embedded", f"{CHOICE}={forced}"
    if forced not in {"", "container"}:
        raise ValueError(f"{CHOICE} is `embedded` or `container`")
    engine = _engine()
    if forced == "container":
        if not engine:
            raise ValueError(f"{CHOICE}=container, but no Docker engine answers")
        return "container", f"{IMAGE}, {CHOICE}={forced}, Docker {engine}"
    if engine:
        return "container", f"{IMAGE}, Docker {engine}"
    return "embedded", "no Docker engine answers"


def opened(kind: Kind, say: Callable[[str], None]) -> Broker:
    """Return a started broker; an image that cannot be had is replaced unless it was asked for."""
    if kind == "container" and not fetch_image():
        if os.environ.get(CHOICE):
            raise RuntimeError(f"the image {IMAGE} is neither here nor can it be pulled")
        say(f"{IMAGE} cannot be pulled: the embedded Kafka is used instead")
        kind = "embedded"
    broker: Broker = ContainerKafka() if kind == "container" else EmbeddedKafka(say=say)
    try:
        broker.start()
    except BaseException:
        broker.close()
        raise
    return broker


def _engine() -> str:
    """Return the version of the Docker engine that answers, or nothing."""
    with warnings.catch_warnings():
        # where no engine answers, the client leaves its socket to the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        version = _asked()
        gc.collect()
    return version


def _asked() -> str:
    try:
        client = DockerClient.from_env(timeout=5)
    except DockerException:
        return ""
    try:
        return str(client.version()["Version"])
    except (DockerException, RequestException):
        return ""
    finally:
        client.close()
