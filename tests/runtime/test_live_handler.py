from __future__ import annotations

from typing import Any

from pipelines.runtime.live_handler import LiveHandler
from tests.support.chunks import chunk_of
from tests.support.lane_bench import SOURCE, Bench, Upper


class Sealed(Upper):
    dead_letter_topic = "elsewhere"


async def test_a_chunk_ends_with_the_handler_it_began_with() -> None:
    bench = Bench()
    old, new = bench.handler, Sealed()
    live: Any = LiveHandler(old)
    bench.handler = live
    lane = bench.lane()
    old.prepared.clear()
    lane.put(chunk_of(SOURCE, 0, [b"dead"]))
    lane.put(chunk_of(SOURCE, 1, [b"dead"]))
    await bench.until(lambda: lane.is_idle is False)
    live.current = new
    old.prepared.set()
    await bench.until(lambda: len(bench.topics.sent) == 2)
    assert [topic for topic, _ in bench.topics.sent] == ["dead", "elsewhere"]
    bench.topics.arrive()
    await lane.settled()
    assert [len(one.counted) for one in (old, new)] == [1, 1]
    await lane.close()
