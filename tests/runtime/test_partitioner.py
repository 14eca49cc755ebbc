from __future__ import annotations

import pytest
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as reference
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.outcome import Output
from pipelines.runtime.partitioner import murmur2, partitions

# from Kafka's own test of `Utils.murmur2`
JAVA = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


def output(offset: int, key: bytes | None) -> Output:
    return Output(offset, 0, key, b"", ())


@pytest.mark.parametrize(("key", "hashed"), JAVA.items(), ids=[key.decode() for key in JAVA])
def test_hashes_as_java_does(key: bytes, hashed: int) -> None:
    assert murmur2([key]) == [hashed & 0xFFFFFFFF]


def test_no_keys_give_no_hashes() -> None:
    assert murmur2([]) == []


@given(st.lists(st.binary(max_size=70), max_size=40))
def test_hashes_many_keys_of_all_lengths_like_one_by_one(keys: list[bytes]) -> None:
    assert murmur2(keys) == [reference(key) & 0xFFFFFFFF for key in keys]


@given(
    st.lists(st.none() | st.binary(max_size=20), min_size=1, max_size=40),
    st.integers(0, 30),
    st.integers(1, 30),
)
def test_the_source_partition_is_kept_where_counts_agree(
    keys: list[bytes | None], source: int, count: int
) -> None:
    outputs = [output(number, key) for number, key in enumerate(keys)]
    assert partitions(outputs, source % count, (count, count)) == [source % count] * len(keys)


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=40), st.integers(1, 30))
def test_keys_go_where_kafkas_default_partitioner_sends_them(keys: list[bytes], count: int) -> None:
    everywhere = list(range(count))
    expected = [DefaultPartitioner()(key, everywhere, everywhere) for key in keys]
    outputs = [output(number, key) for number, key in enumerate(keys)]
    assert partitions(outputs, 0, (count + 1, count)) == expected


@given(st.integers(0, 50), st.integers(1, 12))
def test_records_without_a_key_stay_together(source: int, count: int) -> None:
    found = partitions([output(0, None), output(1, b"k"), output(2, None)], source, (51, count))
    assert found[0] == found[2] == source % count
