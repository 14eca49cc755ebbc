from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from tests.support.broker import Broker
from tests.support.passthrough import Passing
from tests.support.traffic import Traffic

Pass = Callable[..., Passing]


def numbered(count: int) -> list[tuple[bytes, bytes]]:
    return [(b"key-%d" % (number % 5), b"raw %d" % number) for number in range(count)]


async def until_committed(traffic: Traffic, group: str, source: str) -> None:
    ends = await traffic.end_offsets(source)
    wanted = {partition: end for partition, end in ends.items() if end}
    for _ in range(100):
        if await traffic.committed(group, source) == wanted:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{await traffic.committed(group, source)} is not {wanted}")


async def test_a_failing_chunk_is_tried_again_and_nothing_lost(
    passing: Pass, traffic: Traffic, tmp_path: Path, group: str
) -> None:
    source, destination = await traffic.topic("raw"), await traffic.topic("clean")
    (tmp_path / "fail-once").touch()
    worker = passing(f"{source}:{destination}")
    await traffic.produce(source, numbered(500))

    records = await traffic.consume(destination, 500, linger=0.5)
    assert [one.value for one in records] == [b"clean %d" % number for number in range(500)]
    assert "failed RuntimeError" in worker.printed()
    assert "asked to fail" not in worker.printed(), "a text may quote a value"
    await until_committed(traffic, group, source)


async def test_what_a_topic_refuses_is_never_committed_and_stops_its_pipeline_only(
    passing: Pass, traffic: Traffic, group: str
) -> None:
    source, narrow = await traffic.topic("raw"), await traffic.topic("small", max_message_bytes="9")
    other, wide = await traffic.topic("raw"), await traffic.topic("clean")
    worker = passing(f"{source}:{narrow}", f"{other}:{wide}")
    await traffic.produce(source, numbered(100))
    await worker.says("topic is read no more")
    assert "max.message.bytes" in worker.printed()
    await traffic.produce(other, numbered(100))
    await traffic.consume(wide, 100)
    await until_committed(traffic, group, other)
    assert await traffic.committed(group, source) == {}
    assert await worker.terminated() == 0
    assert await traffic.committed(group, source) == {}


async def test_what_brokers_do_not_take_in_time_ends_the_process_uncommitted(
    passing: Pass, traffic: Traffic, tmp_path: Path, group: str, kafka: Broker
) -> None:
    source, destination = await traffic.topic("raw"), await traffic.topic("clean")
    (tmp_path / "hold").touch()
    worker = passing(f"{source}:{destination}", REQUEST_TIMEOUT="2")
    await worker.ready()
    await traffic.produce(source, numbered(10))
    await asyncio.sleep(0.5)  # they are fetched, and held back
    await asyncio.to_thread(kafka.kill)
    (tmp_path / "hold").unlink()
    assert await worker.ended() == 1
    assert "worker must end" in worker.printed()
    await asyncio.to_thread(kafka.start)
    assert await traffic.committed(group, source) == {}


async def test_markers_and_aborted_records_do_not_hold_up_commits(
    passing: Pass, traffic: Traffic, group: str
) -> None:
    source, destination = await traffic.topic("raw"), await traffic.topic("clean")
    producer = AIOKafkaProducer(
        bootstrap_servers=traffic.bootstrap, transactional_id=f"{group}-writer"
    )
    await producer.start()
    try:
        for number in range(6):
            await producer.begin_transaction()
            await producer.send_and_wait(source, b"raw %d" % number)
            if number % 2:
                await producer.abort_transaction()
            else:
                await producer.commit_transaction()
    finally:
        await producer.stop()
    worker = passing(f"{source}:{destination}")

    records = await traffic.consume(destination, 3, linger=0.5)
    assert [one.value for one in records] == [b"clean 0", b"clean 2", b"clean 4"]
    await until_committed(traffic, group, source)
    assert (await traffic.end_offsets(source))[0] == 12, "six records, six markers"
    assert await worker.terminated() == 0


async def test_idle_partitions_do_not_hold_up_a_busy_one(passing: Pass, traffic: Traffic) -> None:
    source, destination = await traffic.topic("raw", 4), await traffic.topic("clean", 4)
    for _ in range(30):  # a batch each, and a fetch for each
        await traffic.produce(source, numbered(100), partition=2)
    worker = passing(f"{source}:{destination}", MAX_FETCH_BYTES="1024")
    await worker.ready()
    began = time.monotonic()
    await traffic.consume(destination, 3000)
    assert time.monotonic() - began < 6, "stock Faust waits up to 1.5 s for each fetch"


async def test_records_deleted_before_they_were_read_are_told_loudly(
    passing: Pass, traffic: Traffic, group: str
) -> None:
    source, destination = await traffic.topic("raw"), await traffic.topic("clean")
    await traffic.produce(source, numbered(10))
    first = passing(f"{source}:{destination}")
    await traffic.consume(destination, 10)
    assert await first.terminated() == 0
    assert await traffic.committed(group, source) == {0: 10}
    await traffic.produce(source, numbered(100))
    admin = AIOKafkaAdminClient(bootstrap_servers=traffic.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(source, 0): RecordsToDelete(before_offset=50)})
    await admin.close()
    second = passing(f"{source}:{destination}")

    await traffic.consume(destination, 70)
    await second.says("offsets were deleted before they were read")
    assert "count=40" in second.printed()
    await until_committed(traffic, group, source)


async def test_a_group_without_commits_and_without_a_policy_stops_that_topic_loudly(
    passing: Pass, traffic: Traffic, group: str
) -> None:
    source, destination = await traffic.topic("raw"), await traffic.topic("clean")
    await traffic.produce(source, numbered(10))
    worker = passing(f"{source}:{destination}", AUTO_OFFSET_RESET="none")
    await worker.says("topic is read no more")
    assert "NoOffsetForPartitionError" in worker.printed()
    assert await worker.terminated() == 0
    assert await traffic.committed(group, source) == {}
