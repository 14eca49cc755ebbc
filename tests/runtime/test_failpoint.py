from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.runtime.failpoint import POINTS, Injected, arm, reached

PACKAGE = Path(__file__).parents[2] / "pipelines"
KILLED = (
    "import asyncio; from pipelines.runtime.failpoint import arm, reached;"
    "arm('after_poll=kill'); asyncio.run(reached('after_poll')); print('alive')"
)


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    arm("")


def test_every_failpoint_is_reached_somewhere_and_no_other_is() -> None:
    texts = "".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    assert set(re.findall(r'await reached\("(\w+)"\)', texts)) == set(POINTS)
    assert len(POINTS) >= 15


def test_nothing_happens_and_nobody_waits_unless_asked_for() -> None:
    inert = reached("after_poll")
    with pytest.raises(StopIteration):
        inert.send(None)  # it has ended at the first step: the event loop had no turn


async def test_what_is_armed_happens_once_at_its_time() -> None:
    arm("after_poll=raise@2,after_send=raise")
    await reached("after_poll")
    with pytest.raises(Injected, match="after_poll"):
        await reached("after_poll")
    await reached("after_poll")
    with pytest.raises(Injected):
        await reached("after_send")


async def test_a_delay_lets_others_go_on_and_a_pause_does_not() -> None:
    turns: list[float] = []

    async def turn() -> None:
        while True:
            turns.append(time.monotonic())
            await asyncio.sleep(0.01)

    turning = asyncio.create_task(turn())
    await asyncio.sleep(0)
    arm("after_poll=delay:0.3,after_send=pause:0.3")
    turns.clear()
    await reached("after_poll")
    assert turns
    turns.clear()
    began = time.monotonic()
    await reached("after_send")
    assert time.monotonic() - began >= 0.3
    assert turns == []
    turning.cancel()


def test_a_kill_leaves_no_time_for_anything() -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, check=False)  # noqa: S603 - our own
    assert ended.returncode == -9
    assert b"alive" not in ended.stdout


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("after_poll", "is not NAME=ACTION"),
        ("after_poll=kill@0", "is not NAME=ACTION"),
        ("after_pol=kill", "no failpoint `after_pol`"),
        ("after_poll=stop", "`stop` is none of kill, pause, raise, delay"),
    ],
)
def test_what_there_is_not_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(problem)):
        arm(text)
