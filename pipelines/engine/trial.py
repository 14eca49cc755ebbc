"""Trial: one record at a time through a plan, with its fate in plain values; no Kafka."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipelines.engine.outcome import ChunkOutcome
from pipelines.engine.plan import Plan
from pipelines.fate import Fate


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A raw record that came from no broker."""

    offset: int
    timestamp: int
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What became of one record: one result per output, or one that says why there is none.

    Attributes:
        fate: The record's fate.
        step: What decided: a step's id, or `decode`, `gate`, `publish`.
        reason: The drop's reason or the dead letter's code.
        topic: Where this output goes; None where nothing leaves.
        key: Clean key.
        value: Clean value; of a dead letter the masked preview.
        headers: Clean headers as text.
        after: How long after its arrival this happens at the earliest, seconds: what delays add up
            to. Of a delayed record: when it goes on.
    """

    fate: Fate
    step: str
    reason: str
    topic: str | None = None
    key: object = field(default=None, repr=False)
    value: object = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """Runs records one by one.

    Attributes:
        plan: The compiled pipeline.
        read_key: Key bytes to a plain value.
        read_value: Destination and value bytes to a plain value.
        seen: Called with the outcome of each record.
    """

    plan: Plan
    read_key: Callable[[bytes], object]
    read_value: Callable[[str, bytes], object]
    seen: Callable[[ChunkOutcome], None] | None = None

    def run(self, raw: TrialRecord) -> list[TrialResult]:
        """Return what the record becomes; nothing waits: what is delayed goes on at once."""
        for schema_id in self.plan.unknown_schemas([raw]):
            self.plan.learn(schema_id)
        results: list[TrialResult] = []
        waited_at: str | None = None
        after = 0.0
        while True:
            source = self.plan.blueprint.pipeline.source.topic
            outcome = self.plan.run([raw], source, 0, waited_at)
            if self.seen is not None:
                self.seen(outcome)
            if not outcome.waiting:
                return [*results, *self._ended(outcome, after)]
            (waiting,) = outcome.waiting
            waited_at = waiting.step
            after = max(after, (waiting.until - raw.timestamp) / 1000)
            results.append(TrialResult(Fate.DELAYED, waited_at, "", after=after))

    def _ended(self, outcome: ChunkOutcome, after: float) -> list[TrialResult]:
        ((step, fate, reason),) = outcome.fates
        if outcome.dead_letters:
            preview = outcome.dead_letters[0].preview
            topic = self.plan.blueprint.pipeline.dead_letter.topic
            return [TrialResult(fate, step, reason, topic, None, preview, after=after)]
        found = self._outputs(outcome, step, fate, reason, after)
        return found or [TrialResult(fate, step, reason, after=after)]

    def _outputs(
        self, outcome: ChunkOutcome, step: str, fate: Fate, reason: str, after: float
    ) -> list[TrialResult]:
        results = []
        home = self.plan.blueprint.pipeline.publish.topic
        # copies leave before the record itself; a deletion goes everywhere, home first
        ways = sorted(
            outcome.outputs.items(), key=lambda one: one[0] == home and one[1][0].value is not None
        )
        for topic, outputs in ways:
            for output in outputs:
                key = None if output.key is None else self.read_key(output.key)
                value = None if output.value is None else self.read_value(topic, output.value)
                headers = {name: (raw or b"").decode() for name, raw in output.headers}
                results.append(
                    TrialResult(fate, step, reason, topic, key, value, headers, after=after)
                )
        return results
