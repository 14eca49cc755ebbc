"""Turns: a chunk is sent only when a crash would double no more than one full chunk with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pipelines.runtime.ledger import Entry, Ledger, Partition

_AGAIN_SECONDS = 0.05  # between two commits, where one was not taken


class Turns:
    """Lets the lanes of a process send, each in its turn.

    What was sent and is not committed is sent again after a crash. So a chunk that would make
    this more than one full chunk of its partition waits for the commit of those before it, which
    is then made at once, with that of every other partition that has one to make. Small chunks
    seldom wait: a commit is also made when half as much was sent and delivered.
    """

    def __init__(
        self,
        ledger: Ledger,
        commit: Callable[[], Awaitable[object]],
        fail: Callable[[BaseException], Awaitable[object]],
    ) -> None:
        """Take what it works with.

        Args:
            ledger: The chunks in flight.
            commit: Commits what is done, of all partitions.
            fail: Called when that fails: the process must end.
        """
        self._ledger = ledger
        self._commit = commit
        self._fail = fail
        self._waiting: dict[Partition, tuple[Entry, int, asyncio.Future[None]]] = {}
        self._committing: asyncio.Task[None] | None = None
        self._most = 0

    def of(self, partition: Partition, entry: Entry, most: int) -> asyncio.Future[None]:
        """Return what is done when a chunk may be sent; it is noted as sent then.

        Never, where its partition was taken away meanwhile: others read it again.

        Args:
            partition: Whose chunk it is; only one of each waits.
            entry: Its entry in the ledger.
            most: Bytes of a full chunk.
        """
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._most = most
        self._waiting[partition] = entry, most, turn
        self.committed(partition)
        self.done(partition)
        return turn

    def done(self, partition: Partition) -> None:
        """Note that a chunk is done: make the commit that somebody waits for, or would soon."""
        if self._is_due(partition) and (self._committing is None or self._committing.done()):
            self._committing = asyncio.create_task(
                self._committed_for_all(), name="commit for turns"
            )

    def committed(self, partition: Partition) -> None:
        """Note a commit: it may be the turn of who waits."""
        if partition not in self._waiting:
            return
        entry, most, turn = self._waiting[partition]
        if turn.done() or not self._ledger.knows(partition, entry):  # given up, or an orphan
            del self._waiting[partition]
        elif self._ledger.may_send(partition, entry, most):
            del self._waiting[partition]
            entry.sent = True
            turn.set_result(None)

    async def _committed_for_all(self) -> None:
        try:
            await self._commit_for_all()
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            await self._fail(error)

    async def _commit_for_all(self) -> None:
        """Commit until nobody waits for a commit that can be made, or would soon."""
        while any(map(self._is_due, before := self._ledger.committable())):
            await self._commit()
            for partition in list(self._waiting):
                self.committed(partition)
            if before.items() <= self._ledger.committable().items():  # it was not taken
                await asyncio.sleep(_AGAIN_SECONDS)

    def _is_due(self, partition: Partition) -> bool:
        would_soon = 0 < self._most <= 2 * self._ledger.uncommitted(partition)
        return would_soon or partition in self._waiting
