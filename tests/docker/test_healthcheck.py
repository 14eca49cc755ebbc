"""The image's health check against a real status server; no container needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.embedded.loopback import HOST, free_ports
from pipelines.runtime.health import Verdict
from pipelines.runtime.http import Pages, StatusServer

SCRIPT = Path(__file__).parents[2] / "docker" / "healthcheck.py"


@pytest.fixture
def port() -> Iterator[int]:
    pages = Pages(
        live=lambda: Verdict(holds=True, details={}),
        ready=lambda: Verdict(holds=False, details={}),
        metrics=lambda _: (b"", "text/plain"),
    )
    server = StatusServer(HOST, 0, pages)
    server.start()
    yield server.port
    server.stop()


def asked(port: int | str, *arguments: str, host: str = HOST) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "CLEARWATER_HTTP_HOST": host,
        "CLEARWATER_HTTP_PORT": str(port),
    }
    command = [sys.executable, "-IS", str(SCRIPT), *arguments]
    return subprocess.run(  # noqa: S603 - our own script
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_page_that_holds_is_healthy(port: int) -> None:
    assert asked(port).returncode == 0


def test_a_page_that_does_not_hold_is_not(port: int) -> None:
    assert asked(port, "/readyz").returncode == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""], ids=["v4", "v6", "unset"])  # noqa: S104 - what a worker listens on
def test_a_worker_that_listens_everywhere_is_asked_on_loopback(port: int, host: str) -> None:
    assert asked(port, host=host).returncode == 0


def test_nobody_listening_is_unhealthy_and_says_so_in_a_line() -> None:
    found = asked(free_ports(1)[0])
    assert found.returncode == 1
    assert found.stderr.endswith("/livez: ConnectionRefusedError\n")
