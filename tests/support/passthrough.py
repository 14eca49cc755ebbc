"""The runtime alone in a process of its own: `tests/runtime/passthrough_worker.py`."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "runtime" / "passthrough_worker.py"


class Passing:
    """One process that passes records on.

    Attributes:
        folder: Where it runs; it is to leave nothing there.
    """

    def __init__(
        self, broker: str, group: str, log: Path, *pairs: str, settings: dict[str, str]
    ) -> None:
        self.folder = log.with_suffix("")
        self.folder.mkdir()
        self._log = log
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
        arguments = [sys.executable, str(SCRIPT), broker, group, str(log.parent), *pairs]
        with log.open("ab") as sink:
            self.process = subprocess.Popen(  # noqa: S603 - our own script
                arguments, env=environment, stdout=sink, stderr=sink, cwd=self.folder
            )

    async def says(self, text: str, within: float = 20.0) -> None:
        """Wait until it printed a text."""
        deadline = time.monotonic() + within
        while text not in self.printed():
            assert time.monotonic() < deadline, f"not said: {text}\n{self.printed()[-3000:]}"
            await asyncio.sleep(0.05)

    async def ready(self) -> None:
        """Wait until it has its partitions."""
        await self.says("assigned ")

    async def terminated(self) -> int:
        """Tell it to end, wait until it has, return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self, within: float = 25.0) -> int:
        """Wait until it has ended, return its exit code."""
        return await asyncio.to_thread(self.process.wait, within)

    def printed(self) -> str:
        """Return all it printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")
