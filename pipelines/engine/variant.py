"""Variant: a pipeline compiled for one schema version of its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.codec import Reading, Writing
from pipelines.condition import Given, compile_condition, compile_expression
from pipelines.condition import check as check_expression
from pipelines.effect import Effect
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.evolve import evolved
from pipelines.engine.faults import placed, step_faults, with_flow
from pipelines.errors import ConfigError, Problem
from pipelines.field_path import FieldPath
from pipelines.privacy.gate import Gate
from pipelines.record import Record
from pipelines.shape import Shape
from pipelines.step import Expression, Running, Scope, StepConfig, Transform
from pipelines.table import Table


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """One step, ready to run.

    Attributes:
        id: The step's id.
        applies: Its condition; None: always.
        transform: What it does.
        config: The step as declared.
        effects: What it does to fields, `conditional` where it has a condition.
        before: The value's shape before it.
    """

    id: str
    applies: Callable[[Record], bool] | None
    transform: Transform
    config: StepConfig
    effects: tuple[Effect, ...]
    before: Shape


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out: the gate and the encoding of a destination."""

    gate: Gate
    writing: Writing


@dataclass(frozen=True, slots=True)
class Passage:
    """What runs on a record: from its arrival on, or once it has waited at a step.

    Attributes:
        run: Id, condition and function of each step.
        tombstones: Id and function of each step that tombstones wait at.
        again: Ids of the steps that run a second time, to make anew what they had made.
    """

    run: tuple[tuple[str, Callable[[Record], bool] | None, Transform], ...]
    tombstones: tuple[tuple[str, Transform], ...] = ()
    again: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Variant:
    """A pipeline compiled for one schema version.

    Attributes:
        reading: How its values are decoded.
        steps: The steps, in order.
        shape: The value's shape after all steps.
        exits: The ways out, by destination topic.
        warnings: What is allowed but worth a look.
        decode: That of `reading`: bytes to value.
        passages: What runs, by the id of the step that a record has waited at; None: at first.
    """

    reading: Reading
    steps: tuple[CompiledStep, ...]
    shape: Shape
    exits: Mapping[str, Exit]
    warnings: tuple[Problem, ...]
    decode: Callable[[bytes], object] = field(init=False)
    passages: Mapping[str | None, Passage] = field(init=False)

    def decoded(self, raws: Sequence[bytes | None], most: int) -> list[object] | None:
        """Return the values of a chunk, tombstones as None; None where each is to be looked at.

        Args:
            raws: The values as they came.
            most: Bytes of a value that is decoded.
        """
        quick = self.reading.decode_all
        given = [raw for raw in raws if raw is not None]
        if quick is None or not given or max(map(len, given)) > most:
            return None
        try:
            values = quick(given)
        except Exception:  # noqa: BLE001 - one by one it is found out whose it was
            return None
        if len(given) == len(raws):
            return values
        left = iter(values)
        return [None if raw is None else next(left) for raw in raws]

    def __post_init__(self) -> None:
        """Lay out what runs for every record, so that nothing is looked up for it."""
        object.__setattr__(self, "decode", self.reading.decode)
        waits = [step for step in self.steps if step.config.waiting_topic("") is not None]
        passages = {at: _passage(self.steps, at) for at in (None, *(step.id for step in waits))}
        object.__setattr__(self, "passages", passages)


def _passage(steps: Sequence[CompiledStep], waited_at: str | None) -> Passage:
    place = next((index for index, step in enumerate(steps) if step.id == waited_at), -1)
    waits = {step.id for step in steps if step.config.waiting_topic("") is not None}
    once = waits | {step.id for step in steps if step.config.counts()}
    again = [step for step in steps[: place + 1] if step.id not in once]
    behind = steps[place + 1 :]
    return Passage(
        tuple((step.id, step.applies, step.transform) for step in (*again, *behind)),
        tuple((one.id, one.transform) for one in behind if one.id in waits and not one.applies),
        frozenset(step.id for step in again),
    )


_DECIDED = ("CW0308", "CW0312")  # the condition compiles: what follows is checked all the same


