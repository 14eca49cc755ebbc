from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError

from pipelines.engine.outcome import ChunkOutcome, RawRecord
from pipelines.errors import DeliveryError
from pipelines.retry import CHUNK
from pipelines.runtime.delivery import Refused
from pipelines.runtime.lane import SLICE
from tests.support.chunks import chunk_of
from tests.support.lane_bench import SOURCE, Bench


async def test_a_chunk_is_done_only_when_the_brokers_have_all_of_it(bench: Bench) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a", b"dead", b"c"]))
    await bench.until(lambda: len(bench.topics.sent) == 2)
    assert bench.topics.sent == [("clean", [b"A", b"C"]), ("dead", [b"sealed"])]
    bench.topics.arrive(0)
    await asyncio.sleep(0.02)
    assert bench.done == []
    assert bench.handler.counted == []
    bench.topics.arrive(1)
    await bench.until(lambda: bench.done)
    assert [one.records_in for one in bench.handler.counted] == [3]
    await lane.close()


async def test_the_next_chunk_is_worked_on_while_one_is_on_its_way(bench: Bench) -> None:
    lane = bench.lane()
    for base in (0, 1, 2):
        lane.put(chunk_of(SOURCE, base, [b"%d" % base]))
    await bench.until(lambda: len(bench.topics.sent) == 3)
    assert bench.topics.sent == [("clean", [b"0"]), ("clean", [b"1"]), ("clean", [b"2"])]
    assert bench.done == []
    bench.topics.arrive()
    await lane.settled()
    await lane.close()


async def test_a_chunk_is_worked_on_while_it_waits_for_its_turn_to_be_sent(bench: Bench) -> None:
    bench.commits.at_once = False
    lane = bench.lane()
    for base in (0, 1):
        lane.put(chunk_of(SOURCE, base, [b"%d" % base]))
    await bench.until(lambda: bench.handler.tried == [0, 1])
    assert bench.topics.sent == []
    assert len(bench.commits.turns) == 1
    bench.commits.turns[0].set_result(None)
    await bench.until(lambda: len(bench.commits.turns) == 2)
    assert bench.topics.sent == [("clean", [b"0"])]
    bench.commits.turns[1].set_result(None)
    await bench.until(lambda: len(bench.topics.sent) == 2)
    bench.topics.arrive()
    await lane.settled()
    await lane.close()


async def test_a_drain_gives_up_what_waits_for_a_commit_that_may_never_come(bench: Bench) -> None:
    bench.commits.at_once = False
    lane = bench.lane()
    for base in (0, 1):
        lane.put(chunk_of(SOURCE, base, [b"%d" % base]))
    await bench.until(lambda: len(bench.commits.turns) == 1)
    bench.commits.turns[0].set_result(None)
    await bench.until(lambda: len(bench.commits.turns) == 2)
    lane.drain()
    bench.topics.arrive()
    await asyncio.wait_for(lane.settled(), 10)
    assert bench.topics.sent == [("clean", [b"0"])]
    assert len(bench.done) == 1
    await lane.close()


async def test_what_waits_behind_a_failed_delivery_is_given_up_and_holds_up_no_end(
    bench: Bench,
) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    await bench.until(lambda: bench.topics.sent)
    bench.commits.at_once = False
    lane.put(chunk_of(SOURCE, 1, [b"b"]))
    await bench.until(lambda: len(bench.commits.turns) == 2)
    bench.topics.on_their_way[0].set_exception(MessageSizeTooLargeError())
    async with asyncio.timeout(5):
        await lane.settled()
    assert bench.topics.sent == [("clean", [b"A"])], "a key's order would be broken"
    assert bench.stopped
    await lane.close()


