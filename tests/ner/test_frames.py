from __future__ import annotations

import os
from collections.abc import Iterator
from time import monotonic

import pytest

from pipelines.ner import frames


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    for end in ends:
        os.set_blocking(end, False)
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_a_message_comes_out_as_it_went_in(pipe: tuple[int, int]) -> None:
    frames.write(pipe[1], ["ä", {"n": 1}], monotonic() + 10, monotonic)

    assert frames.read(pipe[0], monotonic() + 10, monotonic) == ["ä", {"n": 1}]


def test_nothing_is_waited_for_longer_than_allowed(pipe: tuple[int, int]) -> None:
    with pytest.raises(TimeoutError):
        frames.read(pipe[0], monotonic() + 0.05, monotonic)
    with pytest.raises(TimeoutError):
        frames.write(pipe[1], "x" * 1_000_000, monotonic() + 0.05, monotonic)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param(b"\xff\xff\xff\xff", "no message is that long", id="too long"),
        pytest.param(b"\0\0\0\3{{{", "not a message", id="no JSON"),
        pytest.param(b"\0\0", "the other end is closed", id="cut off"),
    ],
)
def test_what_is_no_message_is_refused(pipe: tuple[int, int], raw: bytes, message: str) -> None:
    os.write(pipe[1], raw)
    os.close(pipe[1])

    with pytest.raises(OSError, match=message):
        frames.read(pipe[0], monotonic() + 10, monotonic)
