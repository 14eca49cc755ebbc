from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from pipelines.runtime.ledger import Entry, Ledger, Partition

PARTITIONS = [Partition("raw", 0), Partition("raw", 1), Partition("other", 0)]
ONE = PARTITIONS[0]
FULL = 60
"""Bytes of a full chunk."""


@dataclass
class Truth:
    """What one assignment of one partition really read and delivered."""

    started: int
    next: int
    read: list[tuple[int, int]] = field(default_factory=list)
    delivered: set[int] = field(default_factory=set)
    sent: dict[int, int] = field(default_factory=dict)

    def safe(self) -> int:
        """The furthest offset before which everything read was delivered."""
        safe = self.started
        for base, next_ in self.read:
            if base not in self.delivered:
                break
            safe = next_
        return safe


class LedgerLaw(RuleBasedStateMachine):
    """Whatever happens in whatever order: nothing early, nothing forgotten, nothing back."""

    chunks = Bundle("chunks")
    commits = Bundle("commits")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.truths: dict[Partition, Truth] = {}
        self.broker: dict[Partition, int] = defaultdict(int)

    @rule(target=chunks, partition=st.sampled_from(PARTITIONS), gap=st.integers(0, 3),
          length=st.integers(1, 9))  # fmt: skip
    def read(self, partition: Partition, gap: int, length: int) -> object:
        begin = self.broker[partition]
        if partition not in self.truths:
            self.ledger.start(partition, begin)
        truth = self.truths.setdefault(partition, Truth(begin, begin))
        base, next_ = truth.next, truth.next + gap + length
        assert self.ledger.jump(partition, base) == 0
        entry = self.ledger.add(partition, base, next_, 10 * length)
        truth.read.append((base, next_))
        truth.next = next_
        return (partition, truth, base, entry)

    @rule(chunk=chunks)
    def send(self, chunk: tuple[Partition, Truth, int, Entry]) -> None:
        partition, truth, base, entry = chunk
        if entry.sent or not self.ledger.may_send(partition, entry, FULL):
            return
        entry.sent = True
        truth.sent[base] = entry.size

    @rule(chunk=consumes(chunks))
    def deliver(self, chunk: tuple[Partition, Truth, int, Entry]) -> None:
        _, truth, base, entry = chunk
        truth.delivered.add(base)
        entry.done = True

    @rule(target=chunks, chunk=consumes(chunks), share=st.floats(0.1, 0.9))
    def split(self, chunk: tuple[Partition, Truth, int, Entry], share: float) -> Any:
        """Take a part off a chunk that waits: each is delivered for itself."""
        partition, truth, base, entry = chunk
        at = base + round((entry.next - base) * share)
        if entry.sent or not base < at < entry.next:
            return chunk
        head = self.ledger.split(partition, entry, at)
        place = truth.read.index((base, entry.next))
        truth.read[place : place + 1] = [(base, at), (at, entry.next)]
        return multiple((partition, truth, base, head), (partition, truth, at, entry))

    @rule(target=commits, reaches=st.booleans())
    def commit(self, *, reaches: bool) -> object:
        """Send a commit; the broker takes it, or it is lost on the way."""
        offsets = self.ledger.committable()
        for partition, offset in offsets.items() if reaches else ():
            assert offset <= self.truths[partition].safe(), "committed before it was delivered"
            assert offset >= self.broker[partition], "committed backwards"
            self.broker[partition] = offset
        return offsets if reaches else {}

    @rule(offsets=consumes(commits))
    def answer(self, offsets: dict[Partition, int]) -> None:
        """Hear of a commit, perhaps when the partition is long read anew."""
        for partition, offset in offsets.items():
            self.ledger.committed(partition, offset)

    @rule(partitions=st.sets(st.sampled_from(PARTITIONS)))
    def revoke(self, partitions: set[Partition]) -> None:
        self.ledger.drop(partitions)
        for partition in partitions:
            self.truths.pop(partition, None)

    @rule()
    def seek_to_committed(self) -> None:
        self.ledger.clear()
        self.truths.clear()

    @invariant()
    def offers_exactly_what_is_safe(self) -> None:
        offered = self.ledger.committable()
        for partition, offset in offered.items():
            assert offset == self.truths[partition].safe()
        for partition, truth in self.truths.items():
            if truth.safe() > max(truth.started, self.broker[partition]):
                assert partition in offered, "delivered and never committed"

    @invariant()
    def what_a_crash_would_double_is_one_full_chunk_at_most(self) -> None:
        for partition, truth in self.truths.items():
            sizes = [size for at, size in truth.sent.items() if at >= self.broker[partition]]
            assert sum(sizes) <= max(FULL, *sizes, 0)

    @invariant()
    def counts_what_is_in_flight(self) -> None:
        in_flight = {
            partition: len(truth.read) - len(truth.delivered)
            for partition, truth in self.truths.items()
        }
        assert {one: self.ledger.outstanding(one) for one in self.truths} == in_flight
        assert self.ledger.total_outstanding() == sum(in_flight.values())