async def test_what_waits_for_its_turn_when_a_lane_is_closed_is_not_sent_nor_done(
    bench: Bench,
) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    await bench.until(lambda: bench.topics.sent)
    bench.commits.at_once = False
    for base in (1, 2):
        lane.put(chunk_of(SOURCE, base, [b"b"]))
    await bench.until(lambda: bench.handler.tried == [0, 1, 2])
    await lane.close()
    bench.topics.arrive()
    await bench.until(lambda: lane.is_idle)
    assert bench.topics.sent == [("clean", [b"A"])]
    assert [chunk.base for chunk in bench.done] == [0], "what had been sent is delivered"


async def test_chunks_are_done_in_order_whichever_arrives_first(bench: Bench) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    lane.put(chunk_of(SOURCE, 1, [b"b"]))
    await bench.until(lambda: len(bench.topics.sent) == 2)
    bench.topics.arrive(1)
    await asyncio.sleep(0.02)
    assert bench.done == []
    bench.topics.arrive(0)
    await bench.until(lambda: len(bench.done) == 2)
    assert [chunk.base for chunk in bench.done] == [0, 1]
    await lane.close()


async def test_a_chunk_without_outputs_is_done_at_once(bench: Bench) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, []))
    await bench.until(lambda: bench.done)
    assert bench.topics.sent == []
    await lane.close()


async def test_a_large_chunk_lets_the_event_loop_turn_and_is_sent_in_one_piece(
    bench: Bench,
) -> None:
    lane = bench.lane()
    count = SLICE * 3 + 1
    lane.put(chunk_of(SOURCE, 0, [b"%d" % number for number in range(count)]))
    turns = 0
    while not bench.topics.sent:
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 3
    assert bench.handler.tried == [0, SLICE, 2 * SLICE, 3 * SLICE]
    assert bench.topics.sent == [("clean", [b"%d" % number for number in range(count)])]
    await lane.close()


async def test_slices_are_as_large_as_the_loop_can_spare_whatever_a_record_costs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0
    cost = 0.001
    right = bench.handler.process

    def process(records: Sequence[RawRecord], partition: int) -> ChunkOutcome:
        nonlocal clock
        clock += len(records) * cost
        return right(records, partition)

    monkeypatch.setattr(bench.handler, "process", process)
    monkeypatch.setattr("pipelines.runtime.lane.time.thread_time", lambda: clock)
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"] * (SLICE + 60)))
    await bench.until(lambda: bench.topics.sent)
    assert bench.handler.tried == [0, SLICE, SLICE + 20, SLICE + 40]
    cost = 0.0001
    lane.put(chunk_of(SOURCE, 1000, [b"a"] * 150))
    await bench.until(lambda: len(bench.topics.sent) == 2)
    assert bench.handler.tried[4:] == [1000, 1020, 1050, 1095], "it grows step by step"
    bench.topics.arrive()
    await lane.settled()
    await lane.close()


async def test_a_slice_that_fails_is_tried_again_and_others_are_not(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.handler.failures = 2
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"] * SLICE + [b"fail", b"b"]))
    await bench.until(lambda: bench.topics.sent)
    assert bench.topics.sent == [("clean", [b"A"] * SLICE + [b"FAIL", b"B"])]
    assert bench.handler.tried == [0, SLICE, SLICE, SLICE]
    assert bench.handler.failed_with == ["ValueError", "ValueError"]
    assert "secret" not in caplog.text
    await lane.close()


async def test_a_letter_that_cannot_be_sealed_is_tried_again(bench: Bench) -> None:
    bench.handler.sealing_failures = 1
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a", b"dead"]))
    await bench.until(lambda: bench.topics.sent)
    assert bench.topics.sent[0] == ("clean", [b"A"])
    assert bench.handler.failed_with == ["OSError"]
    await lane.close()


async def test_a_chunk_that_fails_for_good_stops_its_pipeline_and_not_the_process(
    bench: Bench,
) -> None:
    bench.handler.failures = CHUNK.tries or 0
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"fail"]))
    await bench.until(lambda: bench.stopped)
    reason = f"Chunk(raw[2] 0:1) failed {CHUNK.tries} times: ValueError"
    assert bench.stopped == [("raw", reason)]
    assert (bench.done, bench.crashed) == ([], [])
    lane.put(chunk_of(SOURCE, 1, [b"b"]))
    await asyncio.sleep(0.02)
    assert bench.topics.sent == []
    await lane.close()


