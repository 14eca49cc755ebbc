from __future__ import annotations

import asyncio

import pytest

from pipelines.runtime import turns
from pipelines.runtime.ledger import Entry, Ledger, Partition
from pipelines.runtime.turns import Turns

FULL = 100
ONE, OTHER = Partition("raw", 0), Partition("raw", 1)


class Broker:
    """Takes commits, when it is told to."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.turns = Turns(self.ledger, self.commit, self.fail)
        self.answers = asyncio.Event()
        self.answers.set()
        self.refusals = 0
        self.error: Exception | None = None
        self.commits: list[dict[Partition, int]] = []
        self.failed: list[BaseException] = []

    async def commit(self) -> None:
        if self.error is not None:
            raise self.error
        offsets = self.ledger.committable()
        self.commits.append(offsets)
        await self.answers.wait()
        if self.refusals:
            self.refusals -= 1
            return
        for partition, offset in offsets.items():
            self.ledger.committed(partition, offset)
            self.turns.committed(partition)

    async def fail(self, error: BaseException) -> None:
        self.failed.append(error)

    def sent(self, partition: Partition, base: int) -> Entry:
        entry = self.ledger.add(partition, base, base + 1, FULL)
        assert self.turns.of(partition, entry, FULL).done()
        assert entry.sent
        return entry

    def waiting(self, partition: Partition, base: int) -> asyncio.Future[None]:
        entry = self.ledger.add(partition, base, base + 1, FULL)
        turn = self.turns.of(partition, entry, FULL)
        assert not turn.done()
        assert not entry.sent
        return turn

    def done(self, partition: Partition, entry: Entry) -> None:
        entry.done = True
        self.turns.done(partition)


@pytest.fixture
async def broker() -> Broker:
    return Broker()


async def test_a_full_chunk_waits_for_the_commit_of_the_one_before_which_is_made_at_once(
    broker: Broker,
) -> None:
    first = broker.sent(ONE, 0)
    turn = broker.waiting(ONE, 1)
    await asyncio.sleep(0.01)
    assert broker.commits == [], "nothing is done"
    broker.done(ONE, first)
    async with asyncio.timeout(5):
        await turn
    assert broker.commits == [{ONE: 1}]


async def test_where_nobody_waits_a_commit_is_made_for_half_a_full_chunk(broker: Broker) -> None:
    for base, size in enumerate((FULL // 4, FULL // 4, FULL // 4)):
        entry = broker.ledger.add(ONE, base, base + 1, size)
        assert broker.turns.of(ONE, entry, FULL).done()
        broker.done(ONE, entry)
        await asyncio.sleep(0.01)
    assert broker.commits == [{ONE: 2}]


async def test_what_was_never_sent_needs_no_commit_soon(broker: Broker) -> None:
    entry = broker.ledger.add(ONE, 0, 1, FULL)
    broker.done(ONE, entry)
    broker.done(OTHER, broker.sent(OTHER, 0))
    await asyncio.sleep(0.01)
    broker.done(ONE, broker.ledger.add(ONE, 1, 2, FULL))
    await asyncio.sleep(0.01)
    assert broker.commits == [{ONE: 1, OTHER: 1}]


async def test_who_comes_when_the_one_before_is_done_waits_for_its_commit(broker: Broker) -> None:
    broker.done(ONE, broker.sent(ONE, 0))
    turn = broker.waiting(ONE, 1)
    async with asyncio.timeout(5):
        await turn
    assert broker.commits == [{ONE: 1}]


async def test_one_commit_is_made_for_all_that_wait(broker: Broker) -> None:
    firsts = [broker.sent(one, 0) for one in (ONE, OTHER)]
    waiting = [broker.waiting(one, 1) for one in (ONE, OTHER)]
    for partition, first in zip((ONE, OTHER), firsts, strict=True):
        broker.done(partition, first)
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)
    assert broker.commits == [{ONE: 1, OTHER: 1}]


async def test_what_is_done_while_a_commit_is_under_way_gets_the_next(broker: Broker) -> None:
    firsts = [broker.sent(one, 0) for one in (ONE, OTHER)]
    waiting = [broker.waiting(one, 1) for one in (ONE, OTHER)]
    broker.answers.clear()
    broker.done(ONE, firsts[0])
    await asyncio.sleep(0)
    broker.done(OTHER, firsts[1])
    broker.answers.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)
    assert broker.commits == [{ONE: 1}, {OTHER: 1}]


async def test_a_commit_that_is_not_taken_is_made_again(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_AGAIN_SECONDS", 0.001)
    broker.refusals = 2
    first = broker.sent(ONE, 0)
    turn = broker.waiting(ONE, 1)
    broker.done(ONE, first)
    async with asyncio.timeout(5):
        await turn
    assert broker.commits == [{ONE: 1}] * 3


async def test_a_commit_that_fails_ends_the_process(broker: Broker) -> None:
    broker.error = OSError()
    first = broker.sent(ONE, 0)
    turn = broker.waiting(ONE, 1)
    broker.done(ONE, first)
    await asyncio.sleep(0.01)
    assert broker.failed == [broker.error]
    assert not turn.done()


async def test_who_was_given_up_is_forgotten(broker: Broker) -> None:
    broker.sent(ONE, 0)
    broker.waiting(ONE, 1).cancel()
    broker.turns.committed(ONE)
    broker.ledger.drop([ONE])
    broker.sent(ONE, 0)


async def test_what_was_taken_away_is_never_sent(broker: Broker) -> None:
    broker.sent(ONE, 0)
    turn = broker.waiting(ONE, 1)
    left = broker.ledger.add(ONE, 2, 3, FULL)
    broker.ledger.drop([ONE])
    broker.turns.committed(ONE)
    late = broker.turns.of(ONE, left, FULL)
    broker.sent(ONE, 0)  # assigned again
    await asyncio.sleep(0)
    assert not turn.done()
    assert not late.done()
    assert not left.sent
