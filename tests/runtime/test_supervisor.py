from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from pipelines.runtime.health import Health
from pipelines.runtime.http import StatusServer
from pipelines.runtime.restarts import Restarts
from pipelines.runtime.supervisor import Supervisor, Worker, supervisor
from pipelines.runtime.workers_status import workers_status
from pipelines.settings import load_settings
from pipelines.telemetry.metrics import Metrics

# Says in a file that it runs and how it ended; drains for as long as it is told.
WORKER = """
import os, pathlib, signal, sys, time
me = pathlib.Path(os.environ["NOTES"])
def note(text):
    with me.open("a") as file:
        file.write(f"{text} {os.getpid()}\\n")
def drain(*_):
    time.sleep(float(os.environ.get("DRAIN", "0")))
    note("drained")
    sys.exit(int(os.environ.get("EXIT", "0")))
signal.signal(signal.SIGTERM, drain)
note("started")
if "DIE" in os.environ:
    sys.exit(int(os.environ["DIE"]))
while True:
    time.sleep(0.01)
"""


class Running:
    """A supervisor of real processes, at work in the test's own loop."""

    def __init__(self, tmp_path: Path, variables: list[dict[str, str]], drain: float) -> None:
        self.notes = [tmp_path / f"worker-{index}" for index in range(len(variables))]
        self.workers = [Worker(index, 0) for index in range(len(variables))]
        self.restarted: list[int] = []
        environments = [
            {**os.environ, "NOTES": str(note), **own}
            for note, own in zip(self.notes, variables, strict=True)
        ]
        supervising = Supervisor(
            [sys.executable, "-c", WORKER],
            environments,
            self.workers,
            drain_timeout=drain,
            make_restarts=lambda: Restarts(lambda: 1.0, first=0.05, most=3),
            on_restart=self.restarted.append,
        )
        self.exit_code: Awaitable[int] = asyncio.ensure_future(supervising.run())

    def said(self, index: int, word: str) -> list[int]:
        """Return the process ids that wrote the word."""
        note = self.notes[index]
        lines = note.read_text().splitlines() if note.exists() else []
        return [int(line.split()[1]) for line in lines if line.startswith(word)]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():  # noqa: ASYNC110 - other processes set no event here
                await asyncio.sleep(0.01)

    async def started(self, count: int = 1) -> None:
        await self.until(
            lambda: all(len(self.said(i, "started")) >= count for i in range(len(self.notes)))
        )


async def test_sigterm_drains_every_worker_and_ends_clean(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"DRAIN": "0.2"}, {}], drain=10)
    await running.started()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running.exit_code == 0
    assert running.said(0, "drained") == running.said(0, "started")
    assert running.said(1, "drained") == running.said(1, "started")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["Ctrl-C", "hang-up"])
async def test_other_ways_to_stop_drain_too(tmp_path: Path, number: signal.Signals) -> None:
    running = Running(tmp_path, [{}], drain=10)
    await running.started()
    os.kill(os.getpid(), number)
    assert await running.exit_code == 0
    assert len(running.said(0, "drained")) == 1


async def test_a_killed_worker_comes_back_and_its_neighbour_notices_nothing(
    tmp_path: Path,
) -> None:
    running = Running(tmp_path, [{}, {}], drain=10)
    await running.started()
    (first,) = running.said(0, "started")
    assert os.getsid(first) == first  # Ctrl-C in a terminal must not reach it by itself
    os.kill(first, signal.SIGKILL)
    await running.until(lambda: len(running.said(0, "started")) == 2)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running.exit_code == 0
    assert len(running.said(1, "started")) == 1
    assert running.restarted == [0]
    assert running.workers[0].restarts == 1


async def test_a_worker_that_cannot_drain_is_killed_and_the_exit_code_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.runtime.supervisor.GRACE_SECONDS", 0.1)
    running = Running(tmp_path, [{"DRAIN": "60"}, {}], drain=0.2)
    await running.started()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running.exit_code == 1
    assert len(running.said(1, "drained")) == 1


async def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"DRAIN": "60"}], drain=60)
    await running.started()
    began = time.monotonic()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running.exit_code == 1
    assert time.monotonic() - began < 10


async def test_a_drain_that_failed_is_the_overall_exit_code(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"EXIT": "1"}, {}], drain=10)
    await running.started()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running.exit_code == 1


async def test_a_wrong_declaration_starts_once_and_ends_with_2(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"DIE": "2"}, {"DIE": "2"}], drain=10)
    assert await running.exit_code == 2
    assert len(running.said(0, "started")) == 1


