"""Producers that do not start, as real ones against brokers in trouble."""

from __future__ import annotations

import asyncio
from typing import Any


class Unopened:
    """Makes them: the first `failing` fail to start, later ones start.

    Attributes:
        error: What they fail with; None: they get no answer.
        failing: How many.
        names: The transactional ids they were made for.
        closed: Set once one was closed.
    """

    def __init__(self, error: BaseException | None, failing: int = 99) -> None:
        self.error = error
        self.failing = failing
        self.names: list[str] = []
        self.closed = asyncio.Event()
        self.client = self._sender = self._txn_manager = self

    def __call__(self, name: str) -> Any:
        self.names.append(name)
        return self

    async def start(self) -> None:
        if len(self.names) > self.failing:
            return
        if self.error is None:
            await asyncio.Event().wait()
        else:
            raise self.error

    async def close(self) -> None:
        self.closed.set()

    def wait_for_transaction_end(self) -> None:
        return None
