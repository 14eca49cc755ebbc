"""Branch: what a test can reach in a pipeline or policy, and what it takes to reach all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.condition import check as check_expression
from pipelines.engine.blueprint import Blueprint
from pipelines.engine.variant import CompiledStep, Variant
from pipelines.field_path import FieldPath
from pipelines.privacy.policy import Policy
from pipelines.privacy.tags import most_specific
from pipelines.steps.throttle import Throttle

Kind = Literal["step", "when", "excess", "field", "key", "header", "destination", "tag", "found"]


@dataclass(frozen=True, slots=True)
class Branch:
    """One thing that records can do.

    Attributes:
        of: `pipeline` or `policy`.
        name: Which one.
        kind: What of it.
        what: The step's id, the field's path, the topic, the tag or the entity.
        outcome: Of a condition: `true`, `false` or `error`.
    """

    of: Literal["pipeline", "policy"]
    name: str
    kind: Kind
    what: str
    outcome: str = ""

    def __str__(self) -> str:
        """Return the branch as the subject of a sentence that ends in `never reached`."""
        match self.kind:
            case "when":
                return f"`when` of `{self.what}`: {self.outcome}"
            case "excess":
                return f"`{self.what}`: above its rate"
            case "found":
                return f"found: {self.what}"
            case "key":
                return "privacy.key"
            case "step" | "destination" | "tag":
                return f"{self.kind} {self.what}"
            case _:
                return f"privacy.{self.kind}s {self.what}"


@dataclass(slots=True)
class Coverage:
    """Which branches were reached.

    Attributes:
        hits: How often, by branch; 0 where none did.
    """

    hits: Counter[Branch] = field(default_factory=Counter)

    def expect(self, branches: Iterator[Branch]) -> None:
        """Add what there is to reach."""
        for branch in branches:
            self.hits.setdefault(branch, 0)

    def reach(self, branch: Branch) -> None:
        """Count a branch that was reached, if it is one of those there are."""
        if branch in self.hits:
            self.hits[branch] += 1

    def scopes(self) -> list[tuple[str, str]]:
        """Return what has branches: `pipeline` or `policy`, and its name."""
        return list(dict.fromkeys((one.of, one.name) for one in self.hits))

    def counted(self, scope: tuple[str, str]) -> tuple[int, int]:
        """Return how many branches of a scope were reached, and how many there are."""
        hits = [count for one, count in self.hits.items() if (one.of, one.name) == scope]
        return sum(count > 0 for count in hits), len(hits)

    def missed(self, scope: tuple[str, str]) -> list[Branch]:
        """Return the branches of a scope that nothing reached."""
        return [
            one for one, count in self.hits.items() if not count and (one.of, one.name) == scope
        ]


def branches_of(blueprint: Blueprint, variant: Variant) -> Iterator[Branch]:
    """Yield every branch of a pipeline and of the policies that it names."""
    pipeline = blueprint.pipeline
    name = pipeline.pipeline
    for step in variant.steps:
        yield from _of_step(name, step, blueprint)
    for path in pipeline.privacy.fields:
        yield Branch("pipeline", name, "field", str(path))
    if pipeline.privacy.key is not None:
        yield Branch("pipeline", name, "key", "")
    for header in pipeline.privacy.headers:
        yield Branch("pipeline", name, "header", header)
    for topic in blueprint.destinations():
        yield Branch("pipeline", name, "destination", topic)
    for topic in blueprint.destinations():
        for _, branch in tagged(blueprint, variant, topic):
            yield branch
    for policy in policies_of(blueprint, blueprint.destinations()):
        for entity in policy.found:
            yield Branch("policy", policy.policy, "found", entity)


def tagged(
    blueprint: Blueprint, variant: Variant, topic: str
) -> Iterator[tuple[FieldPath, Branch]]:
    """Yield each field that leaves under a tag's rule, and the rule of the policy that it is."""
    policy = blueprint.policy_for(topic)
    for path, why, _ in variant.exits[topic].gate.rules if policy else ():
        entry = most_specific(why.removeprefix("tag "), policy.treat) if policy else None
        if policy and entry and why.startswith("tag "):
            yield FieldPath(path), Branch("policy", policy.policy, "tag", entry)


def policies_of(blueprint: Blueprint, destinations: Sequence[str]) -> list[Policy]:
    """Return the policies of what goes to these destinations, each once."""
    policies = (blueprint.policy_for(one) for one in destinations)
    return list({one.policy: one for one in policies if one is not None}.values())


def _of_step(name: str, step: CompiledStep, blueprint: Blueprint) -> Iterator[Branch]:
    yield from _of_condition(name, step, blueprint)
    if isinstance(step.config, Throttle) and step.config.excess != "delay":
        yield Branch("pipeline", name, "excess", step.id)


def _of_condition(name: str, step: CompiledStep, blueprint: Blueprint) -> Iterator[Branch]:
    if step.config.when is None:
        yield Branch("pipeline", name, "step", step.id)
        return
    outcomes = ["true", "false"]
    checked = check_expression(step.config.when, step.before, given=blueprint.given())
    # with a schema, or behind `has`, a field is there: the condition has a value
    if step.before.kind == "any" and any(not guarded for _, guarded in checked.reads):
        outcomes.append("error")
    for outcome in outcomes:
        yield Branch("pipeline", name, "when", step.id, outcome)
