"""Again: what was written a second time, and how much of it in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.faults.records import SRC
from tests.support.traffic import Received


class Again(NamedTuple):
    """Outputs of one source partition that follow each other and were all there before.

    Attributes:
        end: Where they stand.
        partition: Of the source.
        first: Offset of the first.
        last: Offset of the last.
        size: Bytes of the source from the first to the last.
    """

    end: str
    partition: int
    first: int
    last: int
    size: int


def runs_again(
    source: Sequence[Received], outputs: Sequence[Sequence[Received]]
) -> Iterator[Again]:
    """Yield what was written again in one go: what one worker had sent and not committed."""
    sizes = _sizes(source)
    for end, arrived in _in_order(outputs).items():
        there: set[int] = set()
        run: list[int] = []
        for offset in [*arrived, -1]:
            if run and (offset not in there or offset < run[-1]):
                first, last = run[0], run[-1]
                size = sum(sizes.get((end[1], one), 0) for one in range(first, last + 1))
                yield Again(end[0], end[1], first, last, size)
                run = []
            if offset in there:
                run.append(offset)
            there.add(offset)


def _sizes(source: Sequence[Received]) -> dict[tuple[int, int], int]:
    """Return how large each record of the source is, the frame around it left out."""
    return {(one.partition, one.offset): len(content_of(one)) for one in source}


def _in_order(outputs: Sequence[Sequence[Received]]) -> dict[tuple[str, int, int], list[int]]:
    """Return the source's offsets as they arrived, by end, source partition, target partition."""
    found: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for number, records in enumerate(outputs):
        for one in records:
            _, partition, offset, _ = (one.header(SRC) or b"?/-1/-1/-1").decode().split("/")
            found[f"output {number}", int(partition), one.partition].append(int(offset))
    return found


def content_of(one: Received) -> bytes:
    """Return all that a record holds: key, value, headers."""
    headers = [part for name, value in one.headers for part in (name.encode(), value or b"")]
    return b"\n".join([one.key or b"", one.value or b"", *headers])
