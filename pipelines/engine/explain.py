"""Explain: what one pipeline does, in order, to which field - before any record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.branch import policies_of
from pipelines.engine.field_way import FieldWay, field_ways
from pipelines.engine.variant import CompiledStep, Variant
from pipelines.privacy.policy import Allow
from pipelines.steps.route import Route


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step as a sentence.

    Attributes:
        id: Its id.
        step: Its verb.
        when: Its condition; None: always.
        sentence: What it does.
        effects: What it does to which field, as phrases.
        to: The topic that it sends records to, if it routes.
        copies: It sends copies there; the records go on as they would.
    """

    id: str
    step: str
    when: str | None
    sentence: str
    effects: tuple[str, ...]
    to: str | None = None
    copies: bool = False


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
    """Everything `clearwater explain` shows.

    Attributes:
        pipeline: Its name.
        revision: Short name of this version of it.
        source: The topic that it reads.
        source_format: How its values are encoded.
        steps: Its steps, in order.
        exits: Its destinations.
        dead_letter: Topic of what could not be processed.
        not_covered: What the pipeline does not protect, as sentences.
        owner: Who answers for it.
        description: What it is for.
        fields: The way of every known field.
        beside: What happens to the key and the headers, as sentences.
        found: What becomes of what detectors find, by policy: entity and phrase.
        failing: What happens to what fails, as sentences.
    """

    pipeline: str
    revision: str
    source: str
    source_format: str
    steps: tuple[ExplainedStep, ...]
    exits: tuple[ExplainedExit, ...]
    dead_letter: str
    not_covered: tuple[str, ...]
    owner: str | None = None
    description: str | None = None
    fields: tuple[FieldWay, ...] = ()
    beside: tuple[str, ...] = ()
    found: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    failing: tuple[str, ...] = ()


def explain(blueprint: Blueprint, variant: Variant) -> Explanation:
    """Return what the pipeline does to records that `variant` reads."""
    pipeline = blueprint.pipeline
    steps = tuple(_step(step) for step in variant.steps)
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
        pipeline.owner,
        pipeline.description,
        tuple(field_ways(blueprint, variant)),
        tuple(_beside(blueprint)),
        dict(_found(blueprint)),
        tuple(_failing(blueprint)),
    )


def _step(step: CompiledStep) -> ExplainedStep:
    config = step.config
    return ExplainedStep(
        step.id,
        str(getattr(config, "step", "")),
        config.when,
        config.sentence(),
        tuple(described(effect) for effect in step.effects),
        config.to if isinstance(config, Route) else None,
        isinstance(config, Route) and config.copy_,
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


def _beside(blueprint: Blueprint) -> Iterator[str]:
    privacy = blueprint.pipeline.privacy
    searched = "leaves; findings in it are treated"
    yield f"The record key {searched if privacy.key is None else privacy.key.sentence()}."
    for name, treatment in privacy.headers.items():
        yield f"The header `{name}` {treatment.sentence()}."
    others = "Every other header" if privacy.headers else "Every header"
    yield f"{others} {searched}; one that is no text sends the record to the dead letters."
    yield "A record without a value (a deletion) goes to every topic, its key treated as above."


def _found(blueprint: Blueprint) -> Iterator[tuple[str, dict[str, str]]]:
    default = "is replaced by its entity type"
    for topic in blueprint.destinations():
        policy = blueprint.policy_for(topic)
        if policy is None:
            yield "(no policy)", {"everything found": default}
            continue
        told = {entity: one.sentence() for entity, one in policy.found.items()}
        rest = told.pop("default", default)
        yield policy.policy, {**told, "everything else": rest}


def _failing(blueprint: Blueprint) -> Iterator[str]:
    letters = blueprint.pipeline.dead_letter
    yield (
        f"A record that cannot be read, that a step or a treatment fails on, goes to "
        f"{letters.topic}: encrypted with the key `{letters.key}`, beside it a preview in which "
        "every character is a star. Nothing of it leaves otherwise."
    )
    if letters.stop_above is not None:
        yield f"If more than {letters.stop_above:.0%} of the records fail, the pipeline stops."


def _not_covered(blueprint: Blueprint) -> list[str]:
    found = []
    privacy = blueprint.pipeline.privacy
    for policy in policies_of(blueprint, blueprint.destinations()):
        if isinstance(policy.unclassified, Allow):
            reason = policy.unclassified.allow
            found.append(f"Fields that no rule names leave unsearched ({policy.policy}): {reason}")
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
