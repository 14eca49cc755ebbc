"""What is wrong with the steps of a pipeline, by themselves and in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pipelines.condition import Given, with_article
from pipelines.condition import check as check_expression
from pipelines.declaration.pipeline import Pipeline
from pipelines.effect import Effect
from pipelines.engine.field_flow import offset_of, overwritten, set_later, taken_out
from pipelines.engine.outcomes import decided
from pipelines.engine.reach import never_reached
from pipelines.errors import ConfigError, Problem, unknown
from pipelines.field_path import FieldPath
from pipelines.shape import Shape
from pipelines.step import StepConfig

_ABSENT = ("CW0305", "CW0306", "CW0403")
"""Codes of fields that are not there, whatever the reason."""
_CHAIN = re.compile(r"message\.(\w+(?:\.\w+)*)")


class Step(Protocol):
    """What is known of a step that compiled."""

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What it does to fields."""

    @property
    def before(self) -> Shape:
        """The record's shape before it."""


def step_faults(
    config: StepConfig, shape: Shape, given: Given, place: str, *, is_newest: bool
) -> list[Problem]:
    """Return what is wrong with one step, and which reads will dead-letter records.

    Args:
        config: The step.
        shape: The record's shape before it.
        given: What its expressions are handed from outside.
        place: Where it stands: `steps[2]`.
        is_newest: The shape is that of the schema that the pipeline is written for: older ones
            may lack what came later, and what is pointless for them is not told.
    """
    found = []
    for name, text in config.expressions().items():
        try:
            checked = check_expression(text, shape, given=given)
        except ConfigError as error:
            found += placed(error, f"{place}.{name}", "CW0303")
            continue
        if name == "when" and checked.shape.kind not in ("bool", "any"):
            what = f"a condition is true or false; this is {with_article(checked.shape.kind)}"
            fix = "compare it with something"
            found.append(Problem(what, path=f"{place}.{name}", code="CW0304", fix=fix))
        elif name == "when" and is_newest:
            found += [replace(one, path=f"{place}.{name}") for one in decided(text, shape)]
        for path, guarded in checked.reads:
            if not guarded and shape.kind == "any":
                found.append(_unguarded(text, path, f"{place}.{name}"))
    return [*found, *(_absent(config, shape, place) if is_newest else ())]


def with_flow(
    pipeline: Pipeline, compiled: Mapping[int, Step], problems: Sequence[Problem], source: Shape
) -> list[Problem]:
    """Return the problems with those that only the order of the steps shows.

    Where the order is why a field is absent, that takes the place of the plain absence.

    Args:
        pipeline: The pipeline.
        compiled: Its steps that compiled, by position.
        problems: What is wrong with each step by itself.
        source: The shape of its records before all steps.
    """
    steps = pipeline.steps
    rules: dict[str, FieldPath] = {}
    if source.kind == "any":  # else the gate knows which fields there are
        rules = {f'privacy.fields["{path}"]': path for path in pipeline.privacy.fields}
    gone = list(taken_out(steps, rules))
    places = {one.path for one in gone}
    kept = [one for one in problems if not (one.code in _ABSENT and one.path in places)]
    shapes = [compiled[index].before if index in compiled else None for index in range(len(steps))]
    effects = [compiled[index].effects if index in compiled else () for index in range(len(steps))]
    return [
        *(_too_early(steps, one) for one in kept),
        *gone,
        *never_reached(steps, shapes, effects),
        *overwritten(steps),
    ]


def placed(error: ConfigError, place: str, code: str) -> list[Problem]:
    """Return the error's problems below `place`, unless they name their own place.

    Args:
        error: What was raised.
        place: Where it was raised.
        code: The code of those that have none.
    """
    coded = (one if one.code else replace(one, code=code) for one in error.problems)
    return [one if one.path or one.file else replace(one, path=place) for one in coded]


def _unguarded(text: str, path: str, place: str) -> Problem:
    return Problem(
        f"records without `{path}` will be dead-lettered",
        path=place,
        severity="warning",
        code="CW0305",
        fix="ask before whether it is there" if "[" in path else _guard(path),
        offset=offset_of(text, path),
    )


def _guard(path: str) -> str:
    return f"guard it with `has(message.{path}) && …`"


def _absent(config: StepConfig, shape: Shape, place: str) -> list[Problem]:
    """Return the fields that a step names and that no record has."""
    if shape.kind == "bytes":
        return []  # no step stands on opaque bytes, and that is told
    known = [path for path, _ in shape.leaves()]
    fix = "take it out: no record has it here"
    return [
        replace(unknown("no field", str(path), known, "CW0403", fix=fix), path=place)
        for path in config.fields_needed()
        if shape.at(path) is None
    ]


def _named(problem: Problem, text: str) -> FieldPath | None:
    """Return the field that a problem is about: as the expression names it, in full."""
    if problem.code != "CW0306":
        return FieldPath(problem.what.split("`")[1])
    found = _CHAIN.match(text, (problem.offset or 1) - 1)
    return FieldPath(found[1]) if found else None


def _too_early(steps: Sequence[StepConfig], problem: Problem) -> Problem:
    """Return the problem, with the later step that makes the field if that is the reason."""
    if problem.code not in _ABSENT:
        return problem
    _, index, *inner = FieldPath(problem.path).segments
    if not isinstance(index, int):
        return problem
    field = _named(problem, steps[index].expressions().get(str(inner[0]), "") if inner else "")
    later = None if field is None else set_later(steps, index, field)
    if later is None:
        return problem
    what = f"`{field}` is not there yet: `{later}` makes it, behind this step"
    fix = f"put this step behind `{later}`"
    if problem.severity == "warning":
        fix += f", or guard it with `has(message.{field}) && …`"
    return replace(problem, what=what, code="CW0404", known=None, near="", fix=fix)
