"""Steps that no record reaches, and routes that no record takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.condition import Clauses, can_meet, fields_read, ways
from pipelines.effect import Effect, Kept, Renamed
from pipelines.errors import Problem
from pipelines.field_path import FieldPath
from pipelines.privacy.overlap import meet
from pipelines.shape import Shape
from pipelines.step import StepConfig
from pipelines.steps.drop import Drop
from pipelines.steps.route import Route
from pipelines.steps.sample import Sample


@dataclass(frozen=True, slots=True)
class Passed:
    """What is known of records that went by a step: its condition was false for them."""

    index: int
    config: StepConfig
    clauses: Clauses
    reads: tuple[FieldPath, ...]


@dataclass(slots=True)
class _Way:
    """What is known of records on their way, of drops and of routes."""

    dropped: list[Passed] = field(default_factory=list)
    routed: list[Passed] = field(default_factory=list)


def never_reached(
    steps: Sequence[StepConfig],
    shapes: Sequence[Shape | None],
    effects: Sequence[Sequence[Effect]],
) -> Iterator[Problem]:
    """Yield the steps that can never run and the routes that can never win.

    Args:
        steps: The steps, in order.
        shapes: The record's shape before each; None where it is not known.
        effects: What each does to fields.
    """
    way = _Way()
    taken: int | None = None
    for index, (config, shape) in enumerate(zip(steps, shapes, strict=True)):
        is_route = isinstance(config, Route) and not config.copy_
        if is_route and taken is not None:
            what = f"this route can never win: `{steps[taken].id}` takes every record before it"
            yield _problem(what, "CW0402", index, f"put it before steps[{taken}], or take it out")
        elif shape is not None:
            yield from _never_left(config, shape, index, way, is_route=is_route)
        if isinstance(config, Drop) and config.when is None:
            yield from _after(index, steps)
            return
        if is_route and config.when is None and taken is None:
            taken = index
        _forget(way, config, effects[index])
        _learn(way, config, index, is_route=is_route)


def _after(index: int, steps: Sequence[StepConfig]) -> Iterator[Problem]:
    """Yield what an unconditional drop makes of the rest."""
    name = steps[index].id
    if index + 1 < len(steps):
        which = f"`{steps[index + 1].id}`"
        more = len(steps) - index - 2
        which += f" and the {more} after it" if more > 1 else " and the one after it" * more
        what = f"{which} can never run: `{name}` drops every record before"
        fix = f"give `{name}` a `when`, or take out what stands behind it"
        yield _problem(what, "CW0401", index + 1, fix)
    else:
        what = f"nothing is ever published: `{name}` drops every record"
        yield Problem(
            what,
            path=f"steps[{index}]",
            severity="warning",
            code="CW0409",
            fix="give it a `when` that says which records",
        )


def _never_left(
    config: StepConfig, shape: Shape, index: int, way: _Way, *, is_route: bool
) -> Iterator[Problem]:
    mine = None if config.when is None else ways(config.when, holds=True)
    if mine is None or not can_meet([mine], shape):
        return  # always, too much to follow, or told as a condition that is never true
    for passed in way.dropped:
        if not can_meet([mine, passed.clauses], shape):
            what = f"`{config.id}` can never run: `{passed.config.id}` drops all of its records"
            fix = f"put it before steps[{passed.index}], or change one of the conditions"
            yield _problem(what, "CW0401", index, fix, ".when")
            return
    for passed in way.routed if is_route else ():
        if not can_meet([mine, passed.clauses], shape):
            what = f"this route can never win: `{passed.config.id}` takes all of its records"
            fix = f"put it before steps[{passed.index}], or change one of the conditions"
            yield _problem(what, "CW0402", index, fix, ".when")
            return


def _learn(way: _Way, config: StepConfig, index: int, *, is_route: bool) -> None:
    if config.when is None or not (is_route or isinstance(config, Drop)):
        return
    clauses = ways(config.when, holds=False)
    if clauses:
        reads = tuple(
            FieldPath(path) if path else FieldPath.of() for path, _ in fields_read(config.when)
        )
        passed = Passed(index, config, clauses, reads)
        (way.routed if is_route else way.dropped).append(passed)


def _forget(way: _Way, config: StepConfig, effects: Sequence[Effect]) -> None:
    """Forget what a step may have changed since."""
    changed: list[FieldPath] = []
    for effect in effects:
        match effect:
            case Kept():
                changed.append(FieldPath.of())
            case Renamed(source, target, _):
                changed += (source, target)
            case _:
                changed.append(effect.path)
    for known in (way.dropped, way.routed):
        known[:] = [
            one
            for one in known
            if not any(meet(path, read) for path in changed for read in one.reads)
            and not (isinstance(config, Sample) and "header" in (one.config.when or ""))
        ]


def _problem(what: str, code: str, index: int, fix: str, below: str = "") -> Problem:
    return Problem(what, path=f"steps[{index}]{below}", code=code, fix=fix)
