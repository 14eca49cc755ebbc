from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.runtime.dead_letter_rate import DeadLetterRate


def test_it_stops_above_the_share_and_not_at_it() -> None:
    rate = DeadLetterRate(stop_above=0.05, window=60, minimum=100)
    assert not rate.observe(1000, 50, now=1.0)
    assert rate.observe(1, 1, now=1.1)


def test_a_few_records_mean_nothing() -> None:
    rate = DeadLetterRate(stop_above=0.05, window=60, minimum=100)
    assert not rate.observe(99, 99, now=1.0)
    assert rate.observe(1, 0, now=1.0)


def test_what_is_older_than_the_window_is_forgotten() -> None:
    rate = DeadLetterRate(stop_above=0.5, window=60, minimum=1)
    assert rate.observe(100, 100, now=0.0)
    assert rate.observe(10, 0, now=59.0)
    assert not rate.observe(10, 0, now=61.0)
    assert rate.share == 0.0


CHUNKS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50), st.floats(0, 20)).map(
        lambda chunk: (max(chunk[0], chunk[1]), chunk[1], chunk[2])
    ),
    max_size=60,
)


@given(CHUNKS)
def test_it_agrees_with_counting_every_chunk_by_hand(
    chunks: list[tuple[int, int, float]],
) -> None:
    rate = DeadLetterRate(stop_above=0.1, window=60, minimum=20)
    now = 0.0
    history: list[tuple[int, int, int]] = []
    for records, dead, pause in chunks:
        now += pause
        history.append((int(now), records, dead))
        stops = rate.observe(records, dead, now)
        window = [entry for entry in history if entry[0] > int(now) - 60]
        total, bad = (sum(entry[column] for entry in window) for column in (1, 2))
        assert stops == (total >= 20 and bad / total > 0.1)
        assert len(rate._slices) <= 60
