"""LiveHandler: one source topic's handler, which can change between two chunks."""

from __future__ import annotations

from pipelines.runtime.handler import Handler


class LiveHandler:
    """Holds the handler of a topic; a chunk that has begun ends with the one it began with.

    Attributes:
        current: The handler that the next chunk gets.
    """

    def __init__(self, handler: Handler) -> None:
        """Start with a handler."""
        self.current = handler

    def pinned(self) -> Handler:
        """Return the handler as it is now."""
        return self.current
