"""Names of people in prose: words of a list of names, and what introduces a person."""

from __future__ import annotations

import re
from functools import cache

from pipelines.detector import Detector
from pipelines.detectors.person.words import COMPANY, NOT_NAMES, PLACES, SMALL
from pipelines.name_list import (
    all_names,
    is_given_name,
    is_surname,
    may_be_given_name,
    may_be_surname,
)

_UPPER = (
    r"(?:[A-Z]|\xc3[\x80-\x9e]|\xc4[\x80-\xbf]|\xc5[\x80-\xbd]|\xce[\x91-\xa9]|\xd0[\x90-\xaf])"
)
_LETTER = r"[A-Za-z\x80-\xff]"
_WORD = rf"{_UPPER}(?:{_LETTER}|['`\-]{_UPPER})*{_LETTER}"
_JOINT = (
    r"(?:van der|van den|van de|von der|de la|de los|del|della|van|von|de|da|dos|di|du|le|la|bin"
    r"|ibn|al|el|y|ter|ten|af|zu|O'|Mc)"
)
_NAMES = rf"{_WORD}(?:[ ](?:{_JOINT} )?(?:{_WORD}|{_UPPER}\.?)){{0,5}}"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Sir|Madam|Lady|Lord|Herr|Herrn|Frau|Doktor|Señor"
    r"|Señora|Sr|Sra|Don|Doña"
    r"|Monsieur|Madame|Mme|Mlle|Signor|Signora|Dott|Ing|Rev|Capt|Sgt|Lt|Col|Gen|President|Senator"
    r"|Judge|Nurse)"
)
_BEHIND = r"(?: (?:Inc|Ltd|LLC|GmbH|Corp|Co|Plc|Group|Bank|Street|St|Road|Avenue|Ave|Square)\b)?"
"""What makes a single name a company's or a street's; taken in, it is no single name."""
_PIECE = re.compile(r"[^\W\d_](?:[^\W\d_]|['`\-])*\.?")
_JOINED = re.compile(r"['`\-]")
_MOST_WORDS = 5
_LONGEST_CODE = 4  # letters, all capitals: `PAM`


_CAPITALISED = re.compile(rb"[A-Z][A-Za-z]*(?:['`\-][A-Z][A-Za-z]*)*")
_INITIAL = re.compile(rb" [A-Z]\.? ")


@cache
def _listed() -> frozenset[bytes]:
    """Return all names that may be somebody's, as they stand in ASCII text, lower case."""
    return frozenset(name.encode() for name in all_names() - NOT_NAMES if name.isascii())


def _may_name_somebody(view: bytes) -> bool:
    """Return False for text in which no capitalised word is a name, and no initial stands."""
    if not view.isascii():
        return True
    words = {word.lower() for word in _CAPITALISED.findall(view)}
    return not words.isdisjoint(_listed()) or _INITIAL.search(view) is not None


def _pieces(text: str) -> list[tuple[int, int, str]]:
    return [(one.start(), one.end(), one[0].rstrip(".").lower()) for one in _PIECE.finditer(text)]


def _full_name(text: str) -> tuple[int, int] | None:
    """Return the part of some capitalised words that is the name of a person.

    Words that are no names may stand before one: `Employee Ada Lovelace`.
    """
    pieces = _pieces(text)
    words = [word for _, _, word in pieces]
    known = next((at for at, word in enumerate(words) if _may_be_name(word)), 0)
    sure = next((at for at, word in enumerate(words) if is_given_name(word)), -1)
    skipped = sure if known == sure and len(words) > sure + 1 else 0
    for index, (start, _, word) in enumerate(pieces):
        if index < skipped or word in NOT_NAMES or word in SMALL or len(word) == 1:
            continue
        last = index
        for behind in range(index + 1, min(len(pieces), index + _MOST_WORDS)):
            if pieces[behind][2] in COMPANY:
                return None
            if pieces[behind][2] in NOT_NAMES:
                break
            last = behind
        while last > index and (pieces[last][2] in SMALL or len(pieces[last][2]) == 1):
            last -= 1
        rest = [piece[2] for piece in pieces[index + 1 : last + 1]]
        if rest and _is_named(word, rest):
            return start, pieces[last][1]
    return None


def _may_be_name(word: str) -> bool:
    return word not in NOT_NAMES | SMALL and (may_be_given_name(word) or may_be_surname(word))


def _is_named(first: str, rest: list[str]) -> bool:
    """Return True if a first word and those behind it are a person's name."""
    if any(len(one) == 1 for one in rest[:-1]):
        return True  # an initial in the middle
    if is_given_name(first):
        return True
    return any(is_surname(one) for one in rest) or (
        may_be_given_name(first) and any(may_be_surname(one) for one in rest)
    )


def _single_name(text: str) -> tuple[int, int] | None:
    """Return a single word that is a given name and hardly anything else."""
    pieces = _pieces(text)
    if len(pieces) != 1 or (text.isupper() and len(text) <= _LONGEST_CODE):
        return None
    word = pieces[0][2]
    if word not in NOT_NAMES and word not in PLACES and (is_given_name(word) or is_surname(word)):
        return pieces[0][0], pieces[0][1]
    return None


def _acting(text: str) -> tuple[int, int] | None:
    """Return a single word that is a given name, if also something else."""
    word = text.lower()
    is_name = may_be_given_name(word) and word not in NOT_NAMES and word not in PLACES
    return (0, len(text)) if is_name else None


def _small(text: str) -> tuple[int, int] | None:
    """Return the names with which some small words begin."""
    end = 0
    for start, stop, word in _pieces(text):
        known = is_given_name(word) or (is_surname(word) if not end else may_be_surname(word))
        if not known or word in NOT_NAMES:
            break
        end = stop if start == 0 or end else 0
    return (0, end) if end else None


