"""Addresses that the words before them introduce, or the way in which lines stand below a name."""

from __future__ import annotations

from pipelines.detector import Detector
from pipelines.detectors.address.words import (
    CAPITAL,
    NAME,
    NUMBER,
    SMALL,
    TAIL,
    UNIT,
    UNIT_WORD,
    UPPER,
    WORD,
    end_of_address,
)

_CUE = (
    r"(?i:\b(?:(?:lives?|living|residing|resides|located|stays?|staying|moved|addressed|ship(?:ped)?"
    r"|deliver(?:ed)?|sent|send it|mailed|returned?|arrived|drops you off|meet me|meet you|taxi"
    r"|offices? (?:is|are)|restaurant is|station is|house is|stop) (?:at|on|in|to)"
    r"|address(?:es)?(?: with| is| to the same| to| was|:)|address|anschrift|adresse|adres|"
    r"direcci[oó\x80-\xff]+n|indirizzo|endere[cç\x80-\xff]+o|wohnt in|wohnhaft in|wohnhaft|"
    r"habite au|vive en|abita in|mora na|woont op|mieszka przy)"
    r"(?: is| to| at|:|\?| -)*)"
)

CUED = Detector(
    family="prose",
    name="cued_address",
    entity="ADDRESS",
    pattern=(
        rf"{_CUE}(?P<found>[ \n]+(?i:user: )?(?:(?:\d{{1,5}} )?{NUMBER},? |{CAPITAL} )"
        rf"{WORD}(?:[ ,\n\\]+{WORD}){{0,4}}[ ,]\d{{1,5}}\b\.?{UNIT}*{TAIL}"
        rf"|[ \n]+(?:\d{{1,5}} )?{NUMBER} {NAME}{TAIL}|[ \n]+{NAME} \d{{1,4}}\b{TAIL})"
    ),
    quick=(rf"{_CUE}[ \n]*(?i:user: )?(?:[0-9]|{UPPER}[^\"]*\d)"),
    part=end_of_address,
    score=0.8,
    source="how addresses are introduced in letters and tickets",
    examples=("Ada lives at 10252 Lange Zeile 184, Paphos", "the office is at 12 Hoge Wei"),
    counterexamples=("the meeting is at 10", "address is unknown"),
)
LINE = Detector(
    family="prose",
    name="address_line",
    entity="ADDRESS",
    pattern=(
        rf"(?P<found>(?:^|\n|[>?] ?) *(?:\d{{1,5}} )?{NUMBER} {CAPITAL}"
        rf"(?: (?:{CAPITAL}|{SMALL})){{0,5}}"
        rf" \d{{1,4}}\.?{UNIT}*)(?:$|[^0-9A-Za-z:.])"
    ),
    quick=(
        rf"(?:^|[^A-Za-z0-9]) *\d{{1,5}}[A-Za-z0-9/\-]* {CAPITAL}(?: (?:{CAPITAL}|{SMALL})){{0,5}} "
        rf"\d{{1,4}}(?:$|[^0-9A-Za-z:])"
    ),
    part=end_of_address,
    score=0.7,
    source="UPU S42, delivery addresses",
    examples=("Ada Lovelace\n\n20789 Allika 46\n Suite 501",),
    counterexamples=("14 June 2026", "see\n12 Mar 2026"),
)
UNIT_LINE = Detector(
    family="prose",
    name="unit_line",
    entity="ADDRESS",
    pattern=(
        r"\n[>? ]*(?P<found>(?i:apt|apartment|suite|flat|wohnung)\.? \d{1,5}[A-Za-z]?)[ ,]*(?:\n|$)"
    ),
    quick=r"  [>? ]*(?i:apt|apartment|suite|flat|wohnung)\.? \d",
    score=0.7,
    source="USPS Publication 28, section 213 (secondary address units)",
    examples=("20 Hillview\n Apt. 12\n Riverton",),
    counterexamples=("a suite of 12 tests", "apt 3 install"),
)
_BELOW_UNIT = rf"\n[>? ]*{UNIT_WORD}\.? \w{{1,5}}[ ,]*\n[>? ]*"
LINE_TOWN = Detector(
    family="prose",
    name="town_line",
    entity="LOCATION",
    pattern=rf"{_BELOW_UNIT}(?P<found>{UPPER}[^\n0-9,]{{1,40}})\n",
    quick=rf"  [>? ]*{UNIT_WORD}\.? \w{{1,5}}[ ,]* ",
    score=0.6,
    source="UPU S42, the lines of an address",
    examples=("20 Hillview\n Apt. 12\n Riverton\n Norway",),
    counterexamples=("Apt. 12 in Riverton",),
)
LINE_COUNTRY = Detector(
    family="prose",
    name="country_line",
    entity="LOCATION",
    pattern=(
        rf"{_BELOW_UNIT}[^\n]{{1,40}}\n[\n>? ]*(?P<found>{UPPER}[^\n0-9,]{{2,40}})"
        rf"(?: \d{{3,6}})?(?:\n|$)"
    ),
    quick=rf"  [>? ]*{UNIT_WORD}\.? \w{{1,5}}[ ,]* ",
    score=0.6,
    source="UPU S42, the lines of an address",
    examples=("20 Hillview\n Apt. 12\n Riverton\n Norway 1234",),
    counterexamples=("Apt. 12 in Riverton\nNorway",),
)
LINE_POSTCODE = Detector(
    family="prose",
    name="postcode_line",
    entity="ZIP_CODE",
    pattern=(
        rf"{_BELOW_UNIT}[^\n]{{1,40}}\n[\n>? ]*(?:[^\n0-9]{{2,40}} )?"
        rf"(?P<found>[A-Z]{{0,2}}\d{{3,6}})(?:\n|$)"
    ),
    quick=rf"  [>? ]*{UNIT_WORD}\.? \w{{1,5}}[ ,]* ",
    score=0.7,
    source="UPU S42, the lines of an address",
    examples=("20 Hillview\n Apt. 12\n Riverton\n Norway 1234",),
    counterexamples=("Apt. 12 in Riverton\n1234",),
)
TOLD = (CUED, LINE, UNIT_LINE, LINE_TOWN, LINE_COUNTRY, LINE_POSTCODE)