class _StepResources:
    """What a step may use: the tables, and CEL compiled for the shape at this step."""

    def __init__(self, given: Given, shape: Shape, running: Running) -> None:
        self.tables: Mapping[str, Table] = given.tables
        self.running = running
        self._given = given
        self._shape = shape

    def expression(self, text: str, step_id: str) -> Expression:
        return compile_expression(text, step_id, self._shape, given=self._given)

    def shape_of(self, text: str) -> Shape:
        return check_expression(text, self._shape, given=self._given).shape

    def fields_read(self, text: str) -> list[FieldPath]:
        checked = check_expression(text, self._shape, given=self._given)
        return [FieldPath(path) for path, _ in checked.reads]


def compile_variant(blueprint: Blueprint, reading: Reading, *, is_newest: bool = False) -> Variant:
    """Compile the pipeline for values that `reading` reads.

    Args:
        blueprint: The pipeline.
        reading: One schema version of its source.
        is_newest: The version that the pipeline is written for: a step may name no field that it
            does not have. Older versions may lack what came later.

    Raises:
        ConfigError: Any step, treatment or schema does not fit; all problems, with their paths.
    """
    problems: list[Problem] = []
    steps, shape = _steps(blueprint, reading, problems, is_newest=is_newest)
    exits: dict[str, Exit] = {}
    if not any(problem.severity == "error" for problem in problems):
        exits = _exits(blueprint, reading, steps, shape, problems, is_newest=is_newest)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ConfigError(problems)
    return Variant(reading, tuple(steps), shape, exits, tuple(problems))


def _steps(
    blueprint: Blueprint, reading: Reading, problems: list[Problem], *, is_newest: bool
) -> tuple[list[CompiledStep], Shape]:
    shape = reading.shape
    row_shapes = {name: table.row for name, table in blueprint.tables.items()}
    given = blueprint.given()
    compiled: dict[int, CompiledStep] = {}
    for index, config in enumerate(blueprint.pipeline.steps):
        faults = step_faults(config, shape, given, f"steps[{index}]", is_newest=is_newest)
        problems += faults
        if any(fault.severity == "error" and fault.code not in _DECIDED for fault in faults):
            continue
        resources = _StepResources(given, shape, blueprint.running)
        try:
            applies = config.when and compile_condition(config.when, config.id, shape, given=given)
            transform = config.build(resources)
            effects = config.effects(
                Scope(shape, row_shapes, resources.shape_of, resources.fields_read)
            )
        except ConfigError as error:
            problems += placed(error, f"steps[{index}]", "CW0411")
            continue
        if config.when is not None:
            effects = tuple(replace(effect, conditional=True) for effect in effects)
        step = CompiledStep(config.id, applies or None, transform, config, effects, shape)
        compiled[index] = step
        shape = evolved(shape, effects)
    if is_newest:
        problems[:] = with_flow(blueprint.pipeline, compiled, problems, reading.shape)
    return list(compiled.values()), shape


def _exits(
    blueprint: Blueprint,
    reading: Reading,
    steps: Sequence[CompiledStep],
    shape: Shape,
    problems: list[Problem],
    *,
    is_newest: bool,
) -> dict[str, Exit]:
    effects = tuple(effect for step in steps for effect in step.effects)
    pipeline = blueprint.pipeline
    is_avro = (pipeline.publish.value or pipeline.source.value) == "avro"
    gates: dict[str | None, Gate] = {}
    exits: dict[str, Exit] = {}
    for destination in blueprint.destinations():
        policy = blueprint.policy_for(destination)
        name = None if policy is None else policy.policy
        try:
            if name not in gates:
                gates[name] = Gate.compile(
                    pipeline.privacy,
                    policy,
                    shape,
                    blueprint.keys,
                    blueprint.scan,
                    strict_types=is_avro,
                    is_newest=is_newest,
                    models=blueprint.models,
                )
            gate = gates[name]
            writing = blueprint.wire.writing(destination, reading, (*effects, *gate.effects))
        except ConfigError as error:
            in_gate = name not in gates
            code = "CW0205" if in_gate else "CW0605"
            problems += placed(error, "privacy" if in_gate else "publish", code)
            continue
        if gate.rules:  # they change values whose type stays
            writing = replace(writing, kept=None)
        exits[destination] = Exit(gate, writing)
    return exits
