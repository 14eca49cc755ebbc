"""EmbeddedKafka: Apache Kafka itself, one KRaft node on loopback, no Docker, no Java installed."""

from __future__ import annotations

import base64
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pipelines.embedded.java import (
    JavaProcess,
    Say,
    answers,
    free_ports,
    jars,
    java,
    silent,
    temporary_folder,
)
from pipelines.errors import ConfigError

VERSION = "4.1.2"
COORDINATES = f"org.apache.kafka:kafka_2.13:{VERSION}+org.slf4j:slf4j-nop:1.7.36"

_READY_SECONDS = 60.0
_FORMAT_SECONDS = 60.0
_JVM = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


class EmbeddedKafka:
    """One broker, its data in a folder that goes with it. A context manager.

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
            data: Folder for its data; a temporary one by default.
            properties: Server properties over the default ones.
            say: Takes lines of progress.
        """
        self._port, self._controller = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self._port}"
        self._temporary = None if data else temporary_folder("kafka")
        self._folder = data or Path(self._temporary.name if self._temporary else "")
        self._properties = dict(properties or {})
        self._say = say
        self._process: JavaProcess | None = None
        self._class_path = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start it, or start it again on the same port and data; return when it answers.

        Raises:
            ConfigError: Java or the jars cannot be had, or the broker does not start.
        """
        if not self._class_path:
            self._class_path = ":".join(str(jar) for jar in jars(COORDINATES, self._say))
        config = self._folder / "server.properties"
        if not config.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            config.write_text(self._config(), encoding="utf-8")
            self._format(config)
        self._say(f"starting Apache Kafka {VERSION} on {self.bootstrap}")
        arguments = [*_JVM, "-cp", self._class_path, "kafka.Kafka", str(config)]
        self._process = JavaProcess("kafka", arguments, self._folder)
        self._process.wait_ready(lambda: answers(self._port), _READY_SECONDS)

    def stop(self) -> None:
        """Shut it down in order; `start` starts it again with its data."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End it and remove its temporary data."""
        self.kill()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _config(self) -> str:
        properties = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller}",
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{self._controller}",
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
            "group.initial.rebalance.delay.ms": "0",
            "auto.create.topics.enable": "false",
            **self._properties,
        }
        return "".join(f"{name}={value}\n" for name, value in properties.items())

    def _format(self, config: Path) -> None:
        # a leading `A` keeps the id from looking like an option
        cluster = "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
        tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config)]
        command = [str(java()), *_JVM, "-cp", self._class_path, *tool]
        done = subprocess.run(  # noqa: S603 - our own command line
            command, capture_output=True, timeout=_FORMAT_SECONDS, check=False
        )
        if done.returncode:
            raise ConfigError(f"Kafka's storage cannot be formatted: {done.stderr.decode()[-800:]}")
