from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import faust

from pipelines.errors import DeliveryError
from pipelines.runtime.app import WorkerConfig, build_app
from pipelines.runtime.host import GuestHost, host_of
from pipelines.runtime.ledger import Partition


def test_an_app_of_ours_is_its_own_host() -> None:
    app = build_app(WorkerConfig(("127.0.0.1:1",), "group"), {})
    assert host_of(app) is app


def test_an_app_of_somebody_else_keeps_one_beside_it() -> None:
    app = faust.App("guest", broker="clearwater://127.0.0.1:1")
    host = host_of(app)
    assert isinstance(host, GuestHost)
    assert host_of(app) is host
    assert host.lanes.topics() == set()


async def test_the_host_stops_topics_and_ends_its_app_once() -> None:
    crashed: list[BaseException] = []

    async def crash(error: BaseException) -> None:
        crashed.append(error)

    consumer = SimpleNamespace(stopped=set())
    app: Any = SimpleNamespace(conf=SimpleNamespace(id="guest"), consumer=consumer, crash=crash)
    host = GuestHost(app)
    told: list[tuple[str, str]] = []
    host.on_stopped = lambda topic, reason: told.append((topic, reason))
    host.stop_topic("orders.raw", "too many dead letters")
    host.stop_topic("orders.raw", "again")
    assert told == [("orders.raw", "too many dead letters")]
    assert consumer.stopped == {"orders.raw"}
    commits: list[int] = []
    host.on_committed = lambda _, offset: commits.append(offset)
    host.committed(Partition("orders.raw", 0), 7)
    assert commits == [7]
    await host.drain_lanes()
    first = DeliveryError("orders.clean: refused")
    await host.fail(first)
    await host.fail(ValueError())
    assert crashed == [first]