async def test_waiting_for_a_schema_holds_up_this_partition_only(bench: Bench) -> None:
    bench.handler.prepared.clear()
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    await asyncio.sleep(0.02)
    assert not lane.is_idle
    assert bench.handler.tried == []
    bench.handler.prepared.set()
    await bench.until(lambda: bench.topics.sent)
    await lane.close()


@pytest.mark.parametrize("when", ["at once", "later"])
async def test_a_topic_that_refuses_stops_the_pipeline_uncommitted(bench: Bench, when: str) -> None:
    lane = bench.lane()
    if when == "at once":
        bench.topics.refusal = Refused("topic `clean`: no")
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    if when == "later":
        await bench.until(lambda: bench.topics.sent)
        bench.topics.on_their_way[0].set_exception(MessageSizeTooLargeError())
    await bench.until(lambda: bench.stopped)
    assert (bench.done, bench.crashed) == ([], [])
    assert bench.handler.failed_with == ["Refused"]
    await lane.close()


async def test_brokers_that_do_not_answer_end_the_process_uncommitted(bench: Bench) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    await bench.until(lambda: bench.topics.sent)
    bench.topics.on_their_way[0].set_exception(KafkaTimeoutError("what is secret"))
    await bench.until(lambda: bench.crashed)
    assert (bench.done, bench.stopped) == ([], [])
    assert isinstance(bench.crashed[0], DeliveryError)
    assert str(bench.crashed[0]) == "delivery failed: KafkaTimeoutError"
    await lane.close()


async def test_brokers_that_take_too_long_end_the_process_uncommitted(bench: Bench) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    await bench.until(lambda: bench.crashed)
    assert (bench.done, bench.stopped) == ([], [])
    assert str(bench.crashed[0]) == "brokers did not take a batch within 0.2 s"
    await lane.close()


async def test_nothing_is_done_after_a_failed_delivery(bench: Bench) -> None:
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    lane.put(chunk_of(SOURCE, 1, [b"b"]))
    await bench.until(lambda: len(bench.topics.sent) == 2)
    bench.topics.on_their_way[0].set_exception(KafkaTimeoutError())
    await bench.until(lambda: bench.crashed)
    lane.put(chunk_of(SOURCE, 2, [b"c"]))
    await asyncio.sleep(0.02)
    assert len(bench.topics.sent) == 2
    await lane.close()


async def test_too_many_dead_letters_stop_the_pipeline(bench: Bench) -> None:
    bench.handler.must_stop = True
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"dead"]))
    await bench.until(lambda: bench.topics.sent)
    lane.put(chunk_of(SOURCE, 1, [b"b"]))
    await bench.until(lambda: len(bench.topics.sent) == 2)
    bench.topics.arrive(0)
    await bench.until(lambda: bench.stopped)
    assert bench.stopped == [("raw", "too many dead letters: see dead_letter.stop_above")]
    assert [chunk.base for chunk in bench.done] == [0]
    bench.topics.arrive()
    await lane.close()


async def test_a_stopped_lane_finishes_what_it_works_on_and_takes_no_more(bench: Bench) -> None:
    bench.handler.prepared.clear()
    lane = bench.lane()
    lane.put(chunk_of(SOURCE, 0, [b"a"]))
    lane.put(chunk_of(SOURCE, 1, [b"b"]))
    await bench.until(lambda: not lane.is_idle)
    lane.stop()
    lane.put(chunk_of(SOURCE, 2, [b"c"]))
    bench.handler.prepared.set()
    await bench.until(lambda: bench.topics.sent)
    bench.topics.arrive()
    await lane.settled()
    assert [chunk.base for chunk in bench.done] == [0]
    await lane.close()
