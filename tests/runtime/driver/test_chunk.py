from __future__ import annotations

import pytest
from aiokafka.errors import CorruptRecordException
from aiokafka.structs import TopicPartition

from pipelines.runtime.driver.chunk import Chunk, drained
from pipelines.runtime.ledger import Partition
from tests.support.chunks import ABORT, COMMIT, batch, chunk_of, fetched, marker

PART = Partition("raw", 3)
TP = TopicPartition("raw", 3)

pytestmark = pytest.mark.asyncio  # aiokafka's states make futures


def values(chunk: Chunk | None) -> list[bytes | None]:
    assert chunk is not None
    return [one.value for one in chunk.records()]


async def test_all_batches_of_a_fetch_are_one_chunk() -> None:
    result = fetched(PART, 10, [batch(10, [b"a", b"b"]), batch(12, [b"c"])])
    chunk = drained(PART, result)
    assert values(chunk) == [b"a", b"b", b"c"]
    assert chunk is not None
    assert (chunk.base, chunk.next) == (10, 13)
    assert result._assignment.state_value(TP).position == 13
    assert drained(PART, result) is None, "taken once"


async def test_records_before_the_position_are_left_out() -> None:
    chunk = drained(PART, fetched(PART, 11, [batch(10, [b"a", b"b", b"c"])]))
    assert values(chunk) == [b"b", b"c"]
    assert chunk is not None
    assert (chunk.base, chunk.next) == (11, 13)


async def test_gaps_of_compaction_are_covered() -> None:
    chunk = drained(PART, fetched(PART, 5, [batch(40, [b"a"]), batch(90, [b"b"])]))
    assert chunk is not None
    assert (chunk.base, chunk.next) == (5, 91)


async def test_markers_of_transactions_are_covered_and_not_handed_out() -> None:
    log = [batch(0, [b"a"], producer=7), marker(1, 7, COMMIT)]
    chunk = drained(PART, fetched(PART, 0, log))
    assert values(chunk) == [b"a"]
    assert chunk is not None
    assert chunk.next == 2


async def test_aborted_records_are_covered_and_not_handed_out() -> None:
    log = [batch(0, [b"kept"]), batch(1, [b"aborted"], producer=7), marker(2, 7, ABORT),
           batch(3, [b"later"], producer=7), marker(4, 7, COMMIT)]  # fmt: skip
    chunk = drained(PART, fetched(PART, 0, log, aborted=[(7, 1)]))
    assert values(chunk) == [b"kept", b"later"]
    assert chunk is not None
    assert chunk.next == 5


async def test_nothing_but_markers_is_an_empty_chunk_that_moves_the_commit() -> None:
    chunk = drained(PART, fetched(PART, 8, [marker(8, 7, COMMIT)]))
    assert values(chunk) == []
    assert chunk is not None
    assert (chunk.base, chunk.next) == (8, 9)


async def test_records_are_there_for_a_second_try_and_let_go_when_done() -> None:
    chunk = chunk_of(PART, 0, [b"a", b"b"])
    assert values(chunk) == values(chunk) == [b"a", b"b"]
    chunk.release()
    assert values(chunk) == []


def corrupted(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


async def test_a_corrupt_batch_ends_the_chunk_before_it() -> None:
    result = fetched(PART, 0, [batch(0, [b"a"]), corrupted(batch(1, [b"b"]))])
    chunk = drained(PART, result)
    assert values(chunk) == [b"a"]
    assert result._assignment.state_value(TP).position == 1, "fetched again from there"


async def test_a_corrupt_batch_at_the_position_is_told_without_its_values() -> None:
    result = fetched(PART, 4, [corrupted(batch(4, [b"secret"]))])
    with pytest.raises(CorruptRecordException) as raised:
        drained(PART, result)
    assert str(raised.value).endswith("raw[3] at 4")
    assert result._assignment.state_value(TP).position == 4


async def test_what_was_fetched_for_another_position_is_nothing() -> None:
    result = fetched(PART, 0, [batch(0, [b"a"])])
    result._assignment.state_value(TP).seek(7)
    assert drained(PART, result) is None


async def test_what_is_given_back_is_fetched_again() -> None:
    result = fetched(PART, 6, [batch(6, [b"a", b"b"])])
    chunk = drained(PART, result)
    assert chunk is not None
    assert chunk.is_current
    chunk.give_back()
    assert result._assignment.state_value(TP).position == 6


async def test_what_a_revocation_overtook_is_not_given_back_to_the_next_assignment() -> None:
    result = fetched(PART, 6, [batch(6, [b"a", b"b"])])
    chunk = drained(PART, result)
    assert chunk is not None
    result._assignment._unassign()
    assert not chunk.is_current
    chunk.give_back()
    assert result._assignment.state_value(TP).position == 8


async def test_its_text_names_offsets_only() -> None:
    chunk = chunk_of(PART, 5, [b"secret"])
    chunk.records()
    assert repr(chunk) == "Chunk(raw[3] 5:6)"


async def test_the_first_records_are_cut_off_over_a_gap() -> None:
    chunk = drained(PART, fetched(PART, 10, [batch(10, [b"a", b"b"]), batch(40, [b"c", b"d"])]))
    assert chunk is not None
    chunk.epoch = 3
    head = chunk.cut(2)
    assert (values(head), values(chunk)) == ([b"a", b"b"], [b"c", b"d"])
    assert (head.base, head.next, chunk.base, chunk.next) == (10, 40, 40, 42)
    assert (head.epoch, head.is_current) == (3, True)
