"""Cluster: three Kafka nodes on loopback, for what one broker cannot show."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from pipelines.embedded.kafka import EmbeddedKafka, cluster_id
from pipelines.embedded.loopback import HOST
from tests.support.proxy import Proxy

NODES = 3
_REPLICATED = {
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "share.coordinator.state.topic.replication.factor": "3",
    "share.coordinator.state.topic.min.isr": "2",
}


class Node(EmbeddedKafka):
    """One node of a cluster, broker and controller."""

    @property
    def controller(self) -> str:
        return f"{HOST}:{self._controller}"

    def join(self, number: int, cluster: str, voters: str) -> None:
        """Make it a node of a cluster; it is not started."""
        self._cluster = cluster
        self._properties |= {
            "node.id": str(number),
            "controller.quorum.voters": voters,
            **_REPLICATED,
        }


class Cluster:
    """Three nodes; a topic has three replicas, and two must have what is written.

    What one does to it, one does to all nodes; `nodes` are for what happens to one of them.

    Attributes:
        nodes: By their number, from 1.
        bootstrap: All their addresses.
    """

    def __init__(self) -> None:
        self.nodes = {number: Node() for number in range(1, NODES + 1)}
        cluster = cluster_id()
        voters = ",".join(f"{number}@{one.controller}" for number, one in self.nodes.items())
        for number, one in self.nodes.items():
            one.join(number, cluster, voters)
        self.bootstrap = ",".join(one.bootstrap for one in self.nodes.values())

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
        return all(one.is_running for one in self.nodes.values())

    def start(self) -> None:
        """Start the nodes that do not run, together: none answers without a second one."""
        self._each(Node.start)

    def stop(self) -> None:
        self._each(Node.stop)

    def kill(self) -> None:
        self._each(Node.kill)

    def pause(self) -> None:
        self._each(Node.pause)

    def resume(self) -> None:
        self._each(Node.resume)

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        self._each(Node.close)

    def proxy(self, seed: int = 0) -> Proxy:
        """Return a proxy that nobody goes through: there is one address of a cluster too few."""
        return Proxy(0, 0, seed)

    def _each(self, action: Callable[[Node], None]) -> None:
        with ThreadPoolExecutor(NODES) as pool:
            list(pool.map(action, self.nodes.values()))
