"""Detector and named field: the contracts of what finds personal data or secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ANY_START = r'[^" ]'
"""How a value begins that has no form of its own."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something was found. Holds offsets, never text, so it can be logged and counted.

    Attributes:
        start: First character, from 0.
        end: One past the last character.
        entity: Entity type as Presidio spells it, such as EMAIL_ADDRESS.
        score: How sure, 0 to 1.
    """

    start: int
    end: int
    entity: str
    score: float


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of finding: a linear-time pattern and what makes a candidate real.

    Attributes:
        name: The detector's own name, unique, such as `payment_card`.
        entity: Entity type of its findings.
        pattern: google-re2 syntax over UTF-8 bytes read as Latin-1: no lookaround. Where a
            group `found` exists, the finding is that group, else the whole match; what stands
            around it are the boundaries.
        source: The standard or document that pattern and check come from.
        examples: Texts in which it finds something; published test numbers only.
        counterexamples: Texts in which it finds nothing.
        accept: Given the candidate's text, how sure it is (0 to 1; 0 refuses). Checksums and
            structure are checked here. None: every candidate is real.
        score: How sure a finding is, unless `accept` says less.
        context: Words, lower case, of which one must stand near the candidate or in the
            field's name; empty: none needed.
        part: Given the candidate's text, which characters of it are the finding; None refuses it,
            no characters refuse it and what else may be in it. For candidates that a pattern alone
            cannot end rightly.
        quick: A shorter pattern that matches wherever `pattern` does, for the pass over whole
            chunks; None: the pattern itself.
        family: With which others its pattern shares an automaton in that pass: `shapes` of
            numbers and addresses, `keys` of many letters in a row, or `prose`, in which words
            may go on and on. Mixed they would slow each other a hundredfold.
        likely: Given a view in which the pattern matched, False where nothing can be found for
            all that; much cheaper than to look. None: always.
    """

    name: str
    entity: str
    pattern: str
    source: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    accept: Callable[[str], float] | None = None
    score: float = 0.9
    context: tuple[str, ...] = ()
    quick: str | None = None
    part: Callable[[str], tuple[int, int] | None] | None = None
    family: Literal["shapes", "keys", "prose"] = "shapes"
    likely: Callable[[bytes], bool] | None = None


@dataclass(frozen=True, slots=True)
class NamedField:
    """One kind of field: its name says what stands in it, whatever that looks like.

    Attributes:
        entity: Entity type of its values, such as PASSWORD.
        names: What such fields are called, lower case, words apart by a space: `first name`
            stands for `first_name`, `firstName`, `customerFirstName` and `FIRSTNAME`.
        accept: Given the whole value as text, True if it can be one.
        below: Names of objects below which alone those names mean this: `name` below `customer`;
            empty: everywhere.
        score: How sure a finding is.
        starts: Pattern of how each such value begins, UTF-8 read as Latin-1; it spares the pass
            over whole chunks the others.
        is_firm: No word before such a name makes it another's, as `file` does with `name`.
        is_alone: A name with other words in it is none of these: `ime` is, `ime datoteke` is not.
    """

    entity: str
    names: tuple[str, ...]
    accept: Callable[[str], bool]
    below: tuple[str, ...] = ()
    score: float = 0.85
    starts: str = ANY_START
    is_firm: bool = False
    is_alone: bool = False
