"""ContainerKafka: one broker in a container, by environment and the image's own start command."""

from __future__ import annotations

import os
import time
from contextlib import suppress

# our label and sweep do what its side container would, without another image to fetch
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

from docker.client import DockerClient
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from testcontainers.core.container import DockerContainer

from pipelines.embedded.loopback import HOST, free_ports

IMAGE = os.environ.get("CLEARWATER_TEST_KAFKA_IMAGE", "apache/kafka:4.1.2")

_OWNER = "clearwater.tests.pid"
_STARTED = b"Kafka Server started"
_READY_SECONDS = 60.0
_POLL_SECONDS = 0.1
_STOP_SECONDS = 20


class ContainerKafka:
    """One KRaft node; the same address and data from start to start."""

    def __init__(self) -> None:
        port = free_ports(1)[0]
        self.bootstrap = f"{HOST}:{port}"
        container = DockerContainer(IMAGE).with_kwargs(labels={_OWNER: str(os.getpid())})
        # bound in advance: a mapped port would change with every start
        container.ports["9092/tcp"] = (HOST, port)  # type: ignore[assignment] # docker takes pairs
        self._container = container.with_envs(**_environment(self.bootstrap))
        self._exists = False
        self._starts = 0

    @property
    def is_running(self) -> bool:
        if not self._exists:
            return False
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        return bool(wrapped.status == "running")

    def start(self) -> None:
        if self.is_running:
            return
        if self._exists:
            self._container.get_wrapped_container().start()
        else:
            _sweep()
            self._container.start()
            self._exists = True
        self._starts += 1
        self._wait_ready()

    def stop(self) -> None:
        self._container.get_wrapped_container().stop(timeout=_STOP_SECONDS)

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def pause(self) -> None:
        self._container.get_wrapped_container().pause()

    def resume(self) -> None:
        self._container.get_wrapped_container().unpause()

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        self._container.stop()

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        wrapped = self._container.get_wrapped_container()
        while (log := wrapped.logs()).count(_STARTED) < self._starts:
            if time.monotonic() > deadline or not self.is_running:
                # a kill may have taken the line of an earlier start with it
                raise RuntimeError(
                    f"{IMAGE} did not start:\n{log[-2000:].decode(errors='replace')}"
                )
            time.sleep(_POLL_SECONDS)


def fetch_image() -> bool:
    """Return True if the image is here, pulled if need be."""
    client = DockerClient.from_env()
    try:
        with suppress(ImageNotFound):
            client.images.get(IMAGE)
            return True
        client.images.pull(IMAGE)
    except DockerException:
        return False
    finally:
        client.close()
    return True


def _environment(bootstrap: str) -> dict[str, str]:
    return {
        "CLUSTER_ID": "5L6g3nShT-eMCtK--X86sw",
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "EXTERNAL://:9092,INTERNAL://:19092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"EXTERNAL://{bootstrap},INTERNAL://localhost:19092",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": (
            "EXTERNAL:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT"
        ),
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "INTERNAL",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS": "4",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_BROKER_SESSION_TIMEOUT_MS": "3000",
        "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS": "500",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_HEAP_OPTS": "-Xmx512m",
        "KAFKA_JVM_PERFORMANCE_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    }


def _sweep() -> None:
    """Remove what a killed run left behind: containers whose owner is no more."""
    client = DockerClient.from_env()
    try:
        for left in client.containers.list(all=True, filters={"label": _OWNER}):
            if not _is_alive(int(left.labels[_OWNER])):
                with suppress(NotFound, APIError):
                    left.remove(force=True, v=True)
    finally:
        client.close()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
