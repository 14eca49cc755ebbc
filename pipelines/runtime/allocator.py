"""Allocator: what glibc's is told about a worker's memory; another C library needs no word."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_ARENA_MAX = -1, -2, -8
_KEPT = 64 << 20
_TAKEN_AT_ONCE = 16 << 20


def share_arena() -> None:
    """Let all threads take memory from one place: call it before there is a second one.

    Each would keep what it once needed to itself, and two of a worker's seldom run at a time.
    """
    with suppress(OSError, AttributeError):
        _libc().mallopt(_M_ARENA_MAX, 1)


def tune_allocator() -> None:
    """Keep glibc from giving memory back after each chunk: the next would get it page by page.

    What is free by now is given back: compiling needs some megabytes that running does not.
    """
    with suppress(OSError, AttributeError):
        library = _libc()
        library.malloc_trim(0)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_M_TOP_PAD, _TAKEN_AT_ONCE)


def _libc() -> ctypes.CDLL:
    """Return the C library.

    Raises:
        OSError: It is none that these calls are for.
    """
    if sys.platform != "linux":
        raise OSError
    return ctypes.CDLL(None)
