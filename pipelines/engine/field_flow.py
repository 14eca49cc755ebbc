"""Fields along the steps: read when they are gone or not there yet, written and never read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.condition import fields_read
from pipelines.effect import Effect, Kept, Removed, Renamed, Written
from pipelines.errors import ConfigError, Problem
from pipelines.field_path import FieldPath
from pipelines.privacy.overlap import covers, meet
from pipelines.shape import ANY
from pipelines.step import Scope, StepConfig


@dataclass(frozen=True, slots=True)
class Read:
    """One field that a step reads.

    Attributes:
        path: The field.
        name: The key of the step that names it: `when`, `value`, `fields` …
        guarded: `has` guards it, or the step takes its absence.
        offset: Where in the expression, from 1.
    """

    path: FieldPath
    name: str
    guarded: bool
    offset: int | None = None


def reads_of(config: StepConfig) -> list[Read]:
    """Return the fields that a step reads or works on."""
    found = []
    for name, text in config.expressions().items():
        for path, guarded in fields_read(text):
            read = FieldPath(path) if path else FieldPath.of()
            found.append(Read(read, name, guarded, offset_of(text, path)))
    return [*found, *(Read(path, "", guarded=False) for path in config.fields_needed())]


def offset_of(text: str, path: str) -> int | None:
    """Return where an expression first names a field, from 1, if that is plain to see."""
    place = text.find(f"message.{path}") if path else -1
    return None if place < 0 else place + 1


def effects_of(config: StepConfig) -> tuple[Effect, ...]:
    """Return what a step does to fields of records of which nothing is known."""
    tables = dict.fromkeys(config.tables_needed(), ANY)
    try:
        return config.effects(Scope(ANY, tables, lambda _: ANY))
    except ConfigError:
        return ()


@dataclass(slots=True)
class Gone:
    """What one step took out of every record, and what was written there again since."""

    index: int
    effect: Effect
    back: list[FieldPath] = field(default_factory=list)

    def has(self, path: FieldPath) -> bool:
        """Return True if no record has the field any more."""
        return _takes(self.effect, path) and not any(meet(path, one) for one in self.back)


def taken_out(steps: Sequence[StepConfig], rules: Mapping[str, FieldPath]) -> Iterator[Problem]:
    """Yield the reads of fields that an earlier step has taken out of every record.

    Args:
        steps: The steps, in order.
        rules: The fields that something behind the steps is about, by its place.
    """
    gone: list[Gone] = []
    for index, config in enumerate(steps):
        for read in reads_of(config):
            taker = _taker(gone, read.path)
            if taker is not None:
                yield _gone(read, index, taker, steps[taker].id)
        for effect in effects_of(config):
            if isinstance(effect, Written | Renamed):
                for one in gone:
                    one.back.append(effect.path if isinstance(effect, Written) else effect.target)
            if config.when is None and isinstance(effect, Kept | Removed | Renamed):
                gone.append(Gone(index, effect))
    for place, path in rules.items():
        taker = _taker(gone, path)
        if taker is not None:
            what = f"no field `{path}` is left: steps[{taker}] `{steps[taker].id}` takes it out"
            fix = "the rule could never apply: take it out"
            yield Problem(what, path=place, code="CW0501", fix=fix)


def _taker(gone: Sequence[Gone], path: FieldPath) -> int | None:
    return next((one.index for one in reversed(gone) if one.has(path)), None)


def set_later(steps: Sequence[StepConfig], index: int, path: FieldPath) -> str | None:
    """Return the id of the step behind steps[index] that first makes a field, if one does.

    A step that reads the field itself expects it from the source.
    """
    for config in steps[:index]:
        if any(_writes(effect, path) for effect in effects_of(config)):
            return None
    for config in steps[index + 1 :]:
        if any(_writes(effect, path) for effect in effects_of(config)):
            reads = any(meet(read.path, path) for read in reads_of(config))
            return None if reads else config.id
    return None


def overwritten(steps: Sequence[StepConfig]) -> Iterator[Problem]:
    """Yield the steps whose value is written again before anything reads it."""
    for index, config in enumerate(steps):
        if config.when is not None:
            continue
        effects = effects_of(config)
        for effect in effects if len(effects) == 1 else ():
            if isinstance(effect, Written) and effect.path.segments and not effect.conditional:
                later = _writes_again(steps[index + 1 :], effect.path)
                if later is not None:
                    what = f"what `{config.id}` writes to `{effect.path}` is never read"
                    fix = f"`{later}` writes it again: take one of the two steps out"
                    yield Problem(
                        what, path=f"steps[{index}]", severity="warning", code="CW0406", fix=fix
                    )


def _writes_again(steps: Sequence[StepConfig], path: FieldPath) -> str | None:
    for config in steps:
        if any(meet(read.path, path) for read in reads_of(config)):
            return None
        for effect in effects_of(config):
            if isinstance(effect, Written) and effect.path == path:
                return None if config.when is not None or effect.conditional else config.id
            if isinstance(effect, Renamed) and meet(effect.target, path):
                return None
    return None


def _gone(read: Read, index: int, taker: int, name: str) -> Problem:
    what = f"`{read.path}` is not there any more: steps[{taker}] `{name}` has taken it out"
    place = f"steps[{index}]{f'.{read.name}' if read.name else ''}"
    severity = "warning" if read.guarded else "error"
    fix = f"put this step before `{name}`, or take it out"
    return Problem(what, path=place, severity=severity, code="CW0405", fix=fix, offset=read.offset)


def _takes(effect: Effect, path: FieldPath) -> bool:
    """Return True if the effect leaves no record with the field."""
    if not path.segments:
        return False
    match effect:
        case Removed(taken, _) | Renamed(taken, _, _):
            # of a list without an element another one stands there
            return isinstance(taken.segments[-1], str) and covers(taken, path)
        case Kept(paths, _):
            return not any(meet(kept, path) for kept in paths)
        case _:
            return False


def _writes(effect: Effect, path: FieldPath) -> bool:
    target = effect.path if isinstance(effect, Written) else None
    target = effect.target if isinstance(effect, Renamed) else target
    return target is not None and bool(target.segments) and covers(target, path)
