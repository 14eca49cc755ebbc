"""The checker: what a source and its outputs say about the promises, whatever happened between.

It knows nothing of Clearwater but its headers. Run on a broker:
`python -m tests.faults.checker BROKER GROUP SOURCE DESTINATION COPY DEAD MODE`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tests.faults.again import Again, content_of, runs_again
from tests.faults.leaks import leaks
from tests.faults.records import SRC, wanted
from tests.support.traffic import Received, Traffic

REVISION = "x-clearwater-revision"
_SHOWN = 5

FULL_CHUNK = 256 * 1024
"""Bytes of a full chunk of one partition, unless workers are told otherwise."""

Mode = Literal["at_least_once", "exactly_once"]
Place = tuple[int, int]
"""Partition and offset in the source."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What there is to see when everything stands still.

    Attributes:
        source: The source's records.
        outputs: What stands in the destination and in the copy, in the order of each partition.
        letters: What stands in the topic of dead letters.
        committed: Offsets that the group has committed.
        ends: Where the source's partitions end.
        hanging: Partitions with a transaction that nobody ends.
        surfaces: All else that left the workers: logs, metrics, pages; by name.
    """

    source: Sequence[Received]
    outputs: tuple[Sequence[Received], Sequence[Received]]
    letters: Sequence[Received]
    committed: Mapping[int, int] = field(default_factory=dict)
    ends: Mapping[int, int] = field(default_factory=dict)
    hanging: Sequence[str] = ()
    surfaces: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promise:
    """What may be expected.

    Attributes:
        mode: How the pipeline delivers.
        crashes: How often a worker ended without an orderly end.
        reloads: How often its declaration changed.
        quiescent: Whether everything was worked off.
        gone: Whether the source may have lost records that were worked on: a topic made anew.
        chunk_bytes: Of a full chunk: no crash doubles more of a partition.
    """

    mode: Mode
    crashes: int = 0
    reloads: int = 0
    quiescent: bool = True
    gone: bool = False
    chunk_bytes: int = FULL_CHUNK


class Broken(NamedTuple):
    """One broken promise.

    Attributes:
        invariant: Its name: I1 nothing lost, I2 nothing doubled, I3 order, I4 nothing raw, I5
            offsets, I8 versions.
        times: How often.
        places: Some of the places.
    """

    invariant: str
    times: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        broken: The promises that were broken; none: all hold.
        records: Records of the source.
        doubled: Outputs and letters that are there again.
        most_doubled: Of one source partition.
        longest_again: Bytes of the source that one crash doubled at most, of one partition.
    """

    broken: tuple[Broken, ...]
    records: int
    doubled: int
    most_doubled: int
    longest_again: int = 0


def check(seen: Observed, promise: Promise) -> Verdict:
    """Hold what is seen against what was promised."""
    numbers = {(one.partition, one.offset): _number(one) for one in seen.source}
    arrivals = _arrivals(seen)
    again = {end: count - 1 for end, count in arrivals.items() if count > 1}
    by_partition: Counter[int] = Counter()
    for (partition, _, _), count in again.items():
        by_partition[partition] += count
    runs = list(runs_again(seen.source, seen.outputs))
    found = [
        _broken("I1", _lost(numbers, arrivals, promise)),
        _broken("I2", [*_doubled(again, promise), *_too_long(runs, promise)]),
        _broken("I3", [text for one in seen.outputs for text in _disordered(one)]),
        _broken("I4", _raw(seen)),
        _broken("I5", _offsets(seen) if promise.quiescent else ()),
        _broken("I8", _versions(seen, promise)),
    ]
    return Verdict(
        tuple(one for one in found if one.times),
        len(seen.source),
        sum(again.values()),
        max(by_partition.values(), default=0),
        max((one.size for one in runs), default=0),
    )


def _broken(invariant: str, places: Iterable[str]) -> Broken:
    listed = list(places)
    return Broken(invariant, len(listed), tuple(listed[:_SHOWN]))


def _number(one: Received) -> int:
    """Return the number that a source record begins with, readable or not; -1 if it has none."""
    value = one.value or b""
    if value[:1] == b"\0":  # Avro behind a schema's id: its first field
        return _zigzag(value[5:])
    text = value.lstrip(b'{"n: ')
    digits = text[: len(text) - len(text.lstrip(b"0123456789"))]
    return int(digits) if digits else -1


def _zigzag(encoded: bytes) -> int:
    """Return the integer that Avro's bytes begin with."""
    number = 0
    for at, byte in enumerate(encoded):
        number |= (byte & 0x7F) << 7 * at
        if byte < 0x80:
            break
    return number >> 1 ^ -(number & 1)


def _arrivals(seen: Observed) -> Counter[tuple[int, int, str]]:
    """Count what arrived, by the place it says that it comes from, and where."""
    found: Counter[tuple[int, int, str]] = Counter()
    for output, records in enumerate(seen.outputs):
        for one in records:
            _, partition, offset, _ = (one.header(SRC) or b"?/-1/-1/-1").decode().split("/")
            found[int(partition), int(offset), f"output {output}"] += 1
    for one in seen.letters:
        partition_, offset_ = (
            int(one.header(f"x-clearwater-{name}") or b"-1") for name in ("partition", "offset")
        )
        found[partition_, offset_, "letter"] += 1
    return found


