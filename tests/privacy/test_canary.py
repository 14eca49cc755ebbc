from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from pipelines.detectors import DETECTORS
from pipelines.errors import ConfigError
from pipelines.privacy.canary import floods, refuse_slow, too_slow

EMAIL = DETECTORS[0]


def ticking(seconds: float) -> Callable[[], float]:
    """Return a clock on which every pass takes so long."""
    return itertools.count(0.0, seconds).__next__


def test_the_floods_are_always_the_same() -> None:
    assert dict(floods()) == dict(floods())
    assert {len(flood) for _, flood in floods()} == {100_000}


def test_a_pattern_that_is_fast_enough_passes() -> None:
    refuse_slow([EMAIL], ticking(0.001))


def test_a_pattern_that_would_slow_the_scan_is_refused_by_name() -> None:
    assert too_slow([EMAIL], ticking(1.0)) == [("email", "hexadecimal", 100_000.0)]
    with pytest.raises(ConfigError, match="detector `email` reads hexadecimal at 0 MB/s"):
        refuse_slow([EMAIL], ticking(1.0))
