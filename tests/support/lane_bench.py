"""A lane with everything around it in the test's hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.errors import DeliveryError
from pipelines.fate import Fate
from pipelines.runtime.at_least_once import AtLeastOnce
from pipelines.runtime.delivery import Delivery
from pipelines.runtime.driver.chunk import Chunk
from pipelines.runtime.handler import Closed
from pipelines.runtime.lane import Lane, Queue
from pipelines.runtime.ledger import Partition

SOURCE = Partition("raw", 2)
Sent = asyncio.Future[None]


class Upper:
    """Publishes values in capitals; `dead` is dead-lettered, `fail` fails as often as told."""

    dead_letter_topic = "dead"

    def __init__(self) -> None:
        self.failures = 0
        self.sealing_failures = 0
        self.tried: list[int] = []
        self.failed_with: list[str] = []
        self.counted: list[ChunkOutcome] = []
        self.must_stop = False
        self.prepared = asyncio.Event()
        self.prepared.set()

    def pinned(self) -> Upper:
        return self

    async def prepare(self, records: Sequence[RawRecord]) -> None:
        del records
        await self.prepared.wait()

    def process(self, records: Sequence[RawRecord], partition: int) -> ChunkOutcome:
        assert partition == SOURCE.partition
        self.tried.append(records[0].offset)
        outcome = ChunkOutcome(len(records))
        for one in records:
            value = one.value or b""
            if value == b"fail" and self.failures:
                self.failures -= 1
                raise ValueError("what is secret")
            if value == b"dead":
                outcome.dead_letters.append(DeadLettered(one, "condition_error", "small"))
                outcome.fates["small", Fate.DEAD_LETTERED, "condition_error"] += 1
            else:
                clean = Output(one.offset, one.timestamp or 0, one.key, value.upper(), ())
                outcome.outputs.setdefault("clean", []).append(clean)
                outcome.fates["publish", Fate.PUBLISHED, ""] += 1
        return outcome

    def seal(self, letter: DeadLettered, partition: int) -> Output:
        assert partition == SOURCE.partition
        if self.sealing_failures:
            self.sealing_failures -= 1
            raise OSError("what is secret")
        return Output(letter.raw.offset, 0, None, b"sealed", ())

    def delivered(self, outcomes: Sequence[ChunkOutcome], closed: Closed) -> bool:
        assert closed.partition == SOURCE.partition
        assert closed.records == sum(outcome.records_in for outcome in outcomes)
        self.counted += outcomes
        return self.must_stop

    def failed(self, error: str) -> None:
        self.failed_with.append(error)


class Topics(Delivery):
    """Takes what is sent; the brokers have it when the test says so."""

    def __init__(self) -> None:
        super().__init__(None, 0.2)
        self.sent: list[tuple[str, list[bytes | None]]] = []
        self.on_their_way: list[Sent] = []
        self.refusal: DeliveryError | None = None

    async def send(
        self, topic: str, outputs: Sequence[Output], source: tuple[str, int]
    ) -> list[Sent]:
        assert source == SOURCE
        if self.refusal is not None:
            raise self.refusal
        self.sent.append((topic, [one.value for one in outputs]))
        future: Sent = asyncio.get_running_loop().create_future()
        self.on_their_way.append(future)
        return [future]

    def arrive(self, *positions: int) -> None:
        """Let the brokers have these sends, or all."""
        for position in positions or range(len(self.on_their_way)):
            if not self.on_their_way[position].done():
                self.on_their_way[position].set_result(None)


class Commits:
    """Lets chunks be sent at once, or when the test says so; keeps what is done."""

    def __init__(self, done: list[Chunk]) -> None:
        self._done = done
        self.turns: list[asyncio.Future[None]] = []
        self.at_once = True

    def turn(self, chunk: Chunk) -> asyncio.Future[None]:
        del chunk
        self.turns.append(asyncio.get_running_loop().create_future())
        if self.at_once:
            self.turns[-1].set_result(None)
        return self.turns[-1]

    def done(self, chunk: Chunk) -> None:
        self._done.append(chunk)


class Bench:
    """A lane with everything around it in the test's hands."""

    def __init__(self) -> None:
        self.handler = Upper()
        self.topics = Topics()
        self.done: list[Chunk] = []
        self.commits = Commits(self.done)
        self.stopped: list[tuple[str, str]] = []
        self.crashed: list[BaseException] = []
        self.queue: Queue | None = None

    def lane(self, partition: Partition = SOURCE) -> Lane:
        return Lane(
            partition,
            self.handler,
            lambda ends: AtLeastOnce(partition, self.topics, self.commits, ends),
            lambda topic, reason: self.stopped.append((topic, reason)),
            self._crash,
            self.queue,
        )

    async def _crash(self, error: BaseException) -> None:
        self.crashed.append(error)

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the lane run until something holds."""
        async with asyncio.timeout(30):
            while not holds():  # noqa: ASYNC110 - the lane tells nobody
                await asyncio.sleep(0.001)
