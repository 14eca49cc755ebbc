"""Which partition of a destination a record goes to, so that the order of a key is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.engine.outcome import Output

_SEED = 0x9747B28C
_M = 0x5BD1E995
_POSITIVE = 0x7FFFFFFF


def partitions(outputs: Sequence[Output], source: int, counts: tuple[int, int]) -> list[int]:
    """Return the partition of each output.

    The source's own where source and destination have as many partitions: the order of a
    partition is then the order of its key, whatever treatment changed it. Else by the key as
    Kafka's default partitioner has it; without a key the source's partition modulo the count.

    Args:
        outputs: Records of one source partition.
        source: That partition.
        counts: How many partitions source and destination have.
    """
    ours, theirs = counts
    if ours == theirs:
        return [source] * len(outputs)
    fallback = source % theirs
    keyed = [index for index, output in enumerate(outputs) if output.key is not None]
    found = [fallback] * len(outputs)
    keys = [output.key for output in outputs if output.key is not None]
    for index, hashed in zip(keyed, murmur2(keys), strict=True):
        found[index] = (hashed & _POSITIVE) % theirs
    return found


def murmur2(keys: Sequence[bytes]) -> list[int]:
    """Return Kafka's 32-bit hash of each key, all keys of one length at once.

    Source: `org.apache.kafka.common.utils.Utils.murmur2` (MurmurHash2 by Austin Appleby).
    """
    found = [0] * len(keys)
    by_length: dict[int, list[int]] = {}
    for index, key in enumerate(keys):
        by_length.setdefault(len(key), []).append(index)
    for length, indexes in by_length.items():
        hashes = _of_one_length(b"".join(keys[index] for index in indexes), length, len(indexes))
        for index, hashed in zip(indexes, hashes, strict=True):
            found[index] = hashed
    return found


def _of_one_length(joined: bytes, length: int, count: int) -> list[int]:
    import numpy as np  # noqa: PLC0415 - only where partition counts differ: 20 MB of memory

    m = np.uint32(_M)
    hashes: Any = np.full(count, _SEED ^ length, dtype=np.uint32)
    rows: Any = np.frombuffer(joined, dtype=np.uint8).reshape(count, length)
    with np.errstate(over="ignore"):  # 32-bit arithmetic wraps around on purpose
        blocks = length // 4
        words = np.ascontiguousarray(rows[:, : blocks * 4]).view("<u4")
        for block in range(blocks):
            word = words[:, block] * m
            word ^= word >> np.uint32(24)
            hashes = (hashes * m) ^ (word * m)
        rest = rows[:, blocks * 4 :].astype(np.uint32)
        for place in reversed(range(length % 4)):
            hashes ^= rest[:, place] << np.uint32(8 * place)
        if length % 4:
            hashes *= m
        hashes ^= hashes >> np.uint32(13)
        hashes *= m
        hashes ^= hashes >> np.uint32(15)
    return [int(one) for one in hashes]
