"""A pod as a plain process, for machines where no container engine runs.

The same worker, probes, signals and mounted folders; no security context, no network of its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from pipelines.embedded.loopback import HOST, free_ports

_GRACE_SECONDS = 45.0


class ProcessPod:
    """A worker process with the surface of `Pod`.

    Attributes:
        name: Its name.
        probed: What each probe answered, in order: path and status.
        is_ready: What readiness said last.
    """

    def __init__(self, name: str, folders: Mapping[str, Path], settings: Mapping[str, str]) -> None:
        """Start nothing yet.

        Args:
            name: Its name.
            folders: The mounted `pipelines` and `keys`.
            settings: Environment variables.
        """
        self.name = name
        self.probed: list[tuple[str, int]] = []
        self.is_ready = False
        self._pipelines = folders["pipelines"]
        self._port = free_ports(1)[0]
        self._log = folders["pipelines"].parent / f"{name}.log"
        inherited = {key: text for key, text in os.environ.items() if "CLEARWATER_" not in key}
        own = {"CLEARWATER_KEYS": str(folders["keys"]), "CLEARWATER_HTTP_PORT": str(self._port)}
        self._environment = {**inherited, **own, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self._asking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it; its probes are asked from now on."""
        with self._log.open("ab") as sink:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own command, at once
                [sys.executable, "-m", "pipelines", "run", str(self._pipelines)],
                env=self._environment,
                stdout=sink,
                stderr=sink,
            )
        self._asking = asyncio.create_task(self._ask())

    async def ready(self, within: float = 60.0, steady: float = 0.0) -> None:
        """Wait until it has been ready for `steady` seconds."""
        deadline, since = time.monotonic() + within, None
        while since is None or time.monotonic() - since < steady:
            assert time.monotonic() < deadline, f"{self.name} is not ready: {self.printed()}"
            assert self._started().poll() is None, f"{self.name} ended: {self.printed()}"
            since = (since or time.monotonic()) if self.is_ready else None
            await asyncio.sleep(0.1)

    async def stop(self) -> tuple[int, float]:
        """End it as a kubelet does; return its exit code and the seconds that it took."""
        self._ask_no_more()
        began = time.monotonic()
        self._started().send_signal(signal.SIGTERM)
        try:
            code = await asyncio.to_thread(self._started().wait, _GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._started().kill()
            code = await asyncio.to_thread(self._started().wait)
        return code, time.monotonic() - began

    async def page(self, path: str) -> str:
        """Return what a page of its status port says."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"http://{HOST}:{self._port}{path}")).text

    def changed(self) -> list[str]:
        """Return nothing: a process has no root file system of its own."""
        return []

    def printed(self) -> str:
        """Return the end of its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def remove(self) -> None:
        """End it at once, if it runs."""
        self._ask_no_more()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def _ask_no_more(self) -> None:
        self.is_ready = False
        if self._asking is not None:
            self._asking.cancel()

    async def _ask(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
            while True:
                for path in ("/livez", "/readyz"):
                    status = 0
                    with suppress(httpx.TransportError):
                        status = (await client.get(f"http://{HOST}:{self._port}{path}")).status_code
                    self.probed.append((path, status))
                    if path == "/readyz":
                        self.is_ready = status == httpx.codes.OK
                await asyncio.sleep(0.25)
