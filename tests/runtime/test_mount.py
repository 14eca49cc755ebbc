from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import faust
import pytest
from faust.transport.drivers import by_url

from pipelines import api
from pipelines.errors import ConfigError
from pipelines.keyring import create_key
from pipelines.runtime.driver.transport import ChunkTransport
from tests.support.traffic import Traffic

EXAMPLES = Path(__file__).parents[2] / "pipelines" / "examples"
LINES = [
    b'203.0.113.7 - - [02/Mar/2026:08:00:00 +0000] "GET /cart HTTP/1.1" 200 512 "-" "curl/8"',
    b'203.0.113.7 - - [02/Mar/2026:08:00:01 +0000] "POST /pay HTTP/1.1" 503 12 "-" "curl/8"',
    b"cut off",
    b'203.0.113.9 - - [02/Mar/2026:08:00:02 +0000] "GET /help HTTP/1.1" 500 12 "-" "curl/8"',
]
SECONDS = 240.0  # one wait; on a machine with many at work


def mounted_on(**settings: Any) -> api.Mounted:
    app = faust.App("mounted", **{"broker": "clearwater://127.0.0.1:1", **settings})
    project = api.load(EXAMPLES / "weblogs.yaml")
    found = api.mount(app, project, keys=api.TrialKeyring())
    assert list(app.agents) == ["clean weblogs.raw"]
    return found


def test_pipelines_are_mounted_beside_the_agents_of_an_app() -> None:
    mounted = mounted_on()
    assert set(mounted.health) == {"weblogs"}
    assert b'clearwater_pipeline_info{pipeline="weblogs"' in mounted.metrics.exposition()[0]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"broker": "kafka://127.0.0.1:1"}, "write clearwater://host:port"),
        ({"producer_threaded": True}, "`producer_threaded` must be False"),
        ({"stream_wait_empty": False}, "`stream_wait_empty` must be True"),
        ({"processing_guarantee": "exactly_once"}, "must be at_least_once"),
    ],
)
def test_an_app_that_would_lose_records_is_refused(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        mounted_on(**settings)


def test_an_app_finds_the_transport_without_importing_us() -> None:
    script = (
        "from faust.transport.drivers import by_url; print(by_url('clearwater://h:1').__name__)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ChunkTransport.__name__ == by_url("clearwater://h:1").__name__


@pytest.fixture
async def app(traffic: Traffic, tmp_path: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """The shipped app, as `faust worker` runs it, the pipeline's topics made."""
    for topic in ("raw", "clean", "errors", "dead"):
        await traffic.exactly(f"weblogs.{topic}", 1)
    for name in ("customers", "dead-letters"):
        create_key(tmp_path / "keys", name)
    environment = {
        **os.environ,
        "CLEARWATER_BROKERS": traffic.bootstrap,
        "CLEARWATER_GROUP": "faust-app",
        "CLEARWATER_KEYS": str(tmp_path / "keys"),
    }
    command = [sys.executable, "-m", "faust", "-A", "pipelines.examples.faust_app.app", "worker"]
    with (tmp_path / "printed").open("wb") as sink:
        process = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
            [*command, "--without-web"],
            env=environment,
            stdout=sink,
            stderr=sink,
            cwd=tmp_path,
        )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    sys.stdout.write((tmp_path / "printed").read_text(errors="replace"))


@pytest.mark.timeout(600)
async def test_an_app_of_ones_own_reads_what_the_pipeline_beside_it_wrote(
    traffic: Traffic, app: subprocess.Popen[bytes]
) -> None:
    await traffic.produce("weblogs.raw", [(None, line) for line in LINES])

    failures = await traffic.consume("weblogs.failures", 2, within=SECONDS)
    clean = await traffic.consume("weblogs.clean", 3)
    await traffic.consume("weblogs.dead", 1)

    assert [json.loads(one.value or b"")["path"] for one in failures] == ["/pay", "/help"]
    assert [one.key for one in failures] == [b"POST", b"GET"]
    assert not any(b"203.0.113" in (one.value or b"") for one in clean)

    app.terminate()
    assert await asyncio.to_thread(app.wait, SECONDS) == 0
    assert await traffic.committed("faust-app", "weblogs.raw") == {0: len(LINES)}
    assert await traffic.committed("faust-app", "weblogs.clean") == {0: 3}
