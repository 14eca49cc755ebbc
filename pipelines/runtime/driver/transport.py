"""The transport: what Faust finds behind `clearwater://host:port;host:port`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from aiokafka import AIOKafkaProducer
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as stock

from pipelines.runtime.driver.consumer import ChunkConsumer

SCHEME = "clearwater"

_LONGER_MS = 20_000  # a transaction must outlive one unanswered request, or it ends too early


class ChunkProducer(stock.Producer):
    """Faust's producer, made idempotent: a retry writes nothing twice and keeps the order."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}

    def transactional(self, name: str) -> AIOKafkaProducer:
        """Return a producer with a transactional id, not started, connected as this one is."""
        settings = {**self._settings_default(), **self._settings_auth(), "acks": "all"}
        longer = settings["request_timeout_ms"] + _LONGER_MS
        return AIOKafkaProducer(**settings, transactional_id=name, transaction_timeout_ms=longer)


class ChunkTransport(stock.Transport):
    """Reads chunks, writes batches."""

    Consumer: ClassVar[type[ChunkConsumer]] = ChunkConsumer
    Producer: ClassVar[type[ChunkProducer]] = ChunkProducer


def register() -> None:
    """Make the scheme known to Faust."""
    TRANSPORTS.aliases[SCHEME] = f"{__name__}:ChunkTransport"


def url(brokers: tuple[str, ...]) -> str:
    """Return the URL of brokers for Faust."""
    return f"{SCHEME}://" + ";".join(brokers)
