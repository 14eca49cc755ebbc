"""Proxy: a network between workers and one broker, with the faults of a network on command."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.embedded.kafka import EmbeddedKafka
from pipelines.embedded.loopback import HOST, free_ports

PRODUCE, OFFSET_COMMIT, HEARTBEAT, END_TXN = 0, 8, 12, 26
"""Keys of requests in Kafka's protocol, to hold some and let others through."""

_BLOCK = 16 * 1024


@dataclass(slots=True)
class Weather:
    """What the network is like; all of it may change at any moment.

    Attributes:
        latency: Seconds that everything takes, one way.
        jitter: Seconds that it takes more at most.
        bytes_per_second: Of one connection and direction; 0: no bound.
        up: Whether workers reach the broker.
        down: Whether answers of the broker arrive.
        hold: Seconds that requests of a key are held before they go on, by key.
        cut_after: Bytes after about which connections are reset; 0: never.
    """

    latency: float = 0.0
    jitter: float = 0.0
    bytes_per_second: float = 0.0
    up: bool = True
    down: bool = True
    hold: dict[int, float] = field(default_factory=dict)
    cut_after: int = 0


class Proxy:
    """Carries connections to one port on loopback.

    A connection that is cut off keeps what was written and delivers it when the way is free again,
    as TCP does. What a client had sent before it hung up still arrives.

    Attributes:
        weather: What the network is like now.
        address: Where clients find it.
        held: How many requests were held.
        cuts: How many connections were reset.
    """

    def __init__(self, port: int, upstream: int, seed: int = 0) -> None:
        self.weather = Weather()
        self.held = 0
        self.cuts = 0
        self.address = f"{HOST}:{port}"
        self._port = port
        self._upstream = upstream
        self._random = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, HOST, self._port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def clear(self) -> None:
        """Let the sun shine."""
        self.weather = Weather()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._between(reader, writer)
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(HOST, self._upstream)
        up = asyncio.create_task(self._up(reader, forth))
        down = asyncio.create_task(self._down(back, writer))
        try:
            await asyncio.wait([up])  # to the end, whoever hung up
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            forth.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            budget = self._budget()
            while True:
                size = await reader.readexactly(4)
                frame = await reader.readexactly(int.from_bytes(size))
                seconds = self.weather.hold.get(int.from_bytes(frame[:2]), 0.0)
                if seconds:
                    self.held += 1
                    await asyncio.sleep(seconds)
                await self._pass(size + frame, writer, lambda: self.weather.up)
                budget -= len(frame)
                if self._is_over(budget):
                    return

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            budget = self._budget()
            while block := await reader.read(_BLOCK):
                await self._pass(block, writer, lambda: self.weather.down)
                budget -= len(block)
                if self._is_over(budget):
                    break
            writer.transport.abort()

    async def _pass(
        self, block: bytes, writer: asyncio.StreamWriter, is_open: Callable[[], bool]
    ) -> None:
        weather = self.weather
        seconds = weather.latency + self._random.uniform(0, weather.jitter)
        if weather.bytes_per_second:
            seconds += len(block) / weather.bytes_per_second
        if seconds:
            await asyncio.sleep(seconds)
        while not is_open():  # noqa: ASYNC110 - the weather is no event
            await asyncio.sleep(0.05)
        writer.write(block)
        await writer.drain()

    def _budget(self) -> float:
        return self._random.expovariate(1 / max(1, self.weather.cut_after))

    def _is_over(self, budget: float) -> bool:
        if self.weather.cut_after and budget < 0:
            self.cuts += 1
            return True
        return False


class ProxiedKafka(EmbeddedKafka):
    """A broker that tells clients who come through the proxy to stay behind it.

    Attributes:
        bootstrap: Its own address, for who observes.
    """

    def __init__(self, data: Path | None = None, **properties: str) -> None:
        super().__init__(data)
        self._inner, self._outer = free_ports(2)
        self._properties = {
            "listeners": f"PLAINTEXT://{self.bootstrap},PROXIED://{HOST}:{self._inner},"
            f"CONTROLLER://{HOST}:{self._controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap},PROXIED://{HOST}:{self._outer}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,"
            "CONTROLLER:PLAINTEXT",
            **properties,
        }

    def proxy(self, seed: int = 0) -> Proxy:
        """Return a proxy before it, not started."""
        return Proxy(self._outer, self._inner, seed)
