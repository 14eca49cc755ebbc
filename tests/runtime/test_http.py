from __future__ import annotations

import asyncio
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import structlog

from pipelines.errors import ConfigError
from pipelines.runtime.health import Health, PipelineHealth, watch_loop
from pipelines.runtime.http import MOST_REQUESTS, Pages, StatusServer
from pipelines.telemetry.metrics import Metrics

Serve = Callable[[Pages], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers = []

    def start(pages: Pages) -> str:
        server = StatusServer("127.0.0.1", 0, pages)
        servers.append(server)
        server.start()
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in servers:
        server.stop()


def pages(health: Health, metrics: Metrics | None = None) -> Pages:
    return Pages(health.live, health.ready, (metrics or Metrics()).exposition)


def test_a_worker_that_joined_is_ready_and_shows_its_pipelines(serve: Serve) -> None:
    health = Health(joined=True)
    health.pipelines["orders"] = PipelineHealth(assigned=2)
    health.pipelines["weblogs"] = PipelineHealth(stopped="too many dead letters")
    answer = httpx.get(f"{serve(pages(health))}/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "joined": True,
        "draining": False,
        "pipelines": {
            "orders": {"assigned": 2, "stopped": "", "degraded": ""},
            "weblogs": {"assigned": 0, "stopped": "too many dead letters", "degraded": ""},
        },
    }


@pytest.mark.parametrize(
    ("health", "ready"),
    [
        pytest.param(Health(), False, id="not joined yet"),
        pytest.param(Health(joined=True), True, id="no partition and no pipeline"),
        pytest.param(Health(joined=True, draining=True), False, id="draining"),
        pytest.param(
            Health(joined=True, pipelines={"a": PipelineHealth(stopped="x")}),
            False,
            id="every pipeline stopped",
        ),
        pytest.param(
            Health(joined=True, pipelines={"a": PipelineHealth(degraded="registry down")}),
            True,
            id="degraded",
        ),
    ],
)
def test_ready_means_taking_part(health: Health, ready: bool, serve: Serve) -> None:  # noqa: FBT001 - a column of the table
    answer = httpx.get(f"{serve(pages(health))}/readyz")
    assert answer.status_code == (200 if ready else 503)
    assert answer.json()["ok"] is ready


async def test_a_stuck_loop_fails_livez_while_the_port_still_answers(serve: Serve) -> None:
    health = Health(liveness_timeout=0.5)
    base = serve(pages(health))
    watching = asyncio.create_task(watch_loop(health, interval=0.01))
    held = threading.Event()

    def probe(wanted: int) -> bool:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if httpx.get(f"{base}/livez").status_code == wanted:
                return True
            time.sleep(0.02)
        return False

    def probe_while_held() -> None:
        stuck.append(probe(503))
        held.set()

    assert await asyncio.to_thread(probe, 200)
    stuck: list[bool] = []
    prober = threading.Thread(target=probe_while_held)
    prober.start()
    while not held.is_set():
        sum(range(10_000))
        time.sleep(0)  # noqa: ASYNC251 - holding the loop is the point
    prober.join()
    assert stuck == [True]
    assert await asyncio.to_thread(probe, 200)
    watching.cancel()


async def test_the_lateness_of_the_loop_is_measured() -> None:
    late: list[float] = []
    watching = asyncio.create_task(watch_loop(Health(), late.append, interval=0.01))
    await asyncio.sleep(0.05)
    time.sleep(0.1)  # noqa: ASYNC251 - holding the loop is the point
    await asyncio.sleep(0.05)
    watching.cancel()
    assert max(late) >= 0.08


def test_a_worker_that_starts_slowly_is_alive() -> None:
    now = [0.0]
    health = Health(liveness_timeout=1.0, clock=lambda: now[0])
    now[0] = 100.0
    assert health.live().holds


def test_metrics_are_scraped_from_the_port(serve: Serve) -> None:
    metrics = Metrics()
    metrics.started("orders", "r1")
    answer = httpx.get(f"{serve(pages(Health(), metrics))}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'clearwater_pipeline_info{pipeline="orders",revision="r1"} 1.0' in answer.text


def test_other_paths_say_what_there_is(serve: Serve) -> None:
    base = serve(pages(Health()))
    assert httpx.get(f"{base}/").status_code == 404
    assert "/readyz" in httpx.get(f"{base}/").text
    assert httpx.head(f"{base}/livez?verbose").status_code == 200
    assert httpx.post(f"{base}/livez").status_code == 501


def test_a_page_that_fails_is_logged_by_type_and_the_next_one_works(serve: Serve) -> None:
    def fails(_: str) -> tuple[bytes, str]:
        raise ValueError("canary")

    stream = io.StringIO()
    structlog.configure(
        processors=[lambda _, __, event: event["event"]],
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    base = serve(Pages(Health().live, Health().ready, fails))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{base}/metrics")
    structlog.reset_defaults()
    assert stream.getvalue() == "status request failed\n"
    assert httpx.get(f"{base}/livez").status_code == 200


def test_idle_connections_take_no_more_than_their_share_of_threads(serve: Serve) -> None:
    port = int(serve(pages(Health())).rpartition(":")[2])
    before = threading.active_count()
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(3 * MOST_REQUESTS)]
    time.sleep(0.2)
    assert threading.active_count() - before <= MOST_REQUESTS
    for connection in idle:
        connection.close()
    time.sleep(0.2)
    assert httpx.get(f"http://127.0.0.1:{port}/livez").status_code == 200


def test_a_taken_port_refuses_to_start_and_names_the_setting() -> None:
    taken = StatusServer("127.0.0.1", 0, pages(Health()))
    with pytest.raises(ConfigError, match=f"CLEARWATER_HTTP_PORT: cannot listen .*:{taken.port}"):
        StatusServer("127.0.0.1", taken.port, pages(Health()))
    taken.stop()
