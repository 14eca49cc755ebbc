from __future__ import annotations

import pytest

from pipelines.engine.coordinates import Coordinates, parsed, pattern


def test_what_is_written_is_read() -> None:
    content = pattern("orders.raw_v-1", 12, 3) % 2**62
    assert parsed(content) == Coordinates("orders.raw_v-1", 12, 2**62, 3)


@pytest.mark.parametrize(
    "content", [b"", b"a/1/2", b"a/1/2/3/4", b"a/x/2/0", b"\xff/1/2/0"], ids=repr
)
def test_what_is_not_ours_says_nothing(content: bytes) -> None:
    assert parsed(content) is None
