"""The arena: one scenario's topics, its flow of records, its workers, and what became of it all."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import psutil
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from pipelines.runtime.failpoint import VARIABLE
from tests.faults import records
from tests.faults.checker import Mode, Observed, Promise, observed
from tests.support.broker import Broker
from tests.support.proxy import Proxy
from tests.support.traffic import Message, Traffic
from tests.support.worker import WorkerProcess

PARTITIONS = 4
KEYS = 40
TICK_SECONDS = 0.05
ANSWER_SECONDS = 60.0
CHUNK_BYTES = 64 * 1024
"""Of a full chunk: small, so that there are many."""
EXIT_SECONDS = 30.0

INVALID = "\nnonsense: true\n"
"""Makes a pipeline's declaration a wrong one."""


def quiet() -> None:
    """Keep our own clients' logs back: brokers that are gone are meant to be."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class Arena:
    """Where one scenario happens.

    Attributes:
        kafka: The broker.
        proxy: The network between it and the workers.
        mode: How the pipeline delivers.
        random: Every choice of the scenario; the same seed makes the same ones.
        rate: Records a second of the flow.
        crashes: How often a worker ended without an orderly end.
        reloads: How often the declaration changed.
        gone: See `Promise`.
        faults: How many faults were injected.
        sent: Records written.
        told: What else is to stand in the scenario's report.
        settings: Environment of every worker to come.
        value: How values of the source are encoded.
        encode: Makes a record's value of JSON.
        first: A step before all others, in YAML.
        thorough: Whether to take all the time that it takes.
        network: Whether workers reach the broker through the proxy.
        command: What workers run.
    """

    def __init__(
        self, kafka: Broker, proxy: Proxy, mode: Mode, folder: Path, seed: int, rate: int
    ) -> None:
        self.kafka, self.proxy, self.mode, self.rate = kafka, proxy, mode, rate
        self.random = random.Random(seed)
        self.traffic = Traffic(kafka.bootstrap)
        self.crashes = self.reloads = self.faults = self.sent = 0
        self.gone = False
        self.told: dict[str, object] = {}
        self.settings: dict[str, str] = {}
        self.value = "json"
        self.encode: Callable[[bytes], bytes] = bytes
        self.first = ""
        self.thorough = True
        self.network = False
        self.command: Sequence[str] = ("-m", "pipelines")
        self.workers: list[WorkerProcess] = []
        mark = uuid.uuid4().hex[:8]
        self.group = f"faults-{mark}"
        self.source, self.destination, self.copy, self.dead = (
            f"{name}-{mark}" for name in ("raw", "clean", "copy", "dead")
        )
        self._folder = folder / "pipelines"
        self._surfaces: dict[str, bytes] = {}

    # ---- topics, declaration, flow

    async def open(self, **config: str) -> None:
        """Make the topics, the source with these settings, and the declaration."""
        await self.traffic.exactly(self.source, PARTITIONS, **config)
        for name in (self.destination, self.copy):
            await self.traffic.exactly(name, PARTITIONS)
        await self.traffic.exactly(self.dead, 1)
        self._folder.mkdir(parents=True)
        self.declare()

    def declare(self, reason: str = "threes", more: str = "") -> None:
        """Write the declaration, whole or not at all."""
        text = records.PIPELINE.format(
            source=self.source,
            value=self.value,
            destination=self.destination,
            copy=self.copy,
            dead=self.dead,
            mode=self.mode,
            reason=reason,
            first=self.first,
        )
        written = self._folder / "faults.tmp"
        written.write_text(text + more, encoding="utf-8")
        written.rename(self._folder / "faults.yaml")

    async def produce(self, count: int, *, twice: bool = False) -> None:
        """Write the next records."""
        async with self._producer() as producer:
            await self._write(producer, count, twice=twice)

    async def put(self, messages: Sequence[Message], partition: int | None = None) -> None:
        """Write records of the scenario's own; they have no number."""
        await self.traffic.produce(self.source, messages, partition, most_bytes=16 * 1024**2)

    @asynccontextmanager
    async def flow(self, rate: int | None = None, *, twice: bool = False) -> AsyncIterator[None]:
        """Write records while inside."""
        ended = asyncio.Event()
        task = asyncio.create_task(self._flow(rate or self.rate, ended, twice=twice))
        try:
            yield
        finally:
            ended.set()
            await task

    async def _flow(self, rate: int, ended: asyncio.Event, *, twice: bool) -> None:
        async with self._producer() as producer:
            began, written = time.monotonic(), 0
            while not ended.is_set():
                due = int((time.monotonic() - began) * rate) - written
                due = min(due, rate)  # after a standstill not all at once
                written += max(0, due)
                await self._write(producer, due, twice=twice)
                await asyncio.sleep(TICK_SECONDS)

    async def _write(self, producer: AIOKafkaProducer, count: int, *, twice: bool) -> None:
        sent = []
        for number in range(self.sent, self.sent + count):
            key, _ = records.key_of(number, KEYS)
            value = self.encode(records.value_of(number, KEYS))
            headers = records.headers_of(number)
            for _ in range(2 if twice else 1):
                one = await producer.send(self.source, value, key, headers=headers)
                sent.append(one)
        self.sent += count
        await asyncio.gather(*sent)

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka.bootstrap,
            enable_idempotence=True,
            linger_ms=5,
            request_timeout_ms=120_000,
        )
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    # ---- workers

    def start(
        self,
        failpoints: str = "",
        member: str = "",
        variables: Mapping[str, str] | None = None,
        sink: int | None = None,
        **settings: str,
    ) -> WorkerProcess:
        """Start a worker.

        Args:
            failpoints: Armed in it.
            member: Its name as a static member; a successor of this name has its partitions.
            variables: Of its environment, settings aside.
            sink: Where it writes its log, in place of a file.
            settings: Over those of all workers, by name.
        """
        own = {f"CLEARWATER_{name.upper()}": text for name, text in settings.items()}
        environment = {**self.settings, **(variables or {}), **own}
        environment.setdefault("CLEARWATER_RELOAD_INTERVAL", "300ms")
        environment.setdefault("CLEARWATER_MAX_FETCH_BYTES", f"{CHUNK_BYTES}B")
        if member:
            environment["CLEARWATER_INSTANCE_ID"] = f"{self.group}-{member}"
        environment[VARIABLE] = failpoints
        name = f"worker-{len(self.workers)}"
        worker = WorkerProcess(
            self._folder,
            self.proxy.address if self.network else self.kafka.bootstrap,
            self.group,
            settings=environment,
            name=name,
            sink=sink,
            command=self.command,
        )
        self.workers.append(worker)
        return worker

    @property
    def alive(self) -> list[WorkerProcess]:
        """The workers that run."""
        return [one for one in self.workers if one.process.poll() is None]

    async def ready(self, worker: WorkerProcess, within: float = 120.0) -> WorkerProcess:
        """Wait until it takes part; return it."""
        await worker.ready(within)
        return worker

    async def ends(self, worker: WorkerProcess, within: float) -> int | None:
        """Wait until it has ended by itself; None if it does not."""
        deadline = time.monotonic() + within
        while worker.process.poll() is None:
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(0.05)
        if worker.process.returncode:
            self.crashes += 1
        return worker.process.returncode

    async def kill(self, worker: WorkerProcess) -> None:
        """Kill it."""
        self.look()
        self.crashes += 1
        self.faults += 1
        await asyncio.to_thread(worker.kill)

    async def terminate(self, worker: WorkerProcess) -> tuple[int, float]:
        """Ask it to end; return its exit code and the seconds that it took."""
        self.look()
        began = time.monotonic()
        code = await asyncio.to_thread(worker.terminate)
        if code:
            self.crashes += 1
        return code, time.monotonic() - began

    @asynccontextmanager
    async def kept_running(self, count: int = 1, **settings: str) -> AsyncIterator[None]:
        """Keep static members running while inside, as an orchestrator does."""
        keeping = [asyncio.create_task(self._keep(f"kept-{one}", settings)) for one in range(count)]
        try:
            yield
        finally:
            for task in keeping:
                task.cancel()
            ended = await asyncio.gather(*keeping, return_exceptions=True)
            for one in ended:
                if isinstance(one, Exception):
                    raise one

    async def _keep(self, member: str, settings: dict[str, str]) -> None:
        while True:
            worker = self.start("", member, None, None, **settings)
            await self.ends(worker, 3600)
            await asyncio.sleep(0.2)

    # ---- what becomes of it

    def look(self) -> None:
        """Keep what the workers' pages show: it must hold no value of a record."""
        for number, worker in enumerate(self.workers):
            if worker.process.poll() is None:
                for page in ("metrics", "readyz"):
                    with suppress(httpx.HTTPError):
                        answer = httpx.get(
                            f"http://127.0.0.1:{worker.port}/{page}", trust_env=False, timeout=2
                        )
                        self._surfaces[f"worker {number} /{page}"] = answer.content

    async def committed(self) -> int:
        """Return how much of the source is worked off, over all partitions."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                return sum((await self.traffic.committed(self.group, self.source)).values())
            except KafkaError:  # whoever knows it was killed a moment ago
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.2)

    async def progress(self, within: float, more: int = 1) -> float:
        """Wait until commits go on; return the seconds until then."""
        began, before = time.monotonic(), await self.committed()
        while await self.committed() < before + more:
            assert time.monotonic() - began < within, f"no progress in {within} s (I6)"
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def settle(self, within: float = 400.0) -> None:
        """Wait until everything is worked off (I5, I6)."""
        deadline = time.monotonic() + within
        while True:
            with suppress(KafkaError):
                ends = {k: v for k, v in (await self.traffic.end_offsets(self.source)).items() if v}
                committed = await self.traffic.committed(self.group, self.source)
                if committed == ends:
                    return
                if time.monotonic() > deadline:
                    raise AssertionError(f"committed {committed} of {ends} in {within} s (I5)")
            await asyncio.sleep(0.2)

    def printed(self, pattern: str) -> int:
        """Count what workers have printed."""
        return sum(len(re.findall(pattern, worker.printed())) for worker in self.workers)

    async def says(self, pattern: str, within: float = 60.0, times: int = 1) -> None:
        """Wait until workers have printed something so often."""
        deadline = time.monotonic() + within
        while self.printed(pattern) < times:
            assert time.monotonic() < deadline, f"nobody said `{pattern}`"
            await asyncio.sleep(0.1)

    async def holds(self, count: int, within: float = 90.0) -> None:
        """Wait until the network has held so many requests."""
        deadline = time.monotonic() + within
        while self.proxy.held < count:
            assert time.monotonic() < deadline, "no request was held"
            await asyncio.sleep(0.02)

    def rss(self) -> int:
        """Return the resident bytes of the workers that run."""
        return sum(psutil.Process(one.process.pid).memory_info().rss for one in self.alive)

    async def seen(self) -> Observed:
        """Read everything that is to be checked."""
        self.look()
        for number, worker in enumerate(self.workers):
            self._surfaces[f"worker {number} log"] = worker.log.read_bytes()
        topics = (self.source, self.destination, self.copy, self.dead)
        return await observed(self.traffic, self.group, topics, self._surfaces)

    def promise(self) -> Promise:
        """Return what is to hold."""
        return Promise(
            self.mode, self.crashes, self.reloads, gone=self.gone, chunk_bytes=CHUNK_BYTES
        )

    def close(self) -> None:
        """End what runs."""
        for worker in self.alive:
            worker.kill()
