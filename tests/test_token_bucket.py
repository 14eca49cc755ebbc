from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.token_bucket import TokenBucket, TokenBuckets

NOW = 1_772_438_400.0
times = st.lists(st.floats(0, 3), min_size=1, max_size=80)


@given(times, st.floats(0.5, 50), st.floats(0.1, 3))
def test_no_stretch_of_time_gets_more_than_its_due(
    steps: list[float], rate: float, cost: float
) -> None:
    bucket = TokenBucket(rate)
    now, went = NOW, []
    for step in steps:
        now += step
        if bucket.take(cost, now):
            went.append(now)
    for begin, start in enumerate(went):
        for end in range(begin, len(went)):
            most = rate * (went[end] - start + bucket.burst) + cost
            assert (end - begin + 1) * cost <= most + 1e-4


@given(times, st.floats(0.5, 50), st.floats(0.1, 200))
def test_who_waits_as_long_as_told_goes(steps: list[float], rate: float, cost: float) -> None:
    bucket, now = TokenBucket(rate), NOW
    for step in steps:
        now += step
        now += bucket.seconds_left(cost, now)
        assert bucket.take(cost, now)


def test_what_was_left_over_for_a_second_goes_too_and_no_more() -> None:
    bucket = TokenBucket(10)
    assert sum(bucket.take(1, NOW) for _ in range(100)) == 10
    assert sum(bucket.take(1, NOW + 0.5) for _ in range(100)) == 5
    assert sum(bucket.take(1, NOW + 100) for _ in range(100)) == 10


def test_what_is_larger_than_the_bucket_goes_alone_and_is_paid_off() -> None:
    bucket = TokenBucket(10)
    assert bucket.take(50, NOW)
    assert not bucket.take(1, NOW + 4)
    assert bucket.take(1, NOW + 5)


def test_a_rate_may_change() -> None:
    bucket = TokenBucket(1)
    assert bucket.take(1, NOW)
    bucket.rate = 1000
    assert bucket.take(1, NOW + 0.1)


def test_a_step_back_is_no_time_and_a_great_one_is_a_clock_set_right() -> None:
    bucket = TokenBucket(1)
    assert bucket.take(1, NOW)
    assert not bucket.take(1, NOW - 30)
    assert bucket.take(1, NOW + 10**9)
    assert not bucket.take(1, NOW), "it begins anew, empty"
    assert bucket.take(1, NOW + 1)


def test_buckets_are_kept_for_so_many_keys() -> None:
    buckets = TokenBuckets(3)
    first = buckets.of("a", 1)
    for key in "bca":
        buckets.of(key, 1)
    assert buckets.of("a", 2) is first
    assert first.rate == 2
    buckets.of("d", 1)
    assert len(buckets) == 3
    assert buckets.of("a", 2) is first


def test_forgotten_buckets_are_full() -> None:
    buckets = TokenBuckets(3)
    assert buckets.of("a", 1).take(1, NOW)
    assert not buckets.of("a", 1).take(1, NOW)
    buckets.forget()
    assert buckets.of("a", 1).take(1, NOW)
