"""The Faust app: one agent per source topic, on the chunk transport."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import faust
from faust import auth

from pipelines.quantity import Rate
from pipelines.runtime.at_least_once import AtLeastOnce
from pipelines.runtime.carrier import Carrier, Ends
from pipelines.runtime.delivery import Delivery
from pipelines.runtime.driver.chunk import ChunkSchema
from pipelines.runtime.driver.consumer import ChunkConsumer
from pipelines.runtime.driver.transport import register, url
from pipelines.runtime.due_queue import DueQueue
from pipelines.runtime.exactly_once import ExactlyOnce
from pipelines.runtime.handler import Current
from pipelines.runtime.host import Fetching, Host, host_of
from pipelines.runtime.lane import Lane
from pipelines.runtime.lanes import Lanes
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transactions import Transactions
from pipelines.runtime.waiting import time_of

CLIENT_ID = "clearwater"
"""How brokers know our connections, in quotas and logs."""

_METADATA_MS = 30_000  # a partition that is added waits so long for a reader, not five minutes


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What the runtime needs to know; times in seconds.

    Attributes:
        brokers: Addresses, `host:port`.
        group: Consumer group.
        instance_id: Static membership.
        auto_offset_reset: Where to start without a commit.
        commit_interval: Between two commits.
        transaction_interval: Between two commits of a partition that is delivered exactly once.
        drain_timeout: To finish what is in flight.
        session_timeout: Without a heartbeat.
        request_timeout: For one request.
        fetching: How to ask for records.
        max_fetch_bytes: Of one partition.
        max_batch_bytes: Of one produced batch.
        compression: Of produced batches.
        credentials: How to log in.
        tls: How to verify the brokers.
    """

    brokers: tuple[str, ...]
    group: str
    instance_id: str | None = None
    auto_offset_reset: str = "earliest"
    commit_interval: float = 1.0
    transaction_interval: float = 0.2
    drain_timeout: float = 20.0
    session_timeout: float = 45.0
    request_timeout: float = 40.0
    fetching: Fetching = field(default_factory=Fetching)
    max_fetch_bytes: int = 256 * 1024
    max_batch_bytes: int = 900 * 1024
    compression: str | None = None
    credentials: auth.Credentials | None = None
    tls: ssl.SSLContext | None = None


class ClearwaterApp(faust.App, Host):
    """A Faust app whose agents hand chunks to lanes: the whole of a worker process."""

    def _create_directories(self) -> None:
        """Make none: there are no tables, and the file system may be read-only."""

    def _on_rebalance_when_stopped(self) -> None:
        """Keep the consumer: it still commits, and Faust would close it on another's loop."""


def build_app(
    config: WorkerConfig,
    handlers: Mapping[str, Current],
    exactly_once: Collection[str] = (),
    waiting: Mapping[str, Rate | None] | None = None,
) -> ClearwaterApp:
    """Return the app: one agent per source topic, nothing started.

    Args:
        config: The runtime's settings.
        handlers: What is done with each source topic's records.
        exactly_once: Source topics whose outputs and offsets go by transactions.
        waiting: Those of the topics in which records wait, each until its time, and how fast they
            may go on in each partition then.
    """
    register()
    app = ClearwaterApp(
        config.group,
        broker=url(config.brokers),
        broker_client_id=CLIENT_ID,
        broker_credentials=config.credentials,
        ssl_context=config.tls,
        # offsets are committed by the ledger, so Faust counts nothing
        broker_commit_interval=config.commit_interval,
        broker_commit_every=2**31,
        broker_session_timeout=config.session_timeout,
        # a member learns of a rebalance at its next heartbeat: until then all others stand still
        broker_heartbeat_interval=min(1.0, config.session_timeout / 3),
        broker_request_timeout=max(90.0, config.session_timeout + 1),
        broker_rebalance_timeout=max(60.0, config.drain_timeout * 2),
        broker_max_poll_records=None,
        consumer_auto_offset_reset=config.auto_offset_reset,
        consumer_max_fetch_size=config.max_fetch_bytes,
        consumer_group_instance_id=config.instance_id,
        consumer_metadata_max_age_ms=_METADATA_MS,
        producer_max_batch_size=config.max_batch_bytes,
        producer_max_request_size=max(config.max_batch_bytes + 65536, 1024**2),
        producer_compression_type=None if config.compression == "none" else config.compression,
        producer_request_timeout=config.request_timeout,
        producer_linger=0,
        stream_buffer_maxsize=4096,  # of chunks: the ledger bounds them, so it never fills
        stream_wait_empty=True,
        table_standby_replicas=0,
        topic_disable_leader=True,
        topic_allow_declare=False,
        reply_create_topic=False,
        web_enabled=False,
        agent_supervisor="mode.CrashingSupervisor",
        autodiscover=False,
        debug=False,
    )
    app.fetching = config.fetching
    app.drain_seconds = config.drain_timeout
    # a topic that is added while running would wait 45 seconds for its subscription
    app.topics._resubscribe_sleep_lock_seconds = 1.0  # noqa: SLF001 - Faust has no setting for it
    app.transactions = Transactions(
        exactly_once,
        config.group,
        lambda name: app.producer.transactional(name),  # noqa: PLW0108 - there is no producer yet
        config.request_timeout,
        app.stop_topic,
    )
    app.waiting = {} if waiting is None else waiting
    add_agents(app, config, handlers)
    return app


def add_agents(app: faust.App, config: WorkerConfig, handlers: Mapping[str, Current]) -> None:
    """Add one agent per source topic to an app on the chunk transport.

    Args:
        app: The app, not started.
        config: The runtime's settings; only those of delivery matter to an app of one's own.
        handlers: What is done with each source topic's records.
    """
    host = host_of(app)
    host.lanes = Lanes(lambda partition: _lane(app, config, partition, handlers[partition.topic]))
    for topic in handlers:
        _add_agent(app, topic)


def _add_agent(app: faust.App, topic: str) -> None:
    host = host_of(app)

    async def clean(stream: Any) -> None:
        async for chunk in stream.noack():
            host.lanes.put(chunk)

    clean.__name__ = clean.__qualname__ = f"clean {topic}"
    app.agent(app.topic(topic, schema=ChunkSchema()), name=f"clean {topic}")(clean)


def _lane(app: faust.App, config: WorkerConfig, partition: Partition, handler: Current) -> Lane:
    consumer: ChunkConsumer = app.consumer
    host = host_of(app)

    def carrier(ends: Ends) -> Carrier:
        if host.transactions.covers(partition.topic):
            producer = host.transactions.of(partition)
            return ExactlyOnce(partition, producer, consumer, ends, config.transaction_interval)
        return AtLeastOnce(partition, _delivery(app), consumer, ends)

    return Lane(
        partition,
        handler,
        carrier,
        host.stop_topic,
        lambda error: asyncio.shield(host.fail(error)),
        _due_queue(app, partition.topic) if partition.topic in host.waiting else None,
    )


def _due_queue(app: faust.App, topic: str) -> DueQueue:
    host = host_of(app)
    return DueQueue(time_of, app.consumer.cut, lambda: host.waiting[topic])


def _delivery(app: faust.App) -> Delivery:
    """Return the one delivery of the app's producer."""
    found: Delivery | None = getattr(app, "_delivery", None)
    if found is None:
        producer = app.producer._ensure_producer()  # noqa: SLF001 - Faust hides its client
        found = Delivery(producer, app.conf.producer_request_timeout)
        app._delivery = found  # noqa: SLF001 - kept with the app it belongs to
    return found
