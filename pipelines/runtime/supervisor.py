"""supervise: run N worker processes, restart the dead, stop them all in time.

Each worker is the same command with `CLEARWATER_WORKERS=1`, in a process group of its own, so
that Ctrl-C in a terminal reaches the supervisor only and the workers get one signal, not two.
Workers answer probes and scrapes on loopback, on ports that the supervisor hands out; the
supervisor answers for all of them on the configured port (`workers_status`).
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from pipelines.runtime.restarts import LeaveIt, Restarts, overall_exit_code
from pipelines.settings import Settings, variable

GRACE_SECONDS = 5.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(slots=True)
class Worker:
    """One supervised worker.

    Attributes:
        index: Its number, from 0.
        port: Its own status port on loopback.
        process: The process that runs or ran last.
        exit_code: How it ended for good; None while it runs or will run again.
        restarts: How often it was started again.
    """

    index: int
    port: int
    process: asyncio.subprocess.Process | None = None
    exit_code: int | None = None
    restarts: int = 0


@dataclass(slots=True)
class Supervisor:
    """Runs workers until told to stop, or until none of them can be started again.

    Attributes:
        command: The command of every worker.
        environments: Environment of each worker.
        workers: State of each worker.
        drain_timeout: Time the workers have from SIGTERM on, seconds; then they are killed.
        make_restarts: Makes the restart decision of one worker.
        on_restart: Told the worker's index at each restart, such as a counter.
    """

    command: Sequence[str]
    environments: Sequence[Mapping[str, str]]
    workers: Sequence[Worker]
    drain_timeout: float
    make_restarts: Callable[[], Restarts] = lambda: Restarts(random.random)
    on_restart: Callable[[int], None] = lambda _: None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> int:
        """Run until the end and return the exit code.

        The first SIGTERM, SIGINT or SIGHUP stops all workers and waits for their drain; the
        second kills them.
        """
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._signalled, number)
        try:
            await asyncio.gather(*(self._keep_running(worker) for worker in self.workers))
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)
        return overall_exit_code([worker.exit_code or 0 for worker in self.workers])

    def _signalled(self, number: signal.Signals) -> None:
        structlog.get_logger().info("supervisor stopping", signal=number.name)
        (self._hurry if self._stop.is_set() else self._stop).set()

    async def _keep_running(self, worker: Worker) -> None:
        log = structlog.get_logger().bind(worker=worker.index)
        restarts = self.make_restarts()
        code = 0
        while not self._stop.is_set():
            started = time.monotonic()
            code = await self._run_once(worker)
            if self._stop.is_set():
                break
            log.warning("worker ended", exit_code=code)
            decision = restarts.ended(code, time.monotonic() - started)
            if isinstance(decision, LeaveIt):
                log.error("worker left", reason=decision.reason)
                code = code or 1
                break
            if await _set_within(self._stop, decision.delay):
                break
            worker.restarts += 1
            self.on_restart(worker.index)
        worker.exit_code = code

    async def _run_once(self, worker: Worker) -> int:
        process = worker.process = await asyncio.create_subprocess_exec(
            *self.command,
            env=dict(self.environments[worker.index]),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        ended = asyncio.ensure_future(process.wait())
        try:
            await _first(ended, self._stop)
            if not ended.done():
                await self._drain(process, ended)
            code = await ended
            # it had not begun: workers take over the signal before they read anything
            return 0 if self._stop.is_set() and code == -signal.SIGTERM else code
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _drain(self, process: asyncio.subprocess.Process, ended: asyncio.Future[int]) -> None:
        process.terminate()
        await _first(ended, self._hurry, self.drain_timeout + GRACE_SECONDS)
        if not ended.done():
            structlog.get_logger().error("worker killed: not drained in time")
            process.kill()


def supervisor(settings: Settings, command: Sequence[str]) -> Supervisor:
    """Return the supervisor of `settings.workers` workers that run `command`.

    Args:
        settings: What this process was told; options go on to the workers' environment, so
            `command` must not repeat them.
        command: What each worker runs, such as `python -m pipelines run DIR`.
    """
    workers = [
        Worker(index, settings.http_port + 1 + index if settings.http_port else _free_port())
        for index in range(settings.workers)
    ]
    environments = [worker_environment(settings, worker) for worker in workers]
    return Supervisor(command, environments, workers, settings.drain_timeout)


def worker_environment(settings: Settings, worker: Worker) -> dict[str, str]:
    """Return the environment of one worker: ours, our options, and what is its own."""
    own = {"workers": "1", "http_host": "127.0.0.1", "http_port": str(worker.port)}
    own["supervisor"] = str(os.getpid())
    if settings.instance_id:  # two members of one name would fence each other
        own["instance_id"] = f"{settings.instance_id}-{worker.index}"
    own_variables = {variable(name): text for name, text in own.items()}
    return {**os.environ, **settings.option_environment(), **own_variables}


async def stop_without_supervisor(supervisor_pid: int, interval: float = 1.0) -> None:
    """Send this worker SIGTERM once its supervisor is gone: nobody else would stop it."""
    while os.getppid() == supervisor_pid:  # noqa: ASYNC110 - no event tells of a parent's end
        await asyncio.sleep(interval)
    structlog.get_logger().error("supervisor is gone; stopping")
    os.kill(os.getpid(), signal.SIGTERM)


async def _first(
    ended: asyncio.Future[int], event: asyncio.Event, seconds: float | None = None
) -> None:
    happened = asyncio.create_task(event.wait())
    both: set[asyncio.Future[Any]] = {ended, happened}
    await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    happened.cancel()


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
