"""A worker that is wrong on purpose: the checker must tell. Arguments: the mistake, then a command.

`early`: offsets are committed before anything is sent. `raw`: one record in a hundred leaves as it
came. `reorder`: the records of a chunk leave in the opposite order.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from pipelines.cli import main
from pipelines.runtime.at_least_once import AtLeastOnce
from pipelines.runtime.carrier import Work
from pipelines.runtime.ledger import Entry, Partition
from pipelines.runtime.turns import Turns

_COMMITTED_SECONDS = 1.5  # longer than the interval of commits

Carry = Callable[[AtLeastOnce, Work], Awaitable[None]]


def at_once(self: Turns, partition: Partition, entry: Entry, most: int) -> asyncio.Future[None]:
    del self, partition, entry, most
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    turn.set_result(None)
    return turn


def early(right: Carry) -> Carry:
    Turns.of = at_once  # type: ignore[method-assign] # else what is committed is never sent

    async def carry(self: AtLeastOnce, work: Work) -> None:
        self._commits.done(work.chunk)
        await asyncio.sleep(_COMMITTED_SECONDS)
        await right(self, work)

    return carry


def raw(right: Carry) -> Carry:
    async def carry(self: AtLeastOnce, work: Work) -> None:
        came = {one.offset: one.value or b"" for one in work.chunk.records()}
        for outputs in work.outputs.values():
            for at, output in enumerate(outputs):
                if output.offset % 100 == 10:
                    outputs[at] = output._replace(value=came[output.offset])
        await right(self, work)

    return carry


def reorder(right: Carry) -> Carry:
    async def carry(self: AtLeastOnce, work: Work) -> None:
        for outputs in work.outputs.values():
            outputs.reverse()
        await right(self, work)

    return carry


MISTAKES = {"early": early, "raw": raw, "reorder": reorder}

if __name__ == "__main__":
    for name in sys.argv.pop(1).split("+"):
        AtLeastOnce.carry = MISTAKES[name](AtLeastOnce.carry)  # type: ignore[method-assign,assignment] # wrong on purpose
    main()
