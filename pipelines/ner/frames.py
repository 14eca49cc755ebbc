"""Frames: JSON between two processes, each message behind its length in four bytes."""

from __future__ import annotations

import os
import selectors
import struct
from collections.abc import Callable
from typing import Any

import orjson

_LENGTH = struct.Struct(">I")
_MOST = 64 << 20
_PIECE = 1 << 16


def frame(message: object) -> bytes:
    """Return a message as it is sent."""
    text = orjson.dumps(message)
    return _LENGTH.pack(len(text)) + text


def write(fd: int, message: object, deadline: float, clock: Callable[[], float]) -> None:
    """Write a message to a pipe that does not block.

    Raises:
        TimeoutError: It was not taken by the deadline.
        OSError: The other end is closed.
    """
    left = memoryview(frame(message))
    while left:
        _wait(fd, selectors.EVENT_WRITE, deadline, clock)
        left = left[os.write(fd, left[:_PIECE]) :]


def read(fd: int, deadline: float, clock: Callable[[], float]) -> Any:
    """Return the next message from a pipe that does not block.

    Raises:
        TimeoutError: It was not there by the deadline.
        OSError: The other end is closed, or sends what is no message.
    """
    (size,) = _LENGTH.unpack(_exactly(fd, _LENGTH.size, deadline, clock))
    if size > _MOST:
        raise OSError("no message is that long")
    try:
        return orjson.loads(_exactly(fd, size, deadline, clock))
    except orjson.JSONDecodeError:
        raise OSError("not a message") from None


def _exactly(fd: int, size: int, deadline: float, clock: Callable[[], float]) -> bytes:
    found = bytearray()
    while len(found) < size:
        _wait(fd, selectors.EVENT_READ, deadline, clock)
        piece = os.read(fd, min(_PIECE, size - len(found)))
        if not piece:
            raise OSError("the other end is closed")
        found += piece
    return bytes(found)


def _wait(fd: int, event: int, deadline: float, clock: Callable[[], float]) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(fd, event)
        if not selector.select(max(0.0, deadline - clock())):
            raise TimeoutError
