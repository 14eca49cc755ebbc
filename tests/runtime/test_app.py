from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from faust.auth import SASLCredentials
from faust.transport.drivers import by_url
from faust.types.enums import ProcessingGuarantee

from pipelines.runtime.app import ClearwaterApp, WorkerConfig, build_app
from pipelines.runtime.driver.consumer import ChunkConsumer
from pipelines.runtime.driver.transport import ChunkProducer, ChunkTransport, url
from pipelines.runtime.host import Fetching
from tests.support.lane_bench import Upper

CONFIG = WorkerConfig(("one:9092", "two:9093"), "group")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClearwaterApp:
    monkeypatch.chdir(tmp_path)
    return build_app(CONFIG, {"raw": Upper(), "other": Upper()})


def test_there_is_one_agent_per_source_topic(app: ClearwaterApp) -> None:
    assert sorted(app.agents) == ["clean other", "clean raw"]


async def test_brokers_are_reached_by_our_own_transport(app: ClearwaterApp) -> None:
    assert by_url("clearwater://one:9092") is ChunkTransport
    assert url(CONFIG.brokers) == "clearwater://one:9092;two:9093"
    assert isinstance(app.transport, ChunkTransport)
    assert isinstance(app.producer, ChunkProducer)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (
            "processing_guarantee",
            ProcessingGuarantee.AT_LEAST_ONCE,
        ),
        ("producer_threaded", False),  # breaks at every end
        ("stream_wait_empty", True),  # ends in our own bounded drain
        ("table_standby_replicas", 0),  # the light assignor
        ("topic_disable_leader", True),
        ("topic_allow_declare", False),
        ("reply_create_topic", False),
        ("web_enabled", False),  # no second port, no table data
        ("broker_commit_every", 2**31),
        ("broker_max_poll_records", None),
        ("producer_request_timeout", 40.0),  # Faust's 1200 hides dead brokers
        ("cython_optimizations", False),  # would acknowledge past the ledger
        ("broker_client_id", "clearwater"),
    ],
)
def test_faust_is_set_up_against_its_traps(app: ClearwaterApp, setting: str, value: object) -> None:
    assert getattr(app.conf, setting) == value


async def test_the_producer_is_idempotent_and_waits_for_all_replicas(app: ClearwaterApp) -> None:
    extra = cast(ChunkProducer, app.producer)._settings_extra()
    assert extra == {"acks": "all", "enable_idempotence": True}


async def test_brokers_are_asked_for_records_as_is_said() -> None:
    fetching = Fetching("zone-a", min_bytes=4096, max_wait=0.5)
    app = build_app(WorkerConfig(("one:9092",), "group", fetching=fetching), {})
    thread = cast(ChunkConsumer, app.consumer)._thread
    consumer = thread._create_worker_consumer(app.transport)
    await consumer.stop()
    thread.thread_loop.close()
    asked = (consumer._client_rack, consumer._fetch_min_bytes, consumer._fetch_max_wait_ms)
    assert asked == ("zone-a", 4096, 500)


def test_a_rebalance_may_take_longer_than_a_drain() -> None:
    app = build_app(WorkerConfig(("one:9092",), "group", drain_timeout=100), {})
    assert app.conf.broker_rebalance_timeout >= 200


def test_long_sessions_are_possible() -> None:
    app = build_app(WorkerConfig(("one:9092",), "group", session_timeout=300), {})
    assert app.conf.broker_request_timeout > app.conf.broker_session_timeout
    assert app.conf.broker_heartbeat_interval == 1


def test_credentials_are_handed_on() -> None:
    credentials = SASLCredentials(username="u", password="p", mechanism="PLAIN")
    app = build_app(WorkerConfig(("one:9092",), "group", credentials=credentials), {})
    (held,) = {app.conf.broker_credentials}
    assert held is credentials


def test_nothing_is_written_where_the_process_runs(app: ClearwaterApp, tmp_path: Path) -> None:
    app._create_directories()
    assert list(tmp_path.iterdir()) == []


async def test_a_failure_is_told_by_its_type_only(
    app: ClearwaterApp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crashed: list[BaseException] = []

    async def crash(error: BaseException) -> None:
        crashed.append(error)

    monkeypatch.setattr(app, "crash", crash)
    first = ValueError("what is secret")
    await app.fail(first)
    await app.fail(ValueError("again"))
    assert app.failure is first
    assert crashed == [first]
    assert "secret" not in "".join(capsys.readouterr())
