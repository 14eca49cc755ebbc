"""Host: what the chunk transport asks of the app that it reads for, whoever made the app."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import structlog

from pipelines.errors import DeliveryError
from pipelines.quantity import Rate
from pipelines.runtime.lanes import Lanes
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transactions import Transactions

_KEPT = "_clearwater_host"
_UNUSED_SECONDS = 0.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fetching:
    """How a consumer asks brokers for records.

    Attributes:
        client_rack: Rack to fetch in.
        min_bytes: Brokers answer at once if they have as much of all partitions asked for.
        max_wait: Seconds after which they answer with what they have. A partition that is read
            faster than the others waits as long for its next chunk, so Faust's 1.5 are too many.
    """

    client_rack: str | None = None
    min_bytes: int = 1
    max_wait: float = 0.1


class Host(ABC):
    """A part of an app of ours, and beside an app of somebody else's.

    Attributes:
        lanes: The lanes of the assigned partitions.
        transactions: Their producers, where delivery is exactly once.
        waiting: Topics in which records wait, and how fast they may go on; may change.
        fetching: How the consumer asks for records.
        failure: Why it must end, once it must.
        drain_seconds: To finish what is in flight.
        on_committed: Told of each commit the brokers have.
        on_stopped: Told topic and reason when a pipeline stops and the process goes on.
    """

    lanes: Lanes
    transactions: Transactions
    waiting: Mapping[str, Rate | None] = MappingProxyType({})
    fetching: Fetching = Fetching()
    failure: BaseException | None = None
    drain_seconds: float = 20.0
    on_committed: Callable[[Partition, int], None] | None = None
    on_stopped: Callable[[str, str], None] | None = None

    @property
    @abstractmethod
    def consumer(self) -> Any:
        """The app's consumer."""

    @abstractmethod
    async def crash(self, error: BaseException) -> None:
        """End the app."""

    def stop_topic(self, topic: str, reason: str) -> None:
        """Read a topic no more; its partitions stay assigned, its commits where they are."""
        if topic in self.consumer.stopped:
            return
        self.consumer.stopped.add(topic)
        self.lanes.stop(topic)
        log.error("topic is read no more", topic=topic, reason=reason)
        if self.on_stopped is not None:
            self.on_stopped(topic, reason)

    async def drain_lanes(self) -> None:
        """Finish what is in flight, within the drain time."""
        if not await self.lanes.drain(self.drain_seconds):
            log.warning("not everything in flight was delivered in time; it will be read again")

    def committed(self, partition: Partition, offset: int) -> None:
        """Tell who wants to know about a commit."""
        if self.on_committed is not None:
            self.on_committed(partition, offset)

    async def fail(self, error: BaseException) -> None:
        """End the process: something cannot be delivered or worked on."""
        if self.failure is None:
            self.failure = error
            # a text of ours names topics and types; others' may quote a value
            text = str(error) if isinstance(error, DeliveryError) else type(error).__name__
            log.error("worker must end", error=text)
            await self.crash(error)


class GuestHost(Host):
    """The host beside an app that somebody else made; without pipelines until some are mounted."""

    def __init__(self, app: Any) -> None:
        """Take the app."""
        self._app = app
        self.lanes = Lanes(_no_lane)
        self.transactions = Transactions(
            (), app.conf.id, _no_lane, _UNUSED_SECONDS, self.stop_topic
        )

    @property
    def consumer(self) -> Any:
        """The app's consumer."""
        return self._app.consumer

    async def crash(self, error: BaseException) -> None:
        """End the app."""
        await self._app.crash(error)


def host_of(app: Any) -> Host:
    """Return the host of an app: the app itself if it is ours, else the one beside it."""
    if isinstance(app, Host):
        return app
    if not hasattr(app, _KEPT):
        setattr(app, _KEPT, GuestHost(app))
    found: Host = getattr(app, _KEPT)
    return found


def _no_lane(_: object) -> Any:
    raise AssertionError("nothing is mounted")