def _introduced(text: str) -> tuple[int, int] | None:
    """Return a name that words before it introduce: no list needs to know it."""
    pieces = _pieces(text)
    last = -1
    for index, (start, end, word) in enumerate(pieces[:_MOST_WORDS]):
        parts = _JOINED.split(text[start:end])
        is_code = any(one.isupper() for part in parts for one in part[1:])
        if word in NOT_NAMES or (is_code and not word.startswith("mc")):
            break
        last = index
    if last < 0 or len(pieces[0][2]) == 1:
        return None
    return pieces[0][0], pieces[last][1]


FULL_NAME = Detector(
    family="prose",
    name="full_name",
    entity="PERSON",
    pattern=(
        rf"(?:^|[^A-Za-z0-9\x80-\xff_/.@\-])(?P<found>{_WORD}[ ](?:(?:{_JOINT} )?(?:{_WORD}"
        rf"|{_UPPER}\.?)[ ]?){{1,6}})(?:$|[^A-Za-z*])"
    ),
    part=_full_name,
    likely=_may_name_somebody,
    score=0.75,
    source="US census 1990, frequent names; lists of common names by country",
    examples=("yesterday Ada Lovelace wrote", "for Donald van der Voet"),
    counterexamples=("The United States", "Mozilla Firefox and Google Chrome", "New York Times"),
)
SINGLE_NAME = Detector(
    family="prose",
    name="single_name",
    entity="PERSON",
    # inside a sentence: a small word before or behind it
    pattern=(rf"(?:[a-z,;:] |[a-z]'s )(?P<found>{_WORD}{_BEHIND})(?:$|[ .,;:!?)\"\n]|'s)"),
    part=_single_name,
    likely=_may_name_somebody,
    score=0.6,
    source="US census 1990, frequent given names; lists of common given names by country",
    examples=("but Tamara just has to go", "call Ahmed."),
    counterexamples=("in Berlin.", "the Monday meeting", "a Java program"),
)
FIRST_WORD = Detector(
    family="prose",
    name="first_word",
    entity="PERSON",
    pattern=rf"(?:^|[.!?;] |\n|, )(?P<found>{_WORD}{_BEHIND})(?:(?:'s)? [a-z]|[:,][ \"\\])",
    quick=rf"(?:^|[\"\n]|[.!?;] |, |  ){_WORD}{_BEHIND}(?:(?:'s)? [a-z]|[:,][ \"\\])",
    part=_single_name,
    likely=_may_name_somebody,
    score=0.6,
    source="US census 1990, frequent given names; lists of common given names by country",
    examples=("Tamara just has to go", "It rained. Ahmed went home"),
    counterexamples=("Berlin is large", "Monday was fine", "Java runs"),
)
INTRODUCED_NAME = Detector(
    family="prose",
    name="introduced_name",
    entity="PERSON",
    pattern=(
        rf"(?:(?:^|[^A-Za-z]){_TITLE}\.? |(?i:\b(?:(?:my |full |last |first |sur|real )?name(?: "
        rf"is|'s|:)"
        r"|name\?|call(?:s|ed)? (?:me|him|her)|goes by|i am called|this is|i'm|ich heiße|ich bin"
        r"|mein name ist|je m'appelle|me llamo|mi chiamo"
        r"|meu nome é|ik heet|sincerely|regards|cheers|thanks|dear|hi|hello|hallo|attn|patient"
        rf"|kunde|cardholder|beneficiary|recipient)[:,]? {{1,2}})(?:{_TITLE}\.? )?)"
        rf"(?P<found>{_NAMES})(?:$|[^A-Za-z*])"
    ),
    part=_introduced,
    score=0.65,
    source="forms of address and of introduction in English, German, French, Spanish, Italian",
    examples=(
        "Dr. Szöllösy will see you",
        "my name is Krisztina Vass",
        "Herr Achterberg",
        "Dear Mr. O'Brien,",
        "Hello Mrs Achterberg-Jones",
    ),
    counterexamples=("my name is unknown", "Dear Sir", "doctor who", "name: WindowsUpdateAgent"),
)
ACTING_NAME = Detector(
    family="prose",
    name="acting_name",
    entity="PERSON",
    pattern=(
        rf"(?:^|[^A-Za-z0-9\x80-\xff_/.@\-])(?P<found>{_WORD}) (?:said|says|asked|asks|replied|told"
        r"|thinks|wants|wanted|lives|lived|works|worked|loves|likes|wrote|moved|married|complained"
        r"|shouted|smiled|phoned|emailed|flew|spent|had given)(?:$|[^a-z])"
    ),
    part=_acting,
    likely=_may_name_somebody,
    score=0.6,
    source="verbs of what people alone do, before them a name that is a word, too",
    examples=("then Mark said that it broke", "Grace lives there"),
    counterexamples=("Mark it as read", "the Server said no", "In Berlin lives a bear"),
)
SMALL_NAME = Detector(
    family="prose",
    name="small_name",
    entity="PERSON",
    # as people write in chats
    pattern=(
        r"(?i:\b(?:name is|name's|i am called|call me|named (?:him|her)|mr\.?|mrs\.?|ms\.) )"
        r"(?P<found>[a-z\x80-\xff]{2,}(?: [a-z\x80-\xff]{2,}){0,2})"
    ),
    part=_small,
    score=0.6,
    source="forms of address and of introduction in English",
    examples=("hi, my name is tamara kowalski and", "ask mrs. tamara"),
    counterexamples=("the name is missing", "my name is too long", "mr. robot"),
)
PERSONS = (FULL_NAME, SINGLE_NAME, FIRST_WORD, INTRODUCED_NAME, ACTING_NAME, SMALL_NAME)
