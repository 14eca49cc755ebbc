"""Field rules: which treatment each field gets, by path, by tag, or because no rule names it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipelines.effect import Effect, Removed, Retyped
from pipelines.errors import ConfigError, Problem
from pipelines.field_path import EACH, REMOVED, FieldPath
from pipelines.privacy.policy import Policy, Privacy
from pipelines.shape import Shape
from pipelines.treatment import Keyring, TreatmentConfig
from pipelines.treatments import AnyTreatment

_NO_TAG = "REDACTED"


@dataclass(frozen=True, slots=True)
class Rule:
    """One field's treatment.

    Attributes:
        path: The field.
        why: `path`, `tag PII.EMAIL`, or `unclassified: deny`.
        verb: The treatment.
        apply: Old value to new.
        config: The treatment as declared; None where the field is taken out unasked.
    """

    path: FieldPath
    why: str
    verb: str
    apply: Callable[[object], object]
    config: TreatmentConfig | None


def rules_of(
    privacy: Privacy,
    policy: Policy | None,
    shape: Shape,
    keys: Keyring,
    *,
    strict_types: bool,
) -> tuple[list[Rule], list[Problem]]:
    """Return the rules for a shape, and what is wrong with them."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path, config in privacy.fields.items():
        place = f'privacy.fields["{path}"]'
        below = shape.at(path)
        if below is None:
            problems.append(Problem(_no_field(path, shape), path=place))
            continue
        problems += _misfits(config, below, str(path), place, strict_types=strict_types)
        _add(rules, problems, path, "path", config, _NO_TAG, keys, place)
    if policy is not None:
        place = "privacy.policy"
        for text, tag, config in _tagged(policy, shape):
            path = FieldPath(text)
            if any(_is_inside(path, rule.path) for rule in rules):
                continue
            field = shape.at(path) or shape
            problems += _misfits(config, field, text, place, strict_types=strict_types)
            _add(rules, problems, path, f"tag {tag}", config, tag, keys, place)
        if policy.unclassified == "deny":
            rules += _denied(shape, rules)
    return rules, problems


def effects_of(rules: Iterable[Rule], shape: Shape) -> tuple[Effect, ...]:
    """Return what the rules do to fields."""
    effects: list[Effect] = []
    for rule in rules:
        before = shape.at(rule.path)
        if rule.config is None or rule.verb == "remove":
            effects.append(Removed(rule.path))
        elif before is not None and rule.verb != "keep":
            effects.append(Retyped(rule.path, rule.config.outcome(before)))
    return tuple(effects)


def most_specific(tag: str, treat: dict[str, AnyTreatment]) -> str | None:
    """Return the key of `treat` that is the tag or the longest tag above it (`PII` of `PII.X`)."""
    parts = tag.split(".")
    for length in range(len(parts), 0, -1):
        above = ".".join(parts[:length])
        if above in treat:
            return above
    return None


def _add(  # noqa: PLR0913, PLR0917 - a rule is made of all of these
    rules: list[Rule],
    problems: list[Problem],
    path: FieldPath,
    why: str,
    config: AnyTreatment,
    name: str,
    keys: Keyring,
    place: str,
) -> None:
    try:
        treat = config.build(keys)
    except ConfigError as error:
        problems += [Problem(one.message, path=place) for one in error.problems]
        return
    rules.append(Rule(path, why, config.verb, lambda value: treat(value, name), config))


def _tagged(policy: Policy, shape: Shape) -> Iterator[tuple[str, str, AnyTreatment]]:
    """Yield path, tag and treatment of each tagged field; of several tags the most specific."""
    for text, field in shape.leaves():
        matches = [
            (tag, rule)
            for tag in sorted(field.tags)
            if (rule := most_specific(tag, policy.treat)) is not None
        ]
        if matches:
            tag, rule = max(matches, key=lambda one: one[1].count("."))
            yield text, tag, policy.treat[rule]


def _misfits(
    config: AnyTreatment, field: Shape, text: str, place: str, *, strict_types: bool
) -> list[Problem]:
    if not strict_types or config.outcome(field) is not None:
        return []
    kind = ("" if field.nullable else "non-null ") + field.kind
    message = (
        f"`{config.verb}` cannot be applied to `{text}`: the schema holds a {kind} there; "
        "use `remove`, or publish as json"
    )
    return [Problem(message, path=place)]


def _no_field(path: FieldPath, shape: Shape) -> str:
    known = [text for text, _ in shape.leaves()]
    near = difflib.get_close_matches(str(path), known, n=1)
    advice = f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(known)}"
    return f"no field `{path}` after the steps: the rule could never apply{advice}"


def _denied(shape: Shape, rules: list[Rule]) -> list[Rule]:
    """Return rules that take out every known field which no rule names."""
    denied = []
    for text, field in shape.leaves():
        path = FieldPath(text)
        is_leaf = not field.fields and field.items is None
        named = any(_is_inside(path, rule.path) for rule in rules)
        if is_leaf and not named and path.segments[-1] is not EACH:
            denied.append(Rule(path, "unclassified: deny", "remove", lambda _: REMOVED, None))
    return denied


def _is_inside(path: FieldPath, other: FieldPath) -> bool:
    length = len(other.segments)
    return len(path.segments) >= length and all(
        one == two or EACH in (one, two)
        for one, two in zip(path.segments[:length], other.segments, strict=True)
    )
