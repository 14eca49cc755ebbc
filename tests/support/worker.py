"""A real `clearwater run` in a process of its own, for tests."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from pipelines.embedded.loopback import free_ports
from pipelines.keyring import create_key


class WorkerProcess:
    """One worker process.

    Attributes:
        log: File with all it printed.
        port: Its status port.
        keys: Its key folder.
    """

    def __init__(
        self,
        folder: Path,
        broker: str,
        group: str,
        *,
        keys: Sequence[str] = ("dead-letters", "customers"),
        settings: Mapping[str, str] | None = None,
        name: str = "worker",
        sink: int | None = None,
        command: Sequence[str] = ("-m", "pipelines"),
    ) -> None:
        self.keys = folder.parent / "keys"
        self.keys.mkdir(exist_ok=True)
        for key in keys:
            if not (self.keys / f"{key}.key").exists():
                create_key(self.keys, key)
        self.port = free_ports(1)[0]
        self.log = folder.parent / f"{name}.log"
        environment = {
            **{
                key: value for key, value in os.environ.items() if not key.startswith("CLEARWATER_")
            },
            "CLEARWATER_BROKERS": broker,
            "CLEARWATER_GROUP": group,
            "CLEARWATER_KEYS": str(self.keys),
            "CLEARWATER_HTTP_PORT": str(self.port),
            "CLEARWATER_SESSION_TIMEOUT": "6s",
            "CLEARWATER_COMMIT_INTERVAL": "300ms",
            "CLEARWATER_DRAIN_TIMEOUT": "10s",
            **(settings or {}),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, "run", str(folder)],
                env=environment,
                stdout=sink or log,
                stderr=sink or log,
            )

    async def ready(self, within: float = 30.0) -> None:
        """Wait until it takes part."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.printed()[-3000:]
            if self.status("readyz") == httpx.codes.OK:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"not ready: {self.printed()[-3000:]}")

    def status(self, page: str) -> int:
        """Return the status code of a page; 0 if it does not answer."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/{page}", trust_env=False).status_code
        except httpx.TransportError:
            return 0

    def readiness(self) -> dict[str, Any]:
        """Return what `/readyz` says, with its status as `status`."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", trust_env=False)
        return {**answer.json(), "status": answer.status_code}

    def metrics(self) -> str:
        """Return what `/metrics` shows."""
        return httpx.get(f"http://127.0.0.1:{self.port}/metrics", trust_env=False).text

    def terminate(self) -> int:
        """Ask it to end; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait(10)

    def printed(self) -> str:
        """Return all it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")
