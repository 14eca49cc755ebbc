"""The transport: what Faust finds behind `clearwater://host:port;host:port`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as stock

from pipelines.runtime.driver.consumer import ChunkConsumer

SCHEME = "clearwater"


class ChunkProducer(stock.Producer):
    """Faust's producer, made idempotent: a retry writes nothing twice and keeps the order."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


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
