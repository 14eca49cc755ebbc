"""Streets that their own words tell: a house number and `Street`, `rue de`, `-straße 12`."""

from __future__ import annotations

from pipelines.detector import Detector
from pipelines.detectors.address.words import (
    CAPITAL,
    COMPOUND,
    NAME,
    NUMBER,
    SMALL,
    START,
    STREET_WORD,
    SUFFIX,
    TAIL,
    UNIT,
    UNIT_WORD,
    UPPER,
    end_of_address,
)

_NUMBERS = rf"(?:{UNIT_WORD}\.? \w{{1,5}},? )?(?:\d{{1,5}} )?{NUMBER},?"
_NAMED = rf"(?:{SMALL} |{CAPITAL} ){{0,4}}{CAPITAL}"

NUMBER_STREET = Detector(
    family="prose",
    name="number_street",
    entity="ADDRESS",
    pattern=(
        rf"(?P<found>{START}{_NUMBERS} (?:(?:[NSEW]\.? )?(?:{CAPITAL} ){{1,4}}{SUFFIX}\b\.?"
        rf"(?: [NSEW]{{1,2}}\b)?|{STREET_WORD} {_NAMED})(?:,? \d{{1,4}}\b\.?)?{UNIT}*{TAIL})"
    ),
    quick=(
        rf"(?:^|[^0-9A-Za-z.\-/])\d{{1,5}}[A-Za-z0-9/\-]*,? (?:(?:[NSEW]\.? )?(?:{CAPITAL} ){{1,4}}"
        rf"{SUFFIX}\b|{STREET_WORD} (?:{SMALL} |{UPPER}))"
    ),
    part=end_of_address,
    score=0.8,
    source="USPS Publication 28, appendix C (street suffixes); UPU S42",
    examples=(
        "lives at 1600 Amphitheatre Parkway, Mountain View, CA 94043",
        "12 rue de la Paix, 75002 Paris",
    ),
    counterexamples=(
        "12 Angry Men",
        "5 big streets",
        "3 Way handshake",
        "In 2019 Wall Street fell by 3 percent",
        "He ran 5 Miles Run in time",
    ),
)
STREET_NUMBER = Detector(
    family="prose",
    name="street_number",
    entity="ADDRESS",
    pattern=(
        rf"(?P<found>{START}(?:\d{{1,5}} ){{0,2}}(?:"
        rf"(?:{CAPITAL}[ \-]){{0,3}}{UPPER}[A-Za-z\x80-\xff\-]*{COMPOUND} ?\d{{1,"
        rf"4}}(?:[/\-]\d{{1,4}})?(?: ?[a-z]\b)?"
        rf"|(?:{CAPITAL}[ \-]){{1,4}}(?i:Stra(?:ß|ss)e|Str\.|Platz|Allee|Weg|Ring|Damm|Ufer|Gasse"
        rf"|plads|utca|út|u\.|tér|tie|katu|tee|gate|gata"
        rf"|põik) \d{{1,4}}(?:[/\-]\d{{1,4}})?\.?(?: ?[a-z]\b)?"
        rf"|{STREET_WORD} {_NAMED},? (?:n[º°.]{{0,2}} ?)?\d{{1,4}}\b\.?(?:/\d{{1,4}})?"
        rf"){UNIT}*{TAIL})"
    ),
    quick=(
        rf"(?:{COMPOUND} ?\d|[ \-](?i:ring|str\.|út|u\.|tee|gate|põik) \d"
        rf"|{STREET_WORD} [A-Za-z\x80-\xff][^\n\"]*\d)"
    ),
    part=end_of_address,
    score=0.8,
    source="UPU S42, addresses of Germany, the Netherlands, Scandinavia, Spain, Italy, Poland",
    examples=(
        "wohnt Lange Straße 12, 10243 Berlin",
        "Calle de Alcalá 45, 28014 Madrid",
        "Prinsengracht 263",
        "via Giuseppe Garibaldi, 7",
    ),
    counterexamples=(
        "Weg damit", "via email 12", "Strasse ohne Nummer", "in Spring 2020", "a String 12",
        "Committee 5",
    ),
)  # fmt: skip
STREET_AND_UNIT = Detector(
    family="prose",
    name="street_and_unit",
    entity="ADDRESS",
    # whatever its street is called: two numbers and a flat's
    pattern=(
        rf"(?P<found>{START}(?:\d{{1,5}} )?{NUMBER}(?: [A-Za-z\x80-\xff.'\-]+){{1,7}}(?: {NUMBER})?"
        rf"\.?(?:,? |,?\n[>? ]*){UNIT_WORD}\.? \d{{1,5}}\b{UNIT}*{TAIL})"
    ),
    quick=rf"\d(?: [A-Za-z\x80-\xff.'\-]+)+(?: {NUMBER})?\.?,? [>? ]*{UNIT_WORD}\.? \d",
    part=end_of_address,
    score=0.75,
    source="USPS Publication 28, section 213 (secondary address units)",
    examples=("meet at 4711 Kastanienhof 12 Apt. 3 Lund", "17 gullregn 4 suite 220"),
    counterexamples=(
        "12 people in room",
        "suite 12",
        "5 tests in suite A",
        "Room 12 is booked, Suite 4 is not",
    ),
)
CORNER = Detector(
    family="prose",
    name="street_corner",
    entity="ADDRESS",
    pattern=(
        rf"(?P<found>(?i:\bthe corner of |\bcorner of |\bintersection of )(?:\d{{1,5}} )?{NAME}"
        rf"(?: \d{{1,4}})? (?:and|&) (?:\d{{1,5}} )?{NAME}(?: \d{{1,4}})?)"
    ),
    quick=r"(?i:corner|intersection) of ",
    score=0.7,
    source="USPS Publication 28, section 24 (intersections)",
    examples=("the shop at the corner of Elm Street and 5 Mill Lane",),
    counterexamples=("in the corner of the room", "the intersection of two sets"),
)
