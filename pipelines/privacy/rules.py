"""Field rules: which treatment each field gets, by path, by tag, or because no rule names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.effect import Effect, Removed, Retyped
from pipelines.errors import ConfigError, Problem, unknown
from pipelines.field_path import EACH, REMOVED, FieldPath
from pipelines.privacy.deny import denying
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.overlap import covers, meet
from pipelines.privacy.policy import Policy, Privacy
from pipelines.privacy.tags import treatment_of
from pipelines.shape import Shape, joined
from pipelines.treatment import EachScalar, Keyring, Treat, TreatmentConfig
from pipelines.treatments import AnyTreatment

_NO_TAG = "REDACTED"
_POLICY = "privacy.policy"


@dataclass(frozen=True, slots=True)
class Rule:
    """One field's treatment.

    Attributes:
        path: The field.
        why: `path`, `tag PII.EMAIL`, or `unclassified: deny`.
        verb: The treatment.
        treat: What it does.
        name: What called for it.
        config: The treatment as declared; None where the field is taken out unasked.
    """

    path: FieldPath
    why: str
    verb: str
    treat: Treat
    name: str
    config: TreatmentConfig | None

    def apply(self, value: object) -> object:
        """Return what stands in place of a value."""
        return self.treat(value, self.name)

    @property
    def of_text(self) -> Treat:
        """The same for text alone, without a look at what else a value may be."""
        return self.treat.change if isinstance(self.treat, EachScalar) else self.treat


class Rules:
    """The rules for values of one shape, and everything wrong with them.

    Attributes:
        found: The rules, in the order in which they are applied.
        problems: What is wrong.
        deny: Takes out of a value what no rule names; None where that stays.
        shape: The value's shape after all steps.
    """

    def __init__(self, shape: Shape, keys: Keyring, *, strict_types: bool, is_newest: bool) -> None:
        """Start with no rule.

        Args:
            shape: The value's shape after all steps.
            keys: Where treatments get their keys from.
            strict_types: A treatment must leave a type that a schema can hold.
            is_newest: A rule may name no field that is not there.
        """
        self.found: list[Rule] = []
        self.problems: list[Problem] = []
        self.deny: Callable[[object], object] | None = None
        self.shape = shape
        self._keys = keys
        self._strict_types = strict_types
        self._is_newest = is_newest

    def add_paths(self, privacy: Privacy) -> None:
        """Add the rules of a pipeline's `privacy.fields`."""
        for path, config in privacy.fields.items():
            place = f'privacy.fields["{path}"]'
            field = self.shape.at(path)
            if field is not None:
                self._refuse_overlap(path, place)
                self._add(path, "path", config, _NO_TAG, place)
            elif self._is_newest:
                self.problems.append(no_field(path, self.shape, place, "CW0501"))

    def add_tags(self, policy: Policy) -> None:
        """Add a rule for each tagged field that no path names; what is in it goes with it."""
        for text, field in self.shape.leaves():
            chosen = treatment_of(field.tags, policy.treat)
            if chosen is None:
                continue
            tag, config = chosen
            for path in list(_left(text, field, self.found)):
                for rule in self.found:
                    if meet(rule.path, path):
                        what = f"`{rule.path}` is only a part of `{path}`, which is tagged {tag}"
                        fix = f"say in privacy.fields what happens to `{path}`"
                        problem = Problem(what, path="privacy.fields", code="CW0503", fix=fix)
                        self.problems.append(problem)
                self._add(path, f"tag {tag}", config, tag, _POLICY)

    def add_denied(self) -> None:
        """Take out what no rule names: every such field that is known becomes a rule."""
        named = tuple(self.found)
        self.deny = denying(FieldTree.of((rule.path.segments, rule.verb) for rule in named))
        for path in _left("", self.shape, named):
            if not any(meet(rule.path, path) for rule in named):
                denied = Rule(path, "unclassified: deny", "remove", _removed, _NO_TAG, None)
                self.found.append(denied)

    def effects(self) -> tuple[Effect, ...]:
        """Return what the rules do to fields."""
        effects: list[Effect] = []
        for rule in self.found:
            before = self.shape.at(rule.path)
            if rule.config is None or rule.verb == "remove":
                effects.append(Removed(rule.path))
            elif before is not None and rule.verb != "keep":
                effects.append(Retyped(rule.path, rule.config.outcome(before)))
        return tuple(effects)

    def listed(self) -> Iterator[tuple[str, str, str]]:
        """Yield path, why and verb of every known field that a rule treats, parents first."""
        for rule in self.found:
            field = self.shape.at(rule.path)
            for text, _ in () if field is None else field.leaves(str(rule.path)):
                yield text, rule.why, rule.verb

    def _add(self, path: FieldPath, why: str, config: AnyTreatment, name: str, place: str) -> None:
        field = self.shape.at(path)
        if self._strict_types and field is not None and config.outcome(field) is None:
            self.problems.append(_misfit(config.verb, field, path, place))
            return
        try:
            treat = config.build(self._keys)
        except ConfigError as error:
            self.problems += [
                Problem(one.message, path=place, code=one.code or "CW0205")
                for one in error.problems
            ]
            return
        self.found.append(Rule(path, why, config.verb, treat, name, config))

    def _refuse_overlap(self, path: FieldPath, place: str) -> None:
        for rule in self.found:
            if meet(rule.path, path):
                outer, inner = sorted((rule.path, path), key=lambda one: len(one.segments))
                what = f"`{outer}` and `{inner}` both treat `{inner}`"
                fix = f"leave one out, or name the fields of `{outer}` one by one"
                self.problems.append(Problem(what, path=place, code="CW0502", fix=fix))


def _removed(_: object, __: str) -> object:
    return REMOVED


def no_field(path: FieldPath, shape: Shape, place: str, code: str) -> Problem:
    """Return why a rule for a field that is not there is refused, with the fields there are."""
    known = [text for text, _ in shape.leaves()]
    fix = "take it out: no record has such a field after the steps"
    return replace(unknown("no field", str(path), known, code, fix=fix), path=place)


def _misfit(verb: str, field: Shape, path: FieldPath, place: str) -> Problem:
    kind = f"a {'' if field.nullable else 'non-null '}{field.kind}"
    if field.kind == "any":
        kind = "values of several types, or of a type inside itself"
    what = f"`{verb}` cannot be applied to `{path}`, where the schema holds {kind}"
    return Problem(what, path=place, code="CW0504", fix="use `remove`, or publish as json")


def _left(text: str, field: Shape, rules: Sequence[Rule]) -> Iterator[FieldPath]:
    """Yield what no rule covers at the path `text` and below, a parent in place of all in it."""
    path = FieldPath(text) if text else FieldPath.of()
    if any(covers(rule.path, path) for rule in rules):
        return
    inside = list(_inside(text, field))
    if inside and (not text or any(meet(rule.path, path) for rule in rules)):
        for below, child in inside:
            yield from _left(below, child, rules)
    elif text:
        yield path


def _inside(text: str, field: Shape) -> Iterator[tuple[str, Shape]]:
    if field.kind == "object":
        for name, child in field.fields.items():
            yield joined(text, name), child
    elif field.items is not None:
        yield f"{text}[*]" if field.kind == "list" else joined(text, EACH.value), field.items
