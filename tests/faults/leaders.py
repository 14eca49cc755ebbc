"""Brokers of a cluster that fail, one at a time and all but one."""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient

from tests.faults.arena import Arena
from tests.support.cluster import NODES, Cluster


class Led(NamedTuple):
    """Who keeps a partition.

    Attributes:
        leader: Number of the node that leads it.
        in_sync: How many nodes have all of it.
    """

    leader: int
    in_sync: int


async def killed_leaders(arena: Arena) -> None:
    """Nodes that lead are killed: others take over; without a second one nothing is taken."""
    cluster = arena.kafka
    assert isinstance(cluster, Cluster)
    worker = await arena.ready(arena.start())
    seconds = []
    async with arena.flow():
        for number in range(6 if arena.thorough else 2):
            await arena.progress(90, 200)
            # leaders of what is read, of what is written, and who keeps the group's offsets
            topic = (arena.destination, arena.source, "__consumer_offsets")[number % 3]
            victim = arena.random.choice(await _led(arena, topic)).leader
            await asyncio.to_thread(cluster.nodes[victim].kill)
            arena.faults += 1
            seconds.append(round(await arena.progress(120, 200), 1))
            await asyncio.to_thread(cluster.nodes[victim].start)
            await _all_in_sync(arena)
        await arena.progress(90, 200)
        two = arena.random.sample(sorted(cluster.nodes), 2)
        await asyncio.gather(*(asyncio.to_thread(cluster.nodes[one].kill) for one in two))
        arena.faults += 2
        await asyncio.sleep(10)
        await asyncio.to_thread(cluster.start)
        arena.told["seconds to progress after two were back"] = round(
            await arena.progress(120, 200), 1
        )
        await _all_in_sync(arena)
    arena.told["seconds to progress"] = seconds
    arena.crashes += arena.faults  # a group whose coordinator is gone may be formed anew
    assert worker.process.poll() is None, f"the worker ended: {worker.printed()[-500:]}"


async def _all_in_sync(arena: Arena, within: float = 120.0) -> None:
    deadline = time.monotonic() + within
    topics = (arena.source, arena.destination, "__consumer_offsets")
    while True:
        led = [one for topic in topics for one in await _led(arena, topic)]
        if all(one.in_sync == NODES for one in led):
            return
        assert time.monotonic() < deadline, f"replicas do not come back: {led}"
        await asyncio.sleep(0.3)


async def _led(arena: Arena, topic: str) -> list[Led]:
    """Return who keeps each partition of a topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=arena.kafka.bootstrap)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    return [Led(one["leader"], len(one["isr"])) for one in described["partitions"]]
