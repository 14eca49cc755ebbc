"""ResumedHandler: what is done with records that have waited at one step of a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.fate import Fate
from pipelines.runtime.dead_letter import Sealer
from pipelines.runtime.handler import Closed
from pipelines.runtime.pipeline_handler import PipelineHandler
from pipelines.runtime.waiting import Waited, WaitingSealer, WaitingUnreadable

UNREADABLE = "waiting_unreadable"


class ResumedHandler:
    """Opens what waited, and runs the rest of the pipeline on it.

    Attributes:
        dead_letter_topic: Where dead letters go.
    """

    def __init__(
        self, pipeline: PipelineHandler, step: str, opener: WaitingSealer, sealer: Sealer
    ) -> None:
        """Take what it works with.

        Args:
            pipeline: The pipeline's handler, which counts for both.
            step: Id of the step.
            opener: Opens what waits.
            sealer: Of dead letters that come from the step's topic: what does not open.
        """
        self.dead_letter_topic = pipeline.dead_letter_topic
        self._pipeline = pipeline
        self._step = step
        self._opener = opener
        self._sealer = sealer
        self._opened: dict[int, list[Waited | RawRecord]] = {}

    def pinned(self) -> ResumedHandler:
        """Return itself: see `handler.Current`."""
        return self

    async def prepare(self, records: Sequence[RawRecord]) -> None:
        """Open the records, and learn the schemas that they need."""
        opened = [self._open(one) for one in records]
        await self._pipeline.prepare([one for one in opened if isinstance(one, Waited)])
        self._opened[id(records)] = opened

    def process(self, records: Sequence[RawRecord], partition: int) -> ChunkOutcome:
        """Run what comes behind the step."""
        del partition  # where they waited; what counts is where they come from
        opened = self._opened.pop(id(records))
        waited = [one for one in opened if isinstance(one, Waited)]
        whole = ChunkOutcome()
        began = self._pipeline.clock()
        for source, group in groupby(waited, lambda one: one.partition):
            whole.add(self._pipeline.run(list(group), source, self._step))
        seconds = self._pipeline.clock() - began
        self._pipeline.worked(whole, seconds, [one.until for one in waited])
        for one in opened:
            if not isinstance(one, Waited):
                whole.records_in += 1
                whole.dead_letters.append(DeadLettered(one, UNREADABLE, self._step))
                whole.fates[self._step, Fate.DEAD_LETTERED, UNREADABLE] += 1
        return whole

    def seal(self, letter: DeadLettered, partition: int) -> Output:
        """Return the dead letter to publish: under the coordinates of the source, if it opened."""
        if isinstance(letter.raw, Waited):
            return self._pipeline.seal(letter, letter.raw.partition)
        sealed = self._sealer.seal(letter, partition)
        raw = letter.raw
        return Output(raw.offset, raw.timestamp or 0, None, sealed.value, sealed.headers)

    def delivered(self, outcomes: Sequence[ChunkOutcome], closed: Closed) -> bool:
        """Count what is durable; True if there are too many dead letters to go on."""
        count = sum(outcome.records_in for outcome in outcomes)
        self._pipeline.came_back(self._step, count)
        return self._pipeline.delivered(outcomes, closed)

    def failed(self, error: str) -> None:
        """Count an error that is no record's fault."""
        self._pipeline.failed(error)

    def _open(self, record: RawRecord) -> Waited | RawRecord:
        try:
            return self._opener.open(record, self._step)
        except WaitingUnreadable:
            return record
