"""Brokers and networks that fail."""

from __future__ import annotations

import asyncio

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.faults.arena import PARTITIONS, Arena
from tests.support.proxy import END_TXN, PRODUCE


async def restarted_brokers(arena: Arena) -> None:
    worker = await arena.ready(arena.start())
    back = []
    async with arena.flow():
        for _ in range(3 if arena.thorough else 1):
            await arena.progress(90, 200)
            await asyncio.to_thread(arena.kafka.restart)
            arena.faults += 1
            back.append(round(await arena.progress(90, 200), 1))
    arena.told["seconds from the broker's start to progress"] = back
    assert worker.process.poll() is None, "the worker ended"


async def killed_brokers_and_late_ends(arena: Arena) -> None:
    """The end of a transaction arrives when nobody waits for it any more; brokers are killed."""
    late = END_TXN if arena.mode == "exactly_once" else PRODUCE
    settings = {"request_timeout": "10s", "session_timeout": "20s"}
    async with arena.flow(), arena.kept_running(1, **settings):
        for number in range(6 if arena.thorough else 2):
            await arena.progress(90, 200)
            arena.proxy.weather.hold[late] = 14
            await arena.holds(arena.proxy.held + 1)
            if number % 2:
                await asyncio.sleep(arena.random.uniform(0, 2))
                await asyncio.to_thread(arena.kafka.kill)
                await asyncio.sleep(arena.random.uniform(0, 2))
                await asyncio.to_thread(arena.kafka.start)
            arena.proxy.weather.hold.clear()  # what is held stays so, until nobody waits for it
            await asyncio.sleep(15)
            arena.faults += 1
        await arena.progress(90, 200)
    arena.told |= {
        "requests held": arena.proxy.held,
        "outcomes not known": arena.printed("the outcome of a transaction is not known"),
    }
    if arena.mode == "exactly_once":
        assert arena.printed("the outcome of a transaction is not known"), "nothing was late"
    arena.crashes += arena.faults  # at least once: what came late was sent again


async def cut_off(arena: Arena) -> None:
    """No way to the broker, no way back, or neither; shorter and longer than the session."""
    long = (3.0, 8.0, 20.0) if arena.thorough else (8.0,)
    ways = ((True, False), (False, True), (False, False)) if arena.thorough else ((False, False),)
    async with arena.flow(), arena.kept_running(2):
        for seconds in long:
            for up, down in ways:
                await arena.progress(90, 200)
                arena.proxy.weather.up, arena.proxy.weather.down = up, down
                await asyncio.sleep(seconds)
                arena.proxy.clear()
                arena.faults += 1
        await arena.progress(90, 200)
    arena.crashes += arena.faults  # what is cut off past its session is a zombie


async def slow_and_broken_network(arena: Arena) -> None:
    async with arena.flow(100), arena.kept_running(1, request_timeout="10s", session_timeout="20s"):
        await arena.progress(90, 100)
        weather = arena.proxy.weather
        weather.latency, weather.jitter = 0.1, 0.2
        await arena.progress(90, 100)
        weather.bytes_per_second = 8 * 1024
        await arena.progress(90, 100)
        arena.faults += 2
        weather.latency = weather.jitter = weather.bytes_per_second = 0
        weather.cut_after = 64 * 1024
        await asyncio.sleep(20 if arena.thorough else 8)
        arena.faults += arena.proxy.cuts
        arena.proxy.clear()
        await arena.progress(90, 100)
    arena.told["connections reset"] = arena.proxy.cuts
    arena.crashes += 1  # an answer that was cut off is an answer that nobody has


async def refused_dead_letters(arena: Arena) -> None:
    """The topic of dead letters takes nothing: its partition stops, and no offset is passed by."""
    await _configure(arena, arena.dead, "200")  # the marks of transactions fit, no letter does
    worker = await arena.ready(arena.start())
    await arena.produce(4000)
    await arena.says("topic is read no more")
    arena.faults += 1
    await asyncio.sleep(3)  # what other partitions work on is finished
    stopped = await arena.committed()
    await asyncio.sleep(2)
    assert await arena.committed() == stopped, "offsets were committed after it stopped"
    assert stopped < 4000
    await arena.terminate(worker)
    await _configure(arena, arena.dead, "1048588")
    arena.crashes += 1  # what went to other topics beside the refused letters goes there again
    arena.told["worked off before it stopped"] = stopped
    await arena.ready(arena.start())


async def _configure(arena: Arena, topic: str, most: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=arena.kafka.bootstrap)
    await admin.start()
    try:
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": most})
        await admin.alter_configs([resource])
    finally:
        await admin.close()


async def changed_topics(arena: Arena) -> None:
    """Retention passes the group by, partitions are added, the topic is made anew."""
    worker = await arena.ready(arena.start())
    async with arena.flow():
        await arena.progress(90, 500)
    await arena.settle()
    await arena.terminate(worker)
    admin = AIOKafkaAdminClient(bootstrap_servers=arena.kafka.bootstrap)
    await admin.start()
    try:
        await arena.produce(1000)
        ends = await arena.traffic.end_offsets(arena.source)
        first = TopicPartition(arena.source, 0)
        await admin.delete_records({first: RecordsToDelete(before_offset=ends[0] - 10)})
        arena.gone = True  # what was worked on before is no more in the source
        await arena.ready(arena.start())
        await arena.settle()
        assert arena.printed("offsets were deleted before they were read"), "not told"
        await admin.create_partitions({arena.source: NewPartitions(PARTITIONS + 2)})
        await asyncio.sleep(1)
        await arena.put([(b"late", b"poison-%d" % one) for one in range(50)], PARTITIONS + 1)
        arena.faults += 2
        await arena.settle(120)
    finally:
        await admin.close()
