"""Trace: one record through a pipeline - what each step saw, decided and did, and what it took."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipelines.engine.blueprint import Blueprint
from pipelines.engine.door import DOOR, door
from pipelines.engine.field_way import reads
from pipelines.engine.outcome import ChunkOutcome
from pipelines.engine.plan import Plan
from pipelines.engine.variant import CompiledStep, Exit, Variant
from pipelines.errors import RecordError
from pipelines.field_path import MISSING, FieldPath
from pipelines.record import Record
from pipelines.shape import joined
from pipelines.step import Ended

Clock = Callable[[], int]
"""Nanoseconds that go on steadily."""


@dataclass(slots=True)
class Traced:
    """What one step did. Values in it are raw: mask them before they are shown.

    Attributes:
        id: The step's id, or the stage.
        step: Its verb.
        when: Its condition.
        decided: What came of it, as a phrase.
        saw: The fields that its expressions read, and those it works on: path and value.
        changes: What it changed: path, before, after; `MISSING` where there is nothing.
        asked: Nanoseconds that the condition took.
        took: Nanoseconds that the step itself took.
    """

    id: str
    step: str = ""
    when: str | None = None
    decided: str = ""
    saw: list[tuple[str, object]] = field(default_factory=list, repr=False)
    changes: list[tuple[str, object, object]] = field(default_factory=list, repr=False)
    asked: int = 0
    took: int = 0


class Trace:
    """One pipeline that keeps what happens in it.

    Attributes:
        plan: The plan to run the record through.
        steps: What happened, in order; steps that were not reached are not there.
    """

    def __init__(self, blueprint: Blueprint, clock: Clock) -> None:
        """Compile the pipeline.

        Args:
            blueprint: The pipeline.
            clock: Tells the time.

        Raises:
            ConfigError: It does not compile; every problem.
        """
        self.steps: list[Traced] = []
        self._blueprint = blueprint
        self._clock = clock
        self._encoded = 0
        self._at_gate: int | None = None
        self.plan = Plan(blueprint, self._adapted)
        self.plan.learn(None)

    def begin(self) -> None:
        """Forget what happened before."""
        self.steps.clear()
        self._encoded, self._at_gate = 0, None

    def seen(self, outcome: ChunkOutcome) -> None:
        """Add what the gate and the encoding did; called when the record is through."""
        if self._at_gate is None:
            return
        since = self._clock() - self._at_gate
        gate = self.steps[-1]
        gate.took = since - self._encoded
        found = ", ".join(
            f"{entity} ({verb})" for entity, verb in sorted(dict.fromkeys(outcome.findings))
        )
        gate.decided = f"found {found}" if found else "found nothing in text"
        went = ", ".join(outcome.outputs) or "nothing leaves"
        self.steps.append(Traced("encode", decided=went, took=self._encoded))

    def _adapted(self, variant: Variant) -> Variant:
        decode = variant.reading.decode

        def decoded(raw: bytes) -> object:
            began = self._clock()
            value = decode(raw)
            took = self._clock() - began
            self.steps.append(Traced("decode", decided=type(value).__name__, took=took))
            return value

        steps = [self._traced(step) for step in variant.steps]
        last = door(self._door(variant), variant.shape)
        exits = {topic: self._timed(one) for topic, one in variant.exits.items()}
        reading = replace(variant.reading, decode=decoded, decode_all=None)
        return replace(variant, reading=reading, steps=(*steps, last), exits=exits)

    def _timed(self, exit_: Exit) -> Exit:
        encode = exit_.writing.encode

        def encoded(value: object) -> bytes:
            began = self._clock()
            raw = encode(value)
            self._encoded += self._clock() - began
            return raw

        return replace(exit_, writing=replace(exit_.writing, encode=encoded, encode_all=None))

    def _traced(self, step: CompiledStep) -> CompiledStep:
        fields = tuple(dict.fromkeys(_fields(step, self._blueprint)))
        verb = str(getattr(step.config, "step", ""))
        inner, transform = step.applies, step.transform

        def applies(record: Record) -> bool:
            traced = Traced(step.id, verb, step.config.when)
            traced.saw = [(str(path), path.get(record.value)) for path in fields]
            self.steps.append(traced)
            if inner is None:
                traced.decided = "always"
                return True
            began = self._clock()
            try:
                holds = inner(record)
            except RecordError as error:
                traced.decided = f"condition in error: {error.hint or error.code}"
                raise
            finally:
                traced.asked = self._clock() - began
            traced.decided = "condition holds" if holds else "condition does not hold: passed by"
            return holds

        def run(record: Record) -> Ended | None:
            traced = self.steps[-1]
            before = copy.deepcopy(record.value)
            was = (record.destination, record.copies)
            began = self._clock()
            try:
                ended = transform(record)
            except RecordError as error:
                traced.decided += f"; failed: {error.hint or error.code}"
                raise
            finally:
                traced.took = self._clock() - began
            traced.changes = list(_changes(before, record.value, ""))
            if ended is not None:
                traced.decided += f"; {ended.fate}: {ended.reason}"
            elif (record.destination, record.copies) != was:
                traced.decided += f"; to {record.destination or ', '.join(record.copies)}"
            return ended

        return replace(step, applies=applies, transform=run)

    def _door(self, variant: Variant) -> Callable[[Record], None]:
        default = self._blueprint.pipeline.publish.topic

        def arrives(record: Record) -> None:
            gate = Traced(DOOR)
            for topic in (record.destination or default, *record.copies):
                for path, why, verb in variant.exits[topic].gate.rules:
                    value = FieldPath(path).get(record.value)
                    if value is not MISSING and not isinstance(value, dict | list):
                        gate.saw.append((f"{path}: {verb} ({why})", value))
            gate.saw = list(dict(gate.saw).items())
            self.steps.append(gate)
            self._at_gate = self._clock()

        return arrives


def _fields(step: CompiledStep, blueprint: Blueprint) -> Iterator[FieldPath]:
    yield from reads(step, blueprint)
    yield from step.config.fields_needed()


def _changes(old: object, new: object, path: str) -> Iterator[tuple[str, object, object]]:
    """Yield path, old and new of what differs; what is new or gone as a whole."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            below = joined(path, str(name))
            yield from _changes(old.get(name, MISSING), new.get(name, MISSING), below)
    elif type(old) is not type(new) or old != new:
        yield path, old, new
