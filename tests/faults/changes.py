"""What changes while records flow: members, declarations, releases, clocks, who listens."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.faults.arena import INVALID, Arena

FAKETIME = next((str(one) for one in Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), "")
ROOT = Path(__file__).parents[2]
PREVIOUS = "CLEARWATER_FAULTS_PREVIOUS"
"""Environment variable: the commit that stands for the release before."""


async def members_that_come_and_go(arena: Arena) -> None:
    """Every two seconds one joins or leaves; there is progress in every ten seconds."""
    workers = [await arena.ready(arena.start())]
    until = time.monotonic() + (60 if arena.thorough else 14)
    slowest = 0.0
    async with arena.flow():
        while time.monotonic() < until:
            if len(workers) < 2 or (len(workers) < 5 and arena.random.random() < 0.5):
                workers.append(arena.start())
            else:
                leaving = workers.pop(arena.random.randrange(len(workers)))
                await arena.terminate(leaving)
            arena.faults += 1
            slowest = max(slowest, await arena.progress(90))
            await asyncio.sleep(2)
    arena.told["slowest seconds to progress"] = round(slowest, 1)


async def changed_declarations(arena: Arena) -> None:
    """Good and wrong declarations and back, under load: nobody leaves the group."""
    await arena.ready(arena.start())
    async with arena.flow():
        await arena.progress(90, 200)
        for number in range(8 if arena.thorough else 4):
            if number % 4 == 2:
                told, times = "declaration refused", arena.printed("declaration refused") + 1
                arena.declare(more=INVALID)
            else:
                told, times = "declaration changed", arena.printed("declaration changed") + 1
                arena.declare(f"reason_{number}")
                arena.reloads += 1
            arena.faults += 1
            await arena.says(told, times=times)
            await arena.progress(90)
        arena.declare()
        arena.reloads += 1
        await asyncio.sleep(1.5)
    changed, refused = arena.printed("declaration changed"), arena.printed("declaration refused")
    arena.told |= {"taken up": changed, "refused": refused}
    assert changed >= 2, "nothing was taken up"
    assert refused >= 1, "nothing was refused"
    assert arena.printed("Joined group") <= 1, "the group was joined anew"


async def two_releases(arena: Arena) -> None:
    """Workers of this release and of the one before share the partitions, and change places."""
    with tempfile.TemporaryDirectory(prefix="clearwater-previous-") as folder:
        previous = _previous(Path(folder))
        old = await arena.ready(arena.start(variables={"PYTHONPATH": previous}))
        async with arena.flow():
            await arena.progress(90, 200)
            new = await arena.ready(arena.start())
            arena.reloads += 1
            await arena.progress(90, 200)
            await arena.terminate(old)
            await arena.progress(90, 200)
            again = await arena.ready(arena.start(variables={"PYTHONPATH": previous}))
            arena.reloads += 2  # partitions change hands between releases, each way
            await arena.terminate(new)
            await arena.progress(90, 200)
            arena.faults += 4
        await arena.settle()
        await arena.terminate(again)


def _previous(folder: Path) -> str:
    """Put the package as it was into a folder; return the folder."""
    commit = os.environ.get(PREVIOUS, "HEAD~20")
    git = shutil.which("git")
    assert git is not None, "there is no git"
    archive = subprocess.run(
        [git, "archive", commit, "pipelines"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    tar = shutil.which("tar")
    assert tar is not None, "there is no tar"
    subprocess.run([tar, "x"], cwd=folder, input=archive, check=True)
    return str(folder)


async def clocks_that_jump(arena: Arena) -> None:
    """The wall clock jumps by an hour and a day, forth and back."""
    assert FAKETIME, "faketime is not installed: `apt-get install faketime`"
    with tempfile.TemporaryDirectory(prefix="clearwater-clock-") as folder:
        clock = Path(folder) / "clock"
        clock.write_text("+0", encoding="utf-8")
        worker = arena.start(
            variables={
                "LD_PRELOAD": FAKETIME,
                "FAKETIME_TIMESTAMP_FILE": str(clock),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        )
        await arena.ready(worker)
        async with arena.flow():
            for jump in ("+1h", "-1h", "+1d", "-1d", "+0"):
                await arena.progress(90, 200)
                clock.write_text(jump, encoding="utf-8")
                arena.faults += 1
                await asyncio.sleep(1.5)
            await arena.progress(90, 200)
        await arena.settle()
        assert worker.process.poll() is None, f"ended: {worker.printed()[-500:]}"
        await arena.terminate(worker)


async def nobody_listens(arena: Arena) -> None:
    """Scrapers that hang and a log that nobody reads do not hold up records."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    try:
        worker = await arena.ready(arena.start(sink=writing, log_level="debug"))
        hung = [socket.create_connection(("127.0.0.1", worker.port)) for _ in range(50)]
        for one in hung:
            one.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
        async with arena.flow():
            for number in range(40):
                arena.declare(more=INVALID if number % 2 else "")  # each is told in the log
                await asyncio.sleep(0.35)
            arena.faults += 2
            await arena.progress(90, 500)
        for one in hung:
            one.close()
    finally:
        os.close(reading)
        os.close(writing)
