from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from pipelines.telemetry.log_writer import LogWriter

SMALL = 4096
STUCK = """
import sys
from pipelines.telemetry import logs
import structlog
logs.configure()
for number in range(1000):
    structlog.get_logger().info("said again and again", count=number)
print("went on", flush=True)
"""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe that is soon full: where to read, where to write."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SMALL)
    yield reading, writing
    os.close(writing)


def test_lines_are_written_in_order(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = LogWriter(writing, lambda _: None)
    for number in range(100):
        writer.write(f"{number}\n")
    assert writer.drain(30)
    assert os.read(reading, SMALL).decode().split() == [str(one) for one in range(100)]
    os.close(reading)


def test_nobody_waits_for_who_does_not_read_and_what_is_dropped_is_counted(
    pipe: tuple[int, int],
) -> None:
    reading, writing = pipe
    told: list[int] = []
    writer = LogWriter(writing, told.append, most=10)
    line = "x" * 1000 + "\n"
    for _ in range(100):
        writer.write(line)
    assert not writer.drain(0.05)
    arrived = b""
    while not told or not writer.drain(0.05):
        arrived += os.read(reading, SMALL)
    writer.write("last\n")
    while b"last" not in arrived:
        arrived += os.read(reading, SMALL)
    assert sum(told) + arrived.count(b"x\n") == 100
    assert sum(told) >= 80
    os.close(reading)


def test_a_log_that_is_gone_fails_nobody(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = LogWriter(writing, lambda _: None)
    os.close(reading)
    writer.write("into the void\n")
    assert writer.drain(30)


def test_a_process_goes_on_and_ends_while_nobody_reads_its_log(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    began = time.monotonic()
    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", STUCK],
        stdout=subprocess.PIPE,
        stderr=writing,
        check=True,
        timeout=60,
    )
    assert ended.stdout == b"went on\n"
    assert time.monotonic() - began < 50
    os.close(reading)
