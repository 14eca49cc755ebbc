"""Failpoints: named places where a test makes the process fail; inert unless a test asks for it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from dataclasses import dataclass
from typing import Literal, cast

import structlog

from pipelines.errors import ConfigError, DeliveryError

VARIABLE = "_CLEARWATER_FAILPOINTS"
"""Environment variable that arms them; no setting, for nobody is to meet it by chance."""

POINTS = {
    "before_assign": "partitions were assigned, and nothing was done about it",
    "after_open": "the transactional producers are open, committed offsets are not read",
    "after_assign": "reading stands at the committed offsets",
    "after_poll": "a chunk was fetched and stands in the ledger",
    "before_work": "a chunk is about to be worked on",
    "before_dead_letter": "a slice has dead letters, nothing of it was sent",
    "after_work": "a chunk was worked on, nothing of it was sent",
    "between_sends": "one topic's outputs of a chunk were handed to the producer",
    "after_send": "all outputs of a chunk were handed to the producer",
    "after_delivery": "the brokers have the outputs, nobody noted it, no offset is committed",
    "before_commit": "offsets are about to be committed",
    "after_commit": "the brokers have the commit, nobody noted it",
    "after_begin": "a transaction was begun",
    "after_offsets": "a transaction holds its outputs and offsets and was not ended",
    "after_end": "a transaction was committed, nobody noted it",
    "before_settle": "the outcome of a transaction is not known",
    "after_reopen": "a new producer is open, the committed offset is not read",
    "before_revoke": "partitions are about to be let go, chunks are in flight",
    "after_drain": "what was in flight is delivered, the last commit is not made",
    "before_release": "the last commit is made, the partitions are not let go",
    "before_adopt": "a changed declaration is about to be taken up",
}
"""Every failpoint, and what has happened when it is reached."""

Action = Literal["kill", "pause", "raise", "delay"]

_ACTIONS = ("kill", "pause", "raise", "delay")
_SYNTAX = re.compile(
    r"(?P<point>\w+)=(?P<action>\w+)(:(?P<seconds>\d+(\.\d+)?))?(@(?P<time>[1-9]\d*))?"
)
_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Injected(DeliveryError):
    """What a failpoint raises: something that was asked of the brokers failed."""


@dataclass(slots=True)
class _Armed:
    """What happens at one failpoint.

    Attributes:
        action: What is done.
        seconds: Of `pause` and `delay`.
        left: How often it is reached until then, that time included; 0: it is over.
    """

    action: Action
    seconds: float
    left: int


_armed: dict[str, _Armed] = {}


async def reached(name: str) -> None:
    """Do what a test asked for at this place, mostly nothing.

    Raises:
        Injected: A test asked for it.
    """
    if _armed:
        await _act(name)


def arm(text: str) -> None:
    """Arm failpoints, and disarm all others.

    Args:
        text: `NAME=ACTION[:SECONDS][@TIME]`, parted by commas. At the TIMEth time (by default
            the first) that NAME is reached, the process ends at once (`kill`), its event loop
            stands still (`pause`), whoever reached it waits (`delay`) or fails (`raise`).

    Raises:
        ConfigError: The text is not of this form, or names what there is not.
    """
    armed = dict(_read(one) for one in text.split(",") if one)
    _armed.clear()
    _armed.update(armed)
    if armed:
        log.warning("failpoints are armed: this process will fail on purpose", count=len(armed))


def _read(text: str) -> tuple[str, _Armed]:
    found = _SYNTAX.fullmatch(text)
    if found is None:
        raise ConfigError(f"{VARIABLE}: `{text}` is not NAME=ACTION[:SECONDS][@TIME]")
    point, action = found["point"], found["action"]
    if point not in POINTS:
        raise ConfigError(f"{VARIABLE}: there is no failpoint `{point}`")
    if action not in _ACTIONS:
        raise ConfigError(f"{VARIABLE}: `{action}` is none of {', '.join(_ACTIONS)}")
    seconds = float(found["seconds"] or _SECONDS)
    return point, _Armed(cast("Action", action), seconds, int(found["time"] or 1))


async def _act(name: str) -> None:
    armed = _armed.get(name)
    if armed is None or armed.left == 0:
        return
    armed.left -= 1
    if armed.left:
        return
    log.warning("failpoint reached", place=name, reason=armed.action)
    match armed.action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "pause":
            time.sleep(armed.seconds)  # noqa: ASYNC251 - the loop itself is to stand still
        case "delay":
            await asyncio.sleep(armed.seconds)
        case "raise":
            raise Injected(f"failpoint `{name}`")
