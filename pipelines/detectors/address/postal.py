"""Post boxes, postcodes, and streets that only a postcode at the end tells."""

from __future__ import annotations

import re

from pipelines.detector import Detector
from pipelines.detectors.address.words import (
    CAPITAL,
    NUMBER,
    SMALL,
    START,
    STREET_WORD,
    TAIL,
    UNIT,
    UPPER,
    end_of_address,
)

TO_POSTCODE = Detector(
    family="prose",
    name="to_postcode",
    entity="ADDRESS",
    # a house number, capitals, and a postcode at the end of a line or after a place
    pattern=(
        rf"(?P<found>{START}\d{{1,5}} {CAPITAL}(?:[ ,\n\\]+(?:{CAPITAL}|\d{{1,4}}|de|la|del|van|der"
        rf"|den|di|da|dos|the|of)){{1,10}}[ ,\n]+\d{{4,6}}(?:-\d{{4}})?)(?:$|[^0-9A-Za-z])"
    ),
    quick=rf"{START}\d{{1,5}} {CAPITAL}[ ,\n][^\"]*[ ,\n]\d{{4,6}}(?:$|[^0-9A-Za-z])",
    part=end_of_address,
    score=0.75,
    source="UPU S42, delivery addresses",
    examples=("ship to 92 Eusebio Davila 57, Lima, LA 56139 please",),
    counterexamples=("12 People came in 2019", "5 Items cost 4500"),
)
_DAY = re.compile(r"\W*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d", re.IGNORECASE)
_STREET = rf"{CAPITAL}(?: (?:{SMALL} ){{0,2}}{CAPITAL}){{0,5}}"
_LETTERED = r"(?:[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
TO_LETTERED = Detector(
    family="prose",
    name="to_lettered_postcode",
    entity="ADDRESS",
    # a flat or a house number, capitals, and a postcode of Britain, Ireland or Canada
    pattern=(
        rf"(?P<found>{START}(?:(?i:flat|studio|apartment|unit|apt|suite)\.? )?\d{{1,5}}[A-Za-z]?,? "
        rf"{CAPITAL}(?:[ ,\n]+{CAPITAL}){{1,10}}[ ,\n]+{_LETTERED})(?:$|[^0-9A-Za-z])"
    ),
    quick=rf"\d[A-Za-z]?,? {UPPER}[^\"]*[ ,\n]{_LETTERED}(?:$|[^0-9A-Za-z])",
    part=end_of_address,
    score=0.8,
    source="UPU S42; Royal Mail Programmers' Guide and Canada Post addressing guidelines",
    examples=("to Flat 4, Harbour Stream, East Quay, E1E 0XN", "728 Kelp Dam, Port Sails, G69 6AJ"),
    counterexamples=("12 Monkeys in SW1A 1AA", "4 Tests passed, see A1 1AA"),
)


def _after_a_street(text: str) -> tuple[int, int] | None:
    """Return the address, unless it is the day of a month that stands before a number."""
    return None if _DAY.match(text) else end_of_address(text)


TO_PLACE = Detector(
    family="prose",
    name="street_to_place",
    entity="ADDRESS",
    # whatever the street is called: house number, postcode and place follow, or street, postcode
    pattern=(
        rf"(?P<found>{START}(?:{_STREET} {NUMBER},|{_STREET} \d{{1,4}}[/\-]\d{{1,4}},?"
        rf"|{STREET_WORD} {_STREET},) "
        rf"(?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}),? {CAPITAL}{TAIL})"
    ),
    quick=rf"[A-Za-z0-9\x80-\xff],? (?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}),? {UPPER}",
    part=_after_a_street,
    score=0.8,
    source="UPU S42, addresses of Germany, the Netherlands, France",
    examples=(
        "Am Kelchring 7-4, 68299 Eisenberg",
        "Emmapad 667, 7877BQ, Makkinga",
        "rue Jolie, 42656 Buisson",
    ),
    counterexamples=(
        "in May 12, 10243 People came",
        "Version 10, 12345 tests",
        "see Table 4, 12 Rows",
    ),
)
MILITARY = Detector(
    family="prose",
    name="military_post",
    entity="ADDRESS",
    pattern=(
        r"(?:^|[^A-Za-z])(?P<found>(?i:(?:PSC|Unit|USNS|USS|USNV|USCGC) "
        r"(?:[A-Z][a-z\x80-\xff]+|\d{1,6}),?"
        r"(?: Box \d+)?[\n ,]+(?:APO|FPO|DPO)[ ,]+[A-Z]{2} \d{5}))"
    ),
    quick=r"(?i:(?:APO|FPO|DPO)[ ,]+[A-Z]{2} \d{5})",
    score=0.8,
    source="USPS Publication 28, section 225 (military addresses)",
    examples=("to PSC 2905, Box 1278\nAPO AA 40674.", "USS Lincoln\nFPO AP 07688"),
    counterexamples=("PSC 2905 is a chip", "Unit 12 is done"),
)
BOX = Detector(
    family="prose",
    name="post_box",
    entity="ADDRESS",
    pattern=(
        rf"(?P<found>{START}(?:\d{{1,5}} )?(?:(?i:P\.? ?O\.? ?Box|Post Office Box|Postbox|Postfach"
        rf"|Bo[iî\x80-\xff]+te Postale|Casella Postale|Apartado(?: de Correos)?|Caixa Postal"
        rf"|Skrytka Pocztowa|Private Bag)|Postbus|B\.?P\.) \d{{1,6}}\b{UNIT}*{TAIL})"
    ),
    quick=(
        r"(?i:P\.? ?O\.? ?Box|Office Box|Postbox|Postfach|Postale|Apartado|Correos|Caixa Postal"
        r"|Pocztowa|Private Bag|Postbus|B\.?P\.) \d"
    ),
    part=end_of_address,
    score=0.8,
    source="USPS Publication 28, section 28; UPU S42 (post boxes)",
    examples=("write to P.O. Box 104, Springfield, IL 62701", "Postfach 10 01 20"),
    counterexamples=("a box 12", "BP meter", "the post"),
)
NAMED_ZIP = Detector(
    family="prose",
    name="zip_in_context",
    entity="ZIP_CODE",
    pattern=(
        r"(?i:\b(?:zip|zip code|zipcode|postal code|postcode|post code|plz|postleitzahl|code "
        r"postal|c[oó\x80-\xff]+digo postal|cap|cep|kod pocztowy|postnummer)(?: is|:|=| -)* ?)"
        r"(?P<found>\d{5}-\d{3,4}|\d{3} \d{2}|\d{2}-\d{3}|\d{5}"
        r"|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{4,6})(?:$"
        r"|[^0-9A-Za-z])"
    ),
    score=0.8,
    source="UPU, postal code formats",
    examples=("zip code: 94043", "PLZ 10243", "postcode SW1A 1AA", "ZIP: 394 13"),
    counterexamples=("zip file 12", "code 94043"),
)
POSTAL = (TO_POSTCODE, TO_LETTERED, TO_PLACE, MILITARY, BOX, NAMED_ZIP)
