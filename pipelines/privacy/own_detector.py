"""Own detectors: what a policy lets the text scan find beside the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from pipelines.checksums import luhn_holds
from pipelines.detector import Detector
from pipelines.errors import ConfigError, Problem
from pipelines.privacy.linear import compiled
from pipelines.privacy.matcher import Matcher, everything
from pipelines.strict_model import StrictModel

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Validator = (
    Literal["luhn", "verhoeff", "damm", "iban", "mod_11_2", "mod_11_10", "mod_37_36", "mod_97_10"]
    | Annotated[str, StringConstraints(pattern=r"^[a-z]{2}_?\.[a-z0-9_]{2,30}$")]
)

_MODULES = {
    "verhoeff": "stdnum.verhoeff",
    "damm": "stdnum.damm",
    "iban": "stdnum.iban",
    "mod_11_2": "stdnum.iso7064.mod_11_2",
    "mod_11_10": "stdnum.iso7064.mod_11_10",
    "mod_37_36": "stdnum.iso7064.mod_37_36",
    "mod_97_10": "stdnum.iso7064.mod_97_10",
}
_PLACE = re.compile(r"[\s.\-/]")


class OwnDetector(StrictModel):
    """A pattern or a list of words, what makes it sure, and texts that prove it."""

    entity: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,63}$")]
    """Entity type of its findings, such as EMPLOYEE_ID."""
    pattern: Text | None = None
    """A pattern of google-re2, without lookaround; a group `found` marks the finding in it."""
    deny: Annotated[tuple[Text, ...], Field(max_length=100_000)] = ()
    """Words and terms that are always found where they stand alone, in any case."""
    context: tuple[Text, ...] = ()
    """Words of which one must stand near a candidate or in its field's name."""
    validator: Validator | None = None
    """A check by name, over the finding without its spaces, dots, dashes and slashes: a checksum,
    or a number of python-stdnum such as `de.idnr`."""
    allow: Annotated[tuple[Text, ...], Field(max_length=100_000)] = ()
    """Findings that are none, as they are written."""
    score: Annotated[float, Field(gt=0, le=1)] = 0.8
    """How sure a finding is."""
    examples: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Texts in which it finds something: tried before anything starts."""
    counterexamples: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Texts in which it finds nothing: tried before anything starts."""

    @model_validator(mode="after")
    def _finds_something(self) -> Self:
        if (self.pattern is None) == (not self.deny):
            message = "write either `pattern` or `deny`"
            raise ValueError(message)
        return self

    def build(self, name: str) -> Detector:
        """Return the detector.

        Raises:
            ConfigError: The pattern is not one that runs in linear time, matches the empty text
                or quotes, or an example or counterexample fails; every problem.
        """
        pattern = self.pattern if self.pattern is not None else _terms(self.deny)
        detector = Detector(
            name=name,
            entity=self.entity,
            pattern=pattern,
            source="a policy",
            examples=self.examples,
            counterexamples=self.counterexamples,
            accept=partial(_accepted, check=_check(self.validator), allow=frozenset(self.allow)),
            score=self.score,
            context=tuple(word.lower() for word in self.context),
        )
        if compiled(pattern).search(b"") is not None:
            what = f"detector `{name}`: its pattern matches the empty text"
            fix = "give it something that must be there"
            raise ConfigError([_faulty(what, name, fix)])
        matcher = Matcher(detector)
        problems = [
            _faulty(f"detector `{name}`: {kind} {number} {what}", name, fix)
            for kind, texts, wanted, what, fix in (
                ("example", self.examples, True, "is not found", "widen the pattern"),
                ("counterexample", self.counterexamples, False, "is found", "narrow the pattern"),
            )
            for number, text in enumerate(texts, start=1)
            if bool(everything(matcher, text)) is not wanted
        ]
        if problems:
            raise ConfigError(problems)
        return detector


def built(own: Mapping[str, OwnDetector]) -> tuple[Detector, ...]:
    """Return the detectors of a policy.

    Raises:
        ConfigError: One cannot be built; every problem.
    """
    found: list[Detector] = []
    problems: list[Problem] = []
    for name, one in own.items():
        try:
            found.append(one.build(name))
        except ConfigError as error:
            problems += [
                one if one.code else _faulty(f"detector `{name}`: {one.message}", name)
                for one in error.problems
            ]
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def _faulty(what: str, name: str, fix: str = "") -> Problem:
    return Problem(what, path=f"detectors.{name}", code="CW0509", fix=fix)


def _terms(words: Iterable[str]) -> str:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    plain = "|".join(re.escape(word) for word in longest_first)
    return rf"(?:^|[^0-9A-Za-z_])(?P<found>(?i:{plain}))(?:$|[^0-9A-Za-z_])"


def _check(validator: str | None) -> Callable[[str], bool] | None:
    if validator is None:
        return None
    if validator == "luhn":
        return luhn_holds
    try:
        module = import_module(_MODULES.get(validator, f"stdnum.{validator}"))
    except ImportError:
        raise ConfigError(f"no validator `{validator}`") from None
    check: Callable[[str], bool] = module.is_valid
    return check


def _accepted(
    candidate: str, *, check: Callable[[str], bool] | None, allow: frozenset[str]
) -> float:
    if candidate in allow:
        return 0.0
    return 1.0 if check is None or check(_PLACE.sub("", candidate)) else 0.0
