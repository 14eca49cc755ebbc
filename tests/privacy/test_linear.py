from __future__ import annotations

from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.privacy.linear import compiled, pattern_set, spans_of


class Public:
    """A pattern of a release that shows nothing but what is documented."""

    def __init__(self, pattern: str) -> None:
        self._pattern = compiled(pattern)
        self.groups = self._pattern.groups

    def search(self, text: bytes, position: int) -> Any:
        return self._pattern.search(text, position)


@pytest.mark.parametrize("made", [compiled, Public])
def test_spans_are_those_of_the_next_match_and_its_groups(made: Any) -> None:
    spans = spans_of(made("a(b+)|(c)"))

    assert [*(spans(b"xabb c", 0) or ())] == [(1, 4), (2, 4), (-1, -1)]
    assert [*(spans(b"xabb c", 3) or ())] == [(5, 6), (-1, -1), (5, 6)]
    assert spans(b"xabb c", 6) is None
    assert spans(b"", 0) is None


def test_bytes_beyond_ascii_are_bytes() -> None:
    assert pattern_set(["\u00e9", "x"]).Match("aé".encode()) == [0]


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="not a pattern"):
        compiled("(?=a)")
