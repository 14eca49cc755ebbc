"""A steady flow of records through the workers, and what a rollout did to it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles
from typing import Any

from aiokafka import AIOKafkaProducer

from tests.support.traffic import Received, Traffic

TICK_SECONDS = 0.02
STILL_MS = 500
PERSON = "person{number}@example.com"


@dataclass(frozen=True, slots=True)
class Pause:
    """How long outputs of a partition stood still, and how late records came; milliseconds.

    Attributes:
        longest: Longest gap between two outputs, by source partition.
        stood: All gaps longer than `STILL_MS` together, by source partition.
        late_p50: Half of all records came later than this.
        late_p99: One record in a hundred did.
        late_max: The latest one.
    """

    longest: dict[int, int]
    stood: dict[int, int]
    late_p50: int
    late_p99: int
    late_max: int

    @property
    def told(self) -> dict[str, Any]:
        """The figures to print."""
        return {
            "longest_pause_ms": _spread(self.longest),
            "stood_still_ms": _spread(self.stood),
            "late_ms": {"p50": self.late_p50, "p99": self.late_p99, "max": self.late_max},
        }


def _spread(by_partition: Mapping[int, int]) -> dict[str, int]:
    ordered = sorted(by_partition.values())
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return {"p50": ordered[len(ordered) // 2], "p99": p99, "max": ordered[-1]}


class Flow:
    """Writes numbered records to every partition of a topic, tick by tick, until stopped.

    Attributes:
        count: Records the brokers have taken.
    """

    def __init__(self, traffic: Traffic, source: str, partitions: int) -> None:
        self.count = 0
        self._traffic = traffic
        self._source = source
        self._partitions = partitions
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._write())

    async def stop(self) -> int:
        """Write no more; return how many records there are."""
        assert self._task is not None
        self._stopped.set()
        await self._task
        return self.count

    async def _write(self) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._traffic.bootstrap, linger_ms=0)
        await producer.start()
        try:
            while not self._stopped.is_set():
                next_tick = asyncio.get_running_loop().time() + TICK_SECONDS
                await asyncio.gather(*[self._one(producer, at) for at in range(self._partitions)])
                await asyncio.sleep(max(0.0, next_tick - asyncio.get_running_loop().time()))
        finally:
            await producer.stop()

    async def _one(self, producer: AIOKafkaProducer, partition: int) -> None:
        number, self.count = self.count, self.count + 1
        person = PERSON.format(number=number)
        value = {"n": number, "p": partition, "email": person, "note": f"Write to {person} soon."}
        sent = await producer.send(
            self._source, json.dumps(value).encode(), b"k%d" % partition, partition=partition
        )
        await sent


def numbers(records: Sequence[Received]) -> list[int]:
    """Return the numbers of records, as they stand in the topic."""
    return [json.loads(one.value or b"")["n"] for one in records]


def doubled(records: Sequence[Received]) -> list[int]:
    """Return the numbers that are there more than once."""
    return sorted(number for number, times in Counter(numbers(records)).items() if times > 1)


def raw(records: Sequence[Received]) -> int:
    """Count records that still hold the address of a person."""
    domain = PERSON.rpartition("@")[2].encode()
    return sum(domain in (one.value or b"") for one in records)


def pause(sources: Sequence[Received], outputs: Sequence[Received]) -> Pause:
    """Measure with the broker's own clock (`LogAppendTime`), at the first output of each number."""
    written = {number: one.timestamp for number, one in zip(numbers(sources), sources, strict=True)}
    out: dict[int, int] = {}
    for number, one in zip(numbers(outputs), outputs, strict=True):
        out[number] = min(one.timestamp, out.get(number, one.timestamp))
    times: dict[int, list[int]] = defaultdict(list)
    for one in sources:
        held = json.loads(one.value or b"")
        times[held["p"]].append(out[held["n"]])
    longest, stood = {}, {}
    for partition, stamps in sorted(times.items()):
        ordered = sorted(stamps)
        gaps = [after - before for before, after in pairwise(ordered)]
        longest[partition] = max(gaps)
        stood[partition] = sum(gap for gap in gaps if gap > STILL_MS)
    late = [stamp - written[number] for number, stamp in out.items()]
    cuts = quantiles(late, n=100)
    return Pause(longest, stood, round(cuts[49]), round(cuts[98]), max(late))