def _ends(number: int) -> set[str]:
    want = wanted(number)
    ends = {f"output {one}" for one in want.outputs}
    return {*ends, "letter"} if want.letter else ends


def _lost(
    numbers: Mapping[Place, int], arrivals: Mapping[tuple[int, int, str], int], promise: Promise
) -> Iterator[str]:
    """Tell what did not reach its end, and what reached one that it was not to."""
    there: dict[Place, set[str]] = defaultdict(set)
    for partition, offset, end in arrivals:
        there[partition, offset].add(end)
    for place, number in numbers.items():
        ends = there.pop(place, set())
        # of a record without a number nobody knows which end it is to reach, but it is one;
        # a tombstone goes to every output
        if len(ends - {"output 1"}) != 1 if number < 0 else ends != _ends(number):
            yield f"{place}, number {number}: is in {sorted(ends)}"
    for place in () if promise.gone else there:
        yield f"{place}: there is no such record in the source"


def _doubled(again: Mapping[tuple[int, int, str], int], promise: Promise) -> Iterator[str]:
    allowed = 0 if promise.mode == "exactly_once" else promise.crashes
    for (partition, offset, end), count in again.items():
        if count > allowed:
            yield f"{(partition, offset)}: {end} {count + 1} times"


def _too_long(runs: Iterable[Again], promise: Promise) -> Iterator[str]:
    for one in runs:
        if one.size > promise.chunk_bytes:
            yield (
                f"{one.end}: {one.size} bytes of partition {one.partition} again, offsets "
                f"{one.first} to {one.last}: more than a full chunk"
            )


def _disordered(records: Sequence[Received]) -> Iterator[str]:
    """Tell where the first arrivals of a key are not in the order of the source."""
    last: dict[object, int] = {}
    seen: set[bytes | None] = set()
    for one in records:
        src = one.header(SRC)
        if src in seen:
            continue
        seen.add(src)
        held = json.loads(one.value or b"{}")
        key, number = held.get("k"), held.get("s")
        if number is None:
            continue
        if number < last.get(key, -1):
            yield f"{one.partition}@{one.offset}: {number} after {last[key]} of its key"
        last[key] = max(number, last.get(key, -1))


def _raw(seen: Observed) -> Iterator[str]:
    """Tell what canaries left; whole topics at once, and one by one only where one is in them."""
    topics = {"destination": seen.outputs[0], "copy": seen.outputs[1], "letters": seen.letters}
    for name, records in topics.items():
        for start in range(0, len(records), 500):
            block = records[start : start + 500]
            if leaks(b"\n".join(map(content_of, block))):
                for one in block:
                    for leak in leaks(content_of(one)):
                        yield f"{name} {one.partition}@{one.offset}: {leak}"
    for name, content in seen.surfaces.items():
        for leak in leaks(content):
            yield f"{name}: {leak}"


def _offsets(seen: Observed) -> Iterator[str]:
    for partition, end in seen.ends.items():
        if end and seen.committed.get(partition, 0) != end:
            yield f"partition {partition}: committed {seen.committed.get(partition)} of {end}"
    for name in seen.hanging:
        yield f"{name}: a transaction hangs"


def _versions(seen: Observed, promise: Promise) -> Iterator[str]:
    """Tell what has two versions, and where there were more changes than reloads."""
    by_place: dict[int, dict[int, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for one in (*seen.outputs[0], *seen.outputs[1]):
        _, partition, offset, _ = (one.header(SRC) or b"?/-1/-1/-1").decode().split("/")
        by_place[int(partition)][int(offset)].add(one.header(REVISION) or b"")
    for partition_, offsets in by_place.items():
        changes, last = 0, None
        for offset_, revisions in sorted(offsets.items()):
            if len(revisions) > 1 and promise.mode == "exactly_once":
                yield f"{(partition_, offset_)} has {len(revisions)} versions"
            if b"" in revisions:
                yield f"{(partition_, offset_)} has no version"
            revision = min(revisions)
            changes += last is not None and revision != last
            last = revision
        if changes > promise.reloads + promise.crashes * bool(promise.reloads):
            yield f"partition {partition_}: {changes} changes of version"


async def observed(
    traffic: Traffic,
    group: str,
    topics: Sequence[str],
    surfaces: Mapping[str, bytes] | None = None,
) -> Observed:
    """Read everything.

    Args:
        traffic: The broker.
        group: The group of the workers.
        topics: Source, destination, copy, topic of dead letters.
        surfaces: What else left the workers.
    """
    source, destination, copy, dead = topics
    hanging = [
        f"{topic}[{partition}]"
        for topic in (destination, copy, dead)
        for partition in await traffic.hanging(topic)
    ]
    return Observed(
        await traffic.read_all(source),
        (await traffic.read_all(destination), await traffic.read_all(copy)),
        await traffic.read_all(dead),
        await traffic.committed(group, source),
        await traffic.end_offsets(source),
        hanging,
        surfaces or {},
    )


async def main(broker: str, group: str, *rest: str) -> int:
    """Check what stands in a broker; print the verdict, return 0 if all promises hold."""
    *topics, mode = rest
    assert mode in {"at_least_once", "exactly_once"}
    promise = Promise("exactly_once" if mode == "exactly_once" else "at_least_once")
    verdict = check(await observed(Traffic(broker), group, topics), promise)
    print(json.dumps(dataclasses.asdict(verdict)))
    return int(bool(verdict.broken))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
