"""JavaProcess: one Java program, ended by its id, at the latest with the process that began it."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.embedded.java import java
from pipelines.errors import ConfigError

_STOP_SECONDS = 15.0
_POLL_SECONDS = 0.05
_LOG_TAIL = 1500

_GUARD = 'read -r _; kill -9 "$0"'
"""Waits for the end of its input, which is the end of whoever holds the other end of the pipe."""


class JavaProcess:
    """One Java program that is running.

    It ends when it is told to, when this process ends in order, and, by a guard of its own, when
    this process is killed: nothing is left behind.

    Attributes:
        name: What it is called in messages.
        log: File with all it printed.
    """

    def __init__(self, name: str, arguments: Sequence[str], folder: Path) -> None:
        """Start it in `folder`, with its output there."""
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                [str(java()), *arguments],
                stdout=sink,
                stderr=sink,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for the worker first
            )
        self._guard = subprocess.Popen(  # noqa: S603 - our own command line
            ["/bin/sh", "-c", _GUARD, str(self._process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(self.kill)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """It has not ended."""
        if self._process.poll() is None:
            return True
        self._dismiss_guard()  # the id may soon be another's
        return False

    def wait_ready(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until it is ready.

        Raises:
            ConfigError: It ended, or was not ready in time; with the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running or time.monotonic() > deadline:
                what = "did not get ready" if self.is_running else "ended"
                self.kill()
                end = self.log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
                raise ConfigError(f"{self.name} {what}; its log ends:\n{end}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it in order, by force if it takes too long."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Stand still: connections stay open and nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        os.kill(self.pid, signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        atexit.unregister(self.kill)
        self._dismiss_guard()
        if self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _dismiss_guard(self) -> None:
        if self._guard.poll() is None:
            self._guard.kill()
            self._guard.wait()
        if self._guard.stdin is not None:
            self._guard.stdin.close()
