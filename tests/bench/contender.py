"""Contender: one worker process under measurement - how to start it, what it cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psutil

HERE = Path(__file__).parent

PIPELINE = """\
pipeline: bench
source: {{topic: {source}, value: json, key: string}}
steps:
  - {{step: drop, id: test, when: message.test, reason: test_order}}
privacy:
  fields:
    card:  {{mask: {{keep_last: 4}}}}
    email: {{hash: {{key: bench}}}}
  scan: {scan}
publish:     {{topic: {destination}, value: json}}
dead_letter: {{topic: {destination}.dead, key: bench}}
delivery: {delivery}
"""


@dataclass(slots=True)
class Contender:
    """One way of doing the work.

    Attributes:
        name: What the table calls it.
        kind: `faust`, `clearwater` or `bare`.
        scan: What a Clearwater pipeline scans.
        delivery: How a Clearwater pipeline delivers.
        share: Part of the records it gets; slow ones get fewer.
    """

    name: str
    kind: str
    scan: str = "everything"
    delivery: str = "at_least_once"
    share: float = 1.0
    process: subprocess.Popen[bytes] | None = None
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="bench-")))

    def group(self, source: str) -> str:
        """Return the consumer group it reads `source` with."""
        return f"bench-{source}" if self.kind == "clearwater" else f"bench-{self.kind}"

    def start(self, broker: str, source: str, destination: str) -> None:
        """Start the worker process."""
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
        if self.kind == "clearwater":
            command = [sys.executable, "-m", "pipelines", "run", str(self.folder)]
            text = PIPELINE.format(
                source=source,
                destination=destination,
                scan=self.scan,
                delivery=self.delivery,
            )
            (self.folder / "bench.yaml").write_text(text, encoding="utf-8")
            keys = self.folder / "keys"
            make = [sys.executable, "-m", "pipelines", "keys", "create", "bench"]
            subprocess.run([*make, "--keys", str(keys)], check=True, stdout=subprocess.DEVNULL)
            environment |= {
                "CLEARWATER_BROKERS": broker,
                "CLEARWATER_GROUP": self.group(source),
                "CLEARWATER_KEYS": str(keys),
                "CLEARWATER_HTTP_PORT": "0",
                "CLEARWATER_COMPRESSION": "none",
                "CLEARWATER_LOG_LEVEL": "warning",
            }
        else:
            command = [sys.executable, str(HERE / f"worker_{self.kind}.py")]
            command += [broker, source, destination, str(self.folder)]
        log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def cpu_seconds(self) -> float:
        """Return user and system seconds of the process so far."""
        times = self._watched().cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        """Return the resident memory in MB."""
        return float(self._watched().memory_info().rss) / 1e6

    def pause(self) -> None:
        """Stop the process for a moment, so that a backlog can be made."""
        self._watched().suspend()

    def go_on(self) -> None:
        """Let a paused process go on."""
        self._watched().resume()

    def stop(self) -> None:
        """End the process, by force after ten seconds."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _watched(self) -> psutil.Process:
        if self.process is None or self.process.poll() is not None:
            log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} is not running; its log ends:\n{log}")
        return psutil.Process(self.process.pid)
