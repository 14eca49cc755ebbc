"""Explain: what one pipeline does, in order, to which field - before any record."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.variant import Variant


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step as a sentence."""

    id: str
    step: str
    when: str | None
    sentence: str
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """One field as it leaves.

    Attributes:
        path: Where it stands after all steps.
        kind: Its type before treatment.
        tags: Its classification tags.
        treatment: The verb of its treatment, or what else happens: `scanned`, `as it is`.
        why: Which rule decided.
    """

    path: str
    kind: str
    tags: tuple[str, ...]
    treatment: str
    why: str


@dataclass(frozen=True, slots=True)
class ExplainedExit:
    """One destination: its policy, each known field, the schema it is written with."""

    destination: str
    policy: str | None
    fields: tuple[ExplainedField, ...]
    schema: object | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything `clearwater explain` shows."""

    pipeline: str
    revision: str
    source: str
    source_format: str
    steps: tuple[ExplainedStep, ...]
    exits: tuple[ExplainedExit, ...]
    dead_letter: str
    not_covered: tuple[str, ...]


def explain(blueprint: Blueprint, variant: Variant) -> Explanation:
    """Return what the pipeline does to records that `variant` reads."""
    pipeline = blueprint.pipeline
    steps = tuple(
        ExplainedStep(
            step.id,
            str(getattr(step.config, "step", "")),
            step.config.when,
            step.config.sentence(),
            tuple(described(effect) for effect in step.effects),
        )
        for step in variant.steps
    )
    exits = tuple(_exit(blueprint, variant, destination) for destination in variant.exits)
    return Explanation(
        pipeline.pipeline,
        blueprint.revision,
        pipeline.source.topic,
        pipeline.source.value,
        steps,
        exits,
        pipeline.dead_letter.topic,
        tuple(_not_covered(blueprint)),
    )


def described(effect: Effect) -> str:
    """Return what an effect does, as a phrase."""
    sometimes = " (where its condition holds)" if effect.conditional else ""
    match effect:
        case Kept(paths):
            return f"keeps only {', '.join(str(path) for path in paths)}{sometimes}"
        case Removed(path):
            return f"takes out {path}{sometimes}"
        case Renamed(source, target):
            return f"moves {source} to {target}{sometimes}"
        case Written(path, shape):
            return f"writes {path} ({shape.kind}){sometimes}"
        case Retyped(path):
            return f"treats {path}{sometimes}"


def _exit(blueprint: Blueprint, variant: Variant, destination: str) -> ExplainedExit:
    way = variant.exits[destination]
    rules = {path: (verb, why) for path, why, verb in way.gate.rules}
    fallback = "scanned" if way.gate.scans else "as it is"
    fields = []
    named = dict.fromkeys(rules)
    shapes = dict(variant.shape.leaves())
    for path in (*shapes, *(one for one in named if one not in shapes)):
        shape = shapes.get(path)
        if shape is not None and shape.kind == "object" and path not in rules:
            continue
        verb, why = rules.get(path, (fallback, ""))
        kind = "any" if shape is None else shape.kind
        tags = () if shape is None else tuple(sorted(shape.tags))
        fields.append(ExplainedField(path, kind, tags, verb, why))
    policy = blueprint.policy_for(destination)
    name = None if policy is None else policy.policy
    return ExplainedExit(destination, name, tuple(fields), way.writing.schema)


def _not_covered(blueprint: Blueprint) -> list[str]:
    found = []
    privacy = blueprint.pipeline.privacy
    if privacy.bytes is not None:
        found.append(f"Values are opaque bytes and pass unscanned: {privacy.bytes}")
    if privacy.scan != "everything":
        nothing = getattr(privacy.scan, "nothing", None)
        paths = ", ".join(str(path) for path in privacy.scan) if nothing is None else ""
        found.append(
            f"Text is not scanned: {nothing}" if nothing else f"Only this text is scanned: {paths}"
        )
    found.append("Names, addresses and other words in prose that no detector knows are not found.")
    return found