TestLedgerLaw = LedgerLaw.TestCase


def test_a_chunk_done_out_of_turn_waits_for_its_forerunner() -> None:
    ledger = Ledger()
    first, second = ledger.add(ONE, 0, 10), ledger.add(ONE, 10, 20)
    second.done = True
    assert ledger.committable() == {}
    first.done = True
    assert ledger.committable() == {ONE: 20}


def test_the_chunk_at_the_very_commit_is_not_jumped_over() -> None:
    # stock Faust commits past a message that stands exactly at the last commit
    ledger = Ledger()
    ledger.start(ONE, 2585)
    ledger.add(ONE, 2585, 2586)
    ledger.add(ONE, 2586, 2590).done = True
    assert ledger.committable() == {}


@pytest.mark.parametrize("base", [0, 5], ids=["from the start", "over a compaction gap"])
def test_a_fresh_group_waits_for_its_first_chunk(base: int) -> None:
    ledger = Ledger()
    ledger.add(ONE, base, base + 5)
    ledger.add(ONE, base + 8, base + 9).done = True
    assert ledger.committable() == {}


def test_a_commit_that_failed_is_offered_again() -> None:
    ledger = Ledger()
    ledger.add(ONE, 0, 10).done = True
    assert ledger.committable() == {ONE: 10}
    assert ledger.committable() == {ONE: 10}
    ledger.committed(ONE, 10)
    assert ledger.committable() == {}


def test_an_orphan_cannot_touch_what_was_read_since() -> None:
    ledger = Ledger()
    orphan = ledger.add(ONE, 0, 10)
    ledger.drop([ONE])
    ledger.add(ONE, 0, 10)
    orphan.done = True
    assert ledger.committable() == {}


def test_offsets_deleted_before_they_were_read_are_told() -> None:
    ledger = Ledger()
    assert ledger.jump(ONE, 7) == 0, "where reading began is unknown"
    ledger.start(ONE, 100)
    assert ledger.jump(ONE, 100) == 0
    assert ledger.jump(ONE, 150) == 50
    ledger.add(ONE, 150, 160)
    assert ledger.jump(ONE, 160) == 0


def test_a_topic_made_again_is_committed_from_its_new_start() -> None:
    ledger = Ledger()
    ledger.add(ONE, 0, 1000).done = True
    ledger.committed(ONE, 1000)
    late = ledger.add(ONE, 1000, 1010)
    assert ledger.jump(ONE, 0) == -1010
    ledger.add(ONE, 0, 5).done = True
    late.done = True
    assert ledger.committable() == {ONE: 5}
    ledger.committed(ONE, 1010)  # the answer to a commit from before
    assert ledger.committable() == {ONE: 5}


def test_small_chunks_are_sent_side_by_side_and_full_ones_alone() -> None:
    ledger = Ledger()
    small = [ledger.add(ONE, base, base + 1, FULL // 2) for base in range(3)]
    for entry in small[:2]:
        assert ledger.may_send(ONE, entry, FULL)
        entry.sent = True
    assert not ledger.may_send(ONE, small[2], FULL)
    small[0].done = True
    assert not ledger.may_send(ONE, small[2], FULL), "delivered is not committed"
    ledger.committed(ONE, 1)
    assert ledger.may_send(ONE, small[2], FULL)
    small[1].done = small[2].done = True
    ledger.committed(ONE, 3)
    assert ledger.may_send(ONE, ledger.add(ONE, 3, 4, 9 * FULL), FULL)


def test_a_part_of_a_chunk_counts_for_its_part() -> None:
    ledger = Ledger()
    whole = ledger.add(ONE, 0, 10, 101)
    head = ledger.split(ONE, whole, 3)
    assert (head.size, whole.size) == (30, 71)
