"""LogWriter: lines to a file or pipe that may be slow, hang or be gone; nobody waits for it."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable

MOST_LINES = 10_000
"""Lines that wait to be written; what comes when there are as many is dropped and counted."""


class LogWriter:
    """Takes lines at once and writes them in a thread of its own, in order.

    Whoever reads the log may stop reading: a write to a full pipe would stand still, and with it
    the event loop and every record.
    """

    def __init__(
        self, descriptor: int, tell: Callable[[int], object], most: int = MOST_LINES
    ) -> None:
        """Begin to write.

        Args:
            descriptor: Where to.
            tell: Told how many lines were dropped, once lines can be written again.
            most: How many lines may wait.
        """
        self._descriptor = descriptor
        self._tell = tell
        self._most = most
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._changed = threading.Condition()
        self._writing = False
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def write(self, text: str) -> None:
        """Take a line; never waits and never fails."""
        with self._changed:
            if len(self._lines) >= self._most:
                self._dropped += 1
                return
            self._lines.append(text)
            self._changed.notify_all()

    def flush(self) -> None:
        """Do nothing: see `drain`."""

    def drain(self, seconds: float) -> bool:
        """Wait until everything is written; False if it is not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._lines or self._writing), seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._lines)
                text = self._lines.popleft()
                self._writing = True
            lost = not self._written(text.encode("utf-8", "backslashreplace"))
            with self._changed:
                self._dropped += lost
                dropped = 0 if lost else self._dropped
                self._dropped -= dropped
            if dropped:
                self._tell(dropped)

    def _written(self, line: bytes) -> bool:
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError:  # nobody is there to read it
            return False
        return True