async def test_a_worker_that_always_fails_is_left_after_its_restarts(tmp_path: Path) -> None:
    running = Running(tmp_path, [{"DIE": "1"}], drain=10)
    assert await running.exit_code == 1
    assert len(running.said(0, "started")) == 4


def test_each_worker_has_its_own_port_name_and_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWATER_GROUP", "g1")
    settings = load_settings(
        {"workers": "2", "http_port": "9000", "instance_id": "pod-3", "log_level": "debug"}
    )
    made = supervisor(settings, ["worker"])
    one, other = made.environments

    assert [worker.port for worker in made.workers] == [9001, 9002]
    assert [one["CLEARWATER_HTTP_PORT"], other["CLEARWATER_HTTP_PORT"]] == ["9001", "9002"]
    assert one["CLEARWATER_INSTANCE_ID"] == "pod-3-0"
    assert other["CLEARWATER_INSTANCE_ID"] == "pod-3-1"
    assert one["CLEARWATER_HTTP_HOST"] == "127.0.0.1"
    assert one["CLEARWATER_WORKERS"] == "1"
    assert one["CLEARWATER_GROUP"] == "g1"
    assert one["CLEARWATER_LOG_LEVEL"] == "debug"
    assert one["CLEARWATER_SUPERVISOR"] == str(os.getpid())


def test_a_free_port_is_found_where_none_is_named() -> None:
    made = supervisor(load_settings({"workers": "3", "http_port": "0"}), ["worker"])
    assert len({worker.port for worker in made.workers} - {0}) == 3


def test_a_worker_whose_supervisor_was_killed_stops() -> None:
    child = (
        "import asyncio,os;from pipelines.runtime.supervisor import stop_without_supervisor as s"
    )
    child += ";parent=os.getppid();print(os.getpid(), flush=True);asyncio.run(s(parent, 0.05))"
    parent = f"import subprocess,sys;subprocess.run([sys.executable, '-c', {child!r}])"
    command = [sys.executable, "-c", parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own text
        assert process.stdout is not None
        worker = psutil.Process(int(process.stdout.readline()))
        process.kill()
        process.wait()
        assert not psutil.wait_procs([worker], timeout=10)[1]


STATUS = textwrap.dedent(
    """
    import sys, time
    from pipelines.runtime.health import Health, PipelineHealth
    from pipelines.runtime.http import Pages, StatusServer
    from pipelines.telemetry.metrics import Metrics
    health, metrics = Health(joined=True), Metrics()
    health.pipelines["orders"] = PipelineHealth(assigned=1)
    metrics.started("orders", "r1")
    server = StatusServer("127.0.0.1", 0, Pages(health.live, health.ready, metrics.exposition))
    server.start()
    print(server.port, flush=True)
    time.sleep(60)
    """
)


@pytest.fixture
def workers() -> Iterator[tuple[list[Worker], list[subprocess.Popen[bytes]]]]:
    command = [sys.executable, "-c", STATUS]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - our own text
        for _ in range(2)
    ]
    ports = [int(process.stdout.readline()) for process in processes if process.stdout]
    yield [Worker(index, port) for index, port in enumerate(ports)], processes
    for process in processes:
        process.kill()
        process.communicate()


def test_one_port_answers_for_all_workers(
    workers: tuple[list[Worker], list[subprocess.Popen[bytes]]],
) -> None:
    states, processes = workers
    metrics = Metrics()
    metrics.worker_restarts[("1",)].inc()
    server = StatusServer("127.0.0.1", 0, workers_status(states, Health(), metrics))
    server.start()
    base = f"http://127.0.0.1:{server.port}"
    ready = httpx.get(f"{base}/readyz")
    scraped = httpx.get(f"{base}/metrics").text
    processes[1].kill()
    processes[1].wait()
    half = httpx.get(f"{base}/readyz")
    half_scraped = httpx.get(f"{base}/metrics").text
    live = httpx.get(f"{base}/livez")
    server.stop()

    assert ready.status_code == 200
    assert ready.json()["workers"]["1"]["pipelines"]["orders"]["assigned"] == 1
    for worker in "01":
        assert f'clearwater_records_in_total{{pipeline="orders",worker="{worker}"}} 0.0' in scraped
        assert f'clearwater_worker_up{{worker="{worker}"}} 1.0' in scraped
    assert 'clearwater_worker_restarts_total{worker="1"} 1.0' in scraped
    assert half.status_code == 503
    assert half.json()["workers"]["1"] == {"ok": False, "reason": "does not answer"}
    assert 'clearwater_worker_up{worker="1"} 0.0' in half_scraped
    assert live.status_code == 200
