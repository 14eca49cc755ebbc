"""EmbeddedKafka: Apache Kafka itself, one KRaft node on loopback, no Docker, no Java installed."""

from __future__ import annotations

import base64
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pipelines.embedded.java import Say, class_path, java, silent
from pipelines.embedded.java_process import JavaProcess
from pipelines.embedded.loopback import HOST, answers, free_ports
from pipelines.errors import ConfigError

VERSION = "4.1.2"
COORDINATES = (f"org.apache.kafka:kafka_2.13:{VERSION}", "org.slf4j:slf4j-nop:1.7.36")

_READY_SECONDS = 180.0  # on a machine with many at work
_FORMAT_SECONDS = 180.0
_JVM = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


class EmbeddedKafka:
    """One broker on loopback. A context manager.

    Attributes:
        bootstrap: Its address, `127.0.0.1:port`; stays the same over restarts.
    """

    def __init__(
        self,
        data: Path | None = None,
        properties: Mapping[str, str] | None = None,
        say: Say = silent,
    ) -> None:
        """Choose ports and folder; nothing is started.

        Args:
            data: Folder for its data, kept afterwards; by default a temporary one, removed.
            properties: Server properties over the default ones.
            say: Takes lines of progress.
        """
        self._port, self._controller = free_ports(2)
        self.bootstrap = f"{HOST}:{self._port}"
        self._temporary = None if data else _temporary()
        self._folder = (data or Path(self._temporary.name if self._temporary else "")).absolute()
        self._properties = dict(properties or {})
        self._say = say
        self._cluster = cluster_id()
        self._process: JavaProcess | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_running(self) -> bool:
        """It was started and has not ended."""
        return self._process is not None and self._process.is_running

    def start(self) -> None:
        """Start it, or start it again on the same port and data; return when it answers.

        Raises:
            ConfigError: Java or the jars cannot be had, or the broker does not start.
        """
        if self.is_running:
            return
        jvm = [*_JVM, "-cp", class_path(COORDINATES, self._say)]
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "server.properties"
        config.write_text(self._config(), encoding="utf-8")
        if not (self._folder / "data" / "meta.properties").exists():
            self._say("preparing Kafka's storage")
            _format(jvm, config, self._cluster)
        self._say(f"starting Apache Kafka {VERSION} on {self.bootstrap}")
        self._process = JavaProcess("kafka", [*jvm, "kafka.Kafka", str(config)], self._folder)
        self._process.wait_ready(lambda: answers(self._port), _READY_SECONDS)

    def stop(self) -> None:
        """Shut it down in order; `start` starts it again with its data."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """End it at once, as a crash would; `start` starts it again with its data."""
        if self._process is not None:
            self._process.kill()

    def pause(self) -> None:
        """Stand still, as behind a network that lost it: nothing is answered until `resume`."""
        if self._process is not None:
            self._process.pause()

    def resume(self) -> None:
        """Go on after `pause`; what was asked meanwhile is answered late."""
        if self._process is not None:
            self._process.resume()

    def restart(self) -> None:
        """Shut it down in order and start it again, same address, same data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it, and remove its data if they are temporary."""
        if self._temporary is None:
            self.stop()
        else:
            self.kill()
            self._temporary.cleanup()

    def _config(self) -> str:
        properties = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{HOST}:{self._controller}",
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{HOST}:{self._controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self._folder / "data"),
            "num.partitions": "4",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            # back in seconds after a kill: the old session of the same node ends first
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            "auto.create.topics.enable": "false",
            **self._properties,
        }
        # java.util.Properties: a backslash begins an escape
        return "".join(
            f"{name}={value.replace(chr(92), chr(92) * 2)}\n" for name, value in properties.items()
        )


def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="clearwater-kafka-", ignore_cleanup_errors=True)


def cluster_id() -> str:
    """Return a new id of a cluster; all its nodes have the same."""
    # a leading `A` keeps the id from looking like an option
    return "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]


def _format(jvm: list[str], config: Path, cluster: str) -> None:
    tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config)]
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            [str(java()), *jvm, *tool], capture_output=True, timeout=_FORMAT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(f"Kafka's storage was not ready in {_FORMAT_SECONDS:.0f} s") from None
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace").splitlines()
        why = " ".join(line for line in said if not line.startswith("\tat "))
        raise ConfigError(f"Kafka's storage cannot be prepared: {why[-800:]}")
