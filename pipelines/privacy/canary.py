"""Canary: a pattern that would slow the whole scan down is refused before anything starts.

Every pattern runs in linear time, and yet one that keeps too many possibilities open at once -
`[A-Za-z0-9+/]{40}` without an end on both sides - can slow one automaton a hundredfold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from pipelines.detector import Detector
from pipelines.errors import ConfigError, Problem
from pipelines.privacy.quick import Quick

_SLOWEST = 10e6  # bytes a second; a sound pattern runs at hundreds of millions
_FLOOD = 100_000
_VIEW = 400


def floods() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of texts that are hard on automata; always the same."""
    noise = b"".join(hashlib.sha256(b"%d" % one).digest() for one in range(_FLOOD // 32))
    for name, alphabet in (
        ("hexadecimal", b"0123456789abcdef"),
        ("base64", b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
        ("digits", b"0123456789 0123456789-0123456789."),
        ("words", b"etaoinshrdlu ETAOIN, cmfwyp: vbgkj.q"),
    ):
        yield name, bytes(alphabet[one % len(alphabet)] for one in noise)


def too_slow(
    detectors: Sequence[Detector], clock: Callable[[], float]
) -> list[tuple[str, str, float]]:
    """Return detector, flood and bytes a second of each that alone falls below the bar.

    Args:
        detectors: What to try, one at a time.
        clock: Seconds that go on steadily.
    """
    found = []
    for detector in detectors:
        quick = Quick([detector], ())
        for name, flood in floods():
            views = [flood[start : start + _VIEW] for start in range(0, len(flood), _VIEW)]
            quick.suspicious(views)  # the automaton builds its states
            began = clock()
            quick.suspicious(views)
            speed = len(flood) / max(clock() - began, 1e-9)
            if speed < _SLOWEST:
                found.append((detector.name, name, speed))
                break
    return found


def refuse_slow(detectors: Sequence[Detector], clock: Callable[[], float]) -> None:
    """Refuse detectors that would slow the scan.

    Raises:
        ConfigError: Some would; every one.
    """
    problems = [
        Problem(
            f"detector `{name}` reads {flood} at {speed / 1e6:.0f} MB/s, less than"
            f" {_SLOWEST / 1e6:.0f}",
            path=f"detectors.{name}",
            code="CW0509",
            fix="give its repetitions an end on both sides",
        )
        for name, flood, speed in too_slow(detectors, clock)
    ]
    if problems:
        raise ConfigError(problems)
