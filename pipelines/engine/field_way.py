"""FieldWay: what happens to one field of the source on its way, step by step, to each topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.condition import check as check_expression
from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.variant import CompiledStep, Variant
from pipelines.field_path import FieldPath
from pipelines.privacy.overlap import covers, meet
from pipelines.privacy.tags import most_specific

OTHER = "(every other field)"
"""What stands for the fields that nothing names, where a topic has no schema."""

_SCANNED = "leaves; findings in it are treated"
_AS_IT_IS = "leaves as it is, unsearched"


@dataclass(frozen=True, slots=True)
class FieldEnd:
    """How a field leaves to one topic.

    Attributes:
        topic: The topic.
        path: Where it stands there; None: it does not leave.
        told: What becomes of it, as the end of a sentence.
        why: Which rule decided, if one did.
    """

    topic: str
    path: str | None
    told: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class FieldWay:
    """One field from where it comes in, or from the step that makes it.

    Attributes:
        path: Where it first stands.
        kind: Its type.
        tags: Its classification tags.
        made_by: Id of the step that writes it; None: it comes in.
        steps: What steps do to it, or read of it, as phrases, in order.
        ends: How it leaves, by topic.
    """

    path: str
    kind: str
    tags: tuple[str, ...]
    made_by: str | None
    steps: tuple[str, ...]
    ends: tuple[FieldEnd, ...]


def field_ways(blueprint: Blueprint, variant: Variant) -> Iterator[FieldWay]:
    """Yield the way of every known field: those of the schema, those that something names."""
    for path in _incoming(blueprint, variant):
        shape = variant.reading.shape.at(path)
        kind = "any" if shape is None else shape.kind
        tags = () if shape is None else tuple(sorted(shape.tags))
        yield _way(blueprint, variant, FieldWay(str(path), kind, tags, None, (), ()), path, 0)
    if variant.reading.shape.kind == "any":
        other = FieldWay(OTHER, "any", (), None, (), ())
        yield _way(blueprint, variant, other, None, 0)
    seen: set[FieldPath] = set()
    for number, step in enumerate(variant.steps):
        for effect in step.effects:
            if isinstance(effect, Written) and effect.path not in seen:
                seen.add(effect.path)
                tags = tuple(sorted(effect.shape.tags))
                made = FieldWay(str(effect.path), effect.shape.kind, tags, step.id, (), ())
                yield _way(blueprint, variant, made, effect.path, number + 1)


def _incoming(blueprint: Blueprint, variant: Variant) -> list[FieldPath]:
    """Return the fields that come in: innermost ones, or of a topic without schema the named."""
    shape = variant.reading.shape
    if shape.kind not in ("any", "object"):
        return []
    if shape.kind == "object":
        leaves = [(FieldPath(text), one) for text, one in shape.leaves()]
        return [path for path, one in leaves if not one.fields and one.items is None]
    named: list[FieldPath] = []
    for step in variant.steps:
        named += (one for one in reads(step, blueprint) if step.before.at(one) is not None)
        named += step.config.fields_needed()
        named += (one for effect in step.effects for one in _paths(effect))
    for way in variant.exits.values():
        named += (FieldPath(path) for path, _, _ in way.gate.rules)
    written = {
        effect.path for step in variant.steps for effect in step.effects
        if isinstance(effect, Written)
    }  # fmt: skip
    moved = {
        effect.target for step in variant.steps for effect in step.effects
        if isinstance(effect, Renamed)
    }  # fmt: skip
    return [one for one in dict.fromkeys(named) if one.segments and one not in written | moved]


def _paths(effect: Effect) -> tuple[FieldPath, ...]:
    match effect:
        case Kept(paths):
            return paths
        case Removed(path) | Retyped(path):
            return (path,)
        case Renamed(source, _):
            return (source,)
        case _:
            return ()


def reads(step: CompiledStep, blueprint: Blueprint) -> Iterator[FieldPath]:
    """Yield the fields that a step's expressions read."""
    for text in step.config.expressions().values():
        checked = check_expression(text, step.before, given=blueprint.given())
        yield from (FieldPath(path) for path, _ in checked.reads if path)


def _way(
    blueprint: Blueprint, variant: Variant, way: FieldWay, path: FieldPath | None, first: int
) -> FieldWay:
    told: list[str] = []
    gone = False
    here = path
    for step in variant.steps[first:]:
        if here is not None and any(meet(one, here) for one in reads(step, blueprint)):
            told.append(f"read by `{step.id}`")
        for effect in step.effects:
            phrase, here, is_end = _followed(effect, here, step.id)
            told += [phrase] if phrase else []
            gone |= is_end
        if gone:
            break
    if gone:
        ended = (FieldEnd(topic, None, "does not leave") for topic in variant.exits)
        return replace(way, steps=tuple(told), ends=tuple(ended))
    ends = tuple(_end(blueprint, variant, topic, here) for topic in variant.exits)
    return replace(way, steps=tuple(dict.fromkeys(told)), ends=ends)


def _followed(
    effect: Effect, here: FieldPath | None, step_id: str
) -> tuple[str, FieldPath | None, bool]:
    """Return what an effect does to a field, where it stands then, and whether it is gone."""
    sometimes = " where its condition holds" if effect.conditional else ""
    ends = not effect.conditional
    match effect:
        case Kept(paths) if here is None or not any(meet(one, here) for one in paths):
            return f"left out by `{step_id}`{sometimes}", here, ends
        case Removed(path) if here is not None and covers(path, here):
            return f"taken out by `{step_id}`{sometimes}", here, ends
        case Renamed(source, target) if here is not None and covers(source, here):
            moved = FieldPath.of(*target.segments, *here.segments[len(source.segments) :])
            return f"moved to {moved} by `{step_id}`{sometimes}", moved, False
        case Written(path) if here is not None and covers(path, here):
            return f"overwritten by `{step_id}`{sometimes}", here, ends
        case Retyped(path) if here is not None and path == here:
            return f"changed by `{step_id}`{sometimes}", here, False
        case _:
            return "", here, False


def _end(blueprint: Blueprint, variant: Variant, topic: str, path: FieldPath | None) -> FieldEnd:
    gate = variant.exits[topic].gate
    policy = blueprint.policy_for(topic)
    there = str(path) if path is not None else OTHER
    for text, why, _ in gate.rules:
        if path is None or not covers(FieldPath(text), path):
            continue
        config = next(
            (one for rule, one in blueprint.pipeline.privacy.fields.items()
             if why == "path" and covers(rule, path)), None
        )  # fmt: skip
        entry = most_specific(why.removeprefix("tag "), policy.treat) if policy else None
        if config is None and policy is not None and entry is not None:
            config = policy.treat[entry]
        if config is None:
            return FieldEnd(topic, None, "is taken out: no rule names it", why)
        leaves = None if config.verb == "remove" else there
        return FieldEnd(topic, leaves, config.sentence(), why)
    if policy is not None and policy.unclassified == "deny":
        return FieldEnd(topic, None, "is taken out: no rule names it", "unclassified: deny")
    scope = blueprint.pipeline.privacy.scan
    scanned = gate.scans or (
        isinstance(scope, tuple) and path is not None and any(covers(one, path) for one in scope)
    )
    return FieldEnd(topic, there, _SCANNED if scanned else _AS_IT_IS)
