from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from pipelines.runtime.allocator import share_arena, tune_allocator

PROGRAM = """
import sys, threading
from pathlib import Path
from pipelines.runtime.allocator import share_arena, tune_allocator
if sys.argv[1] == "one":
    share_arena()
tune_allocator()
kept, done = [], threading.Barrier(9)
def work():
    kept.append(bytearray(100_000))
    done.wait()
for _ in range(8):
    threading.Thread(target=work).start()
done.wait()
lines = Path("/proc/self/maps").read_text().splitlines()
starts = [line.split("-")[0] for line in lines if line.split()[1] == "rw-p"]
print(sum(int(start, 16) % (64 << 20) == 0 for start in starts))
"""


def test_tuning_can_be_done_twice_and_in_any_order() -> None:
    for tune in (tune_allocator, share_arena, tune_allocator, share_arena):
        tune()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is tuned")
def test_threads_share_one_arena() -> None:
    own, shared = (
        int(subprocess.check_output([sys.executable, "-c", PROGRAM, which], text=True))  # noqa: S603
        for which in ("many", "one")
    )

    assert shared < own
