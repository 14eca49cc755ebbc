"""Watched: a pipeline that tells which branches its records take, and is otherwise the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipelines.engine.blueprint import Blueprint
from pipelines.engine.branch import Branch, Coverage, Kind, branches_of, policies_of, tagged
from pipelines.engine.door import door
from pipelines.engine.outcome import ChunkOutcome
from pipelines.engine.plan import Plan
from pipelines.engine.variant import CompiledStep, Variant
from pipelines.errors import RecordError
from pipelines.field_path import MISSING
from pipelines.record import Record
from pipelines.step import Ended, Transform
from pipelines.steps.throttle import Throttle


class Watched:
    """One pipeline under observation.

    Attributes:
        plan: The plan whose records are seen.
    """

    def __init__(self, blueprint: Blueprint, coverage: Coverage) -> None:
        """Compile it; what there is to reach is added to the coverage.

        Raises:
            ConfigError: It does not compile; every problem.
        """
        self._blueprint = blueprint
        self._coverage = coverage
        self._name = blueprint.pipeline.pipeline
        self.plan = Plan(blueprint, self._adapted)
        self.plan.learn(None)

    def seen(self, outcome: ChunkOutcome) -> None:
        """Count what became of a record: where it went, what was found in it."""
        for topic in outcome.outputs:
            self._reach("destination", topic)
        for policy in policies_of(self._blueprint, list(outcome.outputs)):
            for entity, _ in outcome.findings:
                rule = entity if entity in policy.found else "default"
                self._coverage.reach(Branch("policy", policy.policy, "found", rule))

    def _reach(self, kind: Kind, what: str, outcome: str = "") -> None:
        self._coverage.reach(Branch("pipeline", self._name, kind, what, outcome))

    def _adapted(self, variant: Variant) -> Variant:
        self._coverage.expect(branches_of(self._blueprint, variant))
        steps = [self._watched(step) for step in variant.steps]
        last = door(self._door(variant), variant.shape)
        return replace(variant, steps=(*steps, last))

    def _watched(self, step: CompiledStep) -> CompiledStep:
        if isinstance(step.config, Throttle):
            step = replace(step, transform=self._throttle(step.id, step.transform))
        if step.applies is not None:
            return replace(step, applies=self._condition(step.id, step.applies))
        transform = step.transform

        def run(record: Record) -> Ended | None:
            self._reach("step", step.id)
            return transform(record)

        return replace(step, transform=run)

    def _throttle(self, step_id: str, transform: Transform) -> Transform:
        def throttle(record: Record) -> Ended | None:
            try:
                ended = transform(record)
            except RecordError as error:
                if error.code == "throttled":
                    self._reach("excess", step_id)
                raise
            if ended is not None:
                self._reach("excess", step_id)
            return ended

        return throttle

    def _condition(
        self, step_id: str, applies: Callable[[Record], bool]
    ) -> Callable[[Record], bool]:
        def asked(record: Record) -> bool:
            try:
                holds = applies(record)
            except RecordError:
                self._reach("when", step_id, "error")
                raise
            self._reach("when", step_id, "true" if holds else "false")
            return holds

        return asked

    def _door(self, variant: Variant) -> Transform:
        pipeline = self._blueprint.pipeline
        default, privacy = pipeline.publish.topic, pipeline.privacy
        rules = {topic: list(tagged(self._blueprint, variant, topic)) for topic in variant.exits}

        def arrives(record: Record) -> None:
            for path in privacy.fields:
                if path.get(record.value) is not MISSING:
                    self._reach("field", str(path))
            if record.key is not None:
                self._reach("key", "")
            for name, _ in record.headers:
                self._reach("header", name)
            for topic in (record.destination or default, *record.copies):
                for path, branch in rules[topic]:
                    if path.get(record.value) is not MISSING:
                        self._coverage.reach(branch)

        return arrives
