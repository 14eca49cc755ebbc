"""Runs the app in this process: signals, an orderly end with a deadline, the exit code."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog

from pipelines.runtime import failpoint
from pipelines.runtime.app import ClearwaterApp
from pipelines.telemetry.logs import drain

DEADLINE_EXIT = 3
"""Exit code when the orderly end took too long."""

_COLLECT_AFTER = 5_000
"""Objects made and not let go until a search for cycles: chunks in flight are thousands, and hold
no cycle; Python's own 700 would search them several times per slice."""
_LOG_SECONDS = 1.0
_FAILED_SECONDS = 5.0  # to leave the group; a producer that cannot send would never end

log = structlog.get_logger(__name__)

Service = Callable[[], Awaitable[None]]
"""Something that runs beside the app until it is cancelled."""


async def run_app(
    app: ClearwaterApp,
    beside: Sequence[Service],
    deadline: float,
    draining: Callable[[], None] = lambda: None,
) -> int:
    """Run the app until SIGTERM or SIGINT, then end in order.

    A second signal ends the process at once; so does a failed end after `deadline` seconds, for
    an orchestrator kills without warning a little later.

    Args:
        app: What to run.
        beside: What runs beside it.
        deadline: Seconds from the signal to the end.
        draining: Called when the end begins.

    Returns:
        0 after an orderly end, 1 after a failure.

    Raises:
        ConfigError: A test arms failpoints that there are not.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            drain(_LOG_SECONDS)
            os._exit(128 + signal.SIGINT)
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    failpoint.arm(os.environ.get(failpoint.VARIABLE, ""))
    sys.setswitchinterval(0.001)  # the consumer's thread gets its turn while a chunk is worked on
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    running = asyncio.create_task(_lived(app), name="app")
    helpers = [asyncio.ensure_future(service()) for service in beside]
    waiting = asyncio.create_task(stopping.wait(), name="signal")
    try:
        await asyncio.wait([running, waiting, *helpers], return_when=asyncio.FIRST_COMPLETED)
        draining()
        failed = [one for one in helpers if _has_failed(one)]
        for one in failed:
            log.error("a part of the worker failed", error=type(one.exception()).__name__)
        return await _ended(app, running, deadline) or int(bool(failed))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        for task in (waiting, *helpers):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


def _has_failed(task: asyncio.Future[Any]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


async def _lived(app: ClearwaterApp) -> None:
    await app.start()
    await app.wait_until_stopped()


async def _ended(app: ClearwaterApp, running: asyncio.Task[Any], deadline: float) -> int:
    crashed = running.done() or app.failure is not None
    log.info("stopping")
    # after a failure nothing is worth waiting for: what is in flight is read again
    seconds, code = (min(_FAILED_SECONDS, deadline), 1) if crashed else (deadline, DEADLINE_EXIT)
    timer = asyncio.get_running_loop().call_later(seconds, _too_late, code)
    try:
        await app.stop()
    except Exception as error:  # noqa: BLE001 - the end goes on
        log.warning("stopping failed", error=type(error).__name__)
        crashed = True
    timer.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await running
    failed = crashed or app.failure is not None
    log.info("stopped")
    return 1 if failed else 0


def _too_late(code: int) -> None:
    log.error("the orderly end took too long; what is in flight will be read again")
    drain(_LOG_SECONDS)
    os._exit(code)
