"""Postal addresses in prose: a house number with a street, up to a postcode and a country."""

from __future__ import annotations

import re

from pipelines.detector import Detector

_U = r"[A-Z\x80-\xff]"
_W = r"[A-Za-z0-9\x80-\xff.'\-#º°/]+"
_CAP = rf"{_U}{_W}"
_SUFFIX = (
    r"(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square"
    r"|sq|terrace|ter|way|circle|cir"
    r"|parkway|pkwy|highway|hwy|trail|trl|alley|crescent|close|grove|row|walk|plaza|loop|run|path"
    r"|pike|mews|gardens|hill|view)"
)
_STREET_WORD = (
    r"(?i:rue|avenue|boulevard|place|chemin|impasse|allée|calle|avenida|plaza|paseo|carrer|via"
    r"|viale|corso|piazza|largo|rua|travessa|praça"
    r"|ulica|ul\.|aleja|al\.|straat|laan|c/)"
)
_COMPOUND = (
    r"(?i:stra(?:ß|ss)e|strasse|str\.|gasse|weg|platz|allee|ufer|damm|ring|straat|laan|gracht"
    r"|plein|kade|gatan|vägen|vej|gade|katu|tie|utca|út|gata|veien)"
)
_UNIT = r"(?:,? (?i:apt|apartment|suite|ste|unit|flat|floor|room|no|#)\.? ?[A-Za-z0-9\-]+)?"
_TAIL = (
    r"(?:[ ,\n\\]+(?:"
    r"[A-Z]{1,2}-?\d{4,6}|\d{4,6}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z0-9]? \d[A-Z]{2}|[A-Z]\d[A-Z] "
    r"\d[A-Z]\d|\d{4} [A-Z]{2}|\d{3} \d{2}"
    rf"|[A-Z]{{2}}\b|{_CAP}|de|la|del|am|an der|sur|upon|of)){{0,9}}"
)
_MONTH = re.compile(
    r"\d (?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])", re.IGNORECASE
)
_START = r"(?:^|[^0-9A-Za-z.\-/])"


def _has_shape(candidate: str) -> float:
    letters = sum(one.isalpha() for one in candidate)
    return 0.7 if letters > 3 and any(one.isdigit() for one in candidate) else 0.0  # noqa: PLR2004 - more than `St`


def _no_date(candidate: str) -> float:
    return 0.0 if _MONTH.search(candidate) else _has_shape(candidate)


def _part(text: str) -> tuple[int, int] | None:
    end = len(text.rstrip(" ,\n\\"))
    return (0, end) if end else None


NUMBER_STREET = Detector(
    family="prose",
    name="number_street",
    entity="ADDRESS",
    pattern=(
        rf"{_START}(?P<found>\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:{_CAP} "
        rf"){{1,4}}{_SUFFIX}\b\.?{_UNIT}{_TAIL}"
        rf"|\d{{1,5}},? {_STREET_WORD} (?:{_CAP}|de|la|du|des|del|los|las|d'){{1}}(?: (?:{_CAP}"
        rf"|de|la|du|des|del))*{_TAIL})"
    ),
    quick=(
        rf"{_START}\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:(?:{_CAP} ){{1,4}}{_SUFFIX}\b"
        rf"|{_STREET_WORD} "
        rf"{_U})"
    ),
    accept=_has_shape,
    part=_part,
    score=0.8,
    source="USPS Publication 28, appendix C (street suffixes); UPU S42",
    examples=(
        "lives at 1600 Amphitheatre Parkway, Mountain View, CA 94043",
        "12 rue de la Paix, 75002 Paris",
    ),
    counterexamples=("12 Angry Men", "5 big streets", "3 Way handshake"),
)
STREET_NUMBER = Detector(
    family="prose",
    name="street_number",
    entity="ADDRESS",
    pattern=(
        rf"(?:^|[^A-Za-z\x80-\xff])(?P<found>(?:{_CAP}[ "
        rf"\-]){{0,3}}{_U}[A-Za-z\x80-\xff\-]*{_COMPOUND} "
        rf"?\d{{1,4}}(?: ?[a-z]\b)?{_UNIT}{_TAIL}"
        rf"|(?:{_CAP} ){{1,4}}(?:Stra(?:ß|ss)e|Platz|Allee|Weg|Ring|Damm|Ufer|Gasse) \d{{1,4}}(?: "
        rf"?[a-z]\b)?{_TAIL}"
        rf"|{_STREET_WORD} (?:(?:{_CAP}|de|la|del|dei|delle|di|du|des|dos|da|los|las),? "
        rf")+(?:n[º°.]? ?)?\d{{1,4}}{_TAIL})"
    ),
    quick=rf"(?:{_COMPOUND} ?\d|{_STREET_WORD} [A-Za-z\x80-\xff][^\n\"]*\d)",
    accept=_has_shape,
    part=_part,
    score=0.8,
    source="UPU S42, addresses of Germany, the Netherlands, Scandinavia, Spain, Italy, Poland",
    examples=(
        "wohnt Lange Straße 12, 10243 Berlin",
        "Calle de Alcalá 45, 28014 Madrid",
        "Prinsengracht 263",
    ),
    counterexamples=("Weg damit", "via email 12", "Strasse ohne Nummer"),
)
TO_POSTCODE = Detector(
    family="prose",
    name="to_postcode",
    entity="ADDRESS",
    # a house number, capitals, and a postcode at the end of a line or after a place
    pattern=(
        rf"{_START}(?P<found>\d{{1,5}} {_CAP}(?:[ ,\n\\]+(?:{_CAP}|\d{{1,4}}|de|la|del|van|der"
        rf"|den|di|da|dos|the|of)){{1,10}}[ ,\n]+\d{{4,6}}(?:-\d{{4}})?)(?:$|[^0-9A-Za-z])"
    ),
    quick=rf"{_START}\d{{1,5}} {_CAP}[ ,\n][^\"]*[ ,\n]\d{{4,6}}(?:$|[^0-9A-Za-z])",
    accept=_has_shape,
    score=0.75,
    source="UPU S42, delivery addresses",
    examples=("ship to 92 Eusebio Davila 57, Lima, LA 56139 please",),
    counterexamples=("12 People came in 2019", "5 Items cost 4500"),
)
BOX = Detector(
    family="prose",
    name="post_box",
    entity="ADDRESS",
    pattern=(
        rf"(?:^|[^A-Za-z])(?P<found>(?:P\.? ?O\.? Box|PSC|Unit|USNS|USS|USNV|Postfach) (?:{_CAP} "
        rf")?\d{{1,6}},? ?(?:Box \d+)?[\n ,]+(?:[A-Z][A-Za-z]+ )?(?:APO|FPO|DPO|[A-Z]{{2}}"
        rf"|{_CAP})[ ,]+(?:[A-Z]{{2}} )?\d{{4,6}})"
    ),
    score=0.8,
    source="USPS Publication 28, section 28 and 225 (military and box addresses)",
    examples=("to PSC 2905, Box 1278\nAPO AA 40674.",),
    counterexamples=("PSC 2905 is a chip", "Unit 12 is done"),
)
NAMED_ZIP = Detector(
    family="prose",
    name="zip_in_context",
    entity="ZIP_CODE",
    pattern=(
        r"(?i:\b(?:zip|zip code|zipcode|postal code|postcode|post code|plz|postleitzahl|code "
        r"postal|codigo postal|cap|cep)(?: is|:|=| -)* ?)(?P<found>\d{5}(?:-\d{4})?"
        r"|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{4,6})(?:$"
        r"|[^0-9A-Za-z])"
    ),
    score=0.8,
    source="UPU, postal code formats",
    examples=("zip code: 94043", "PLZ 10243", "postcode SW1A 1AA"),
    counterexamples=("zip file 12", "code 94043"),
)
CUED = Detector(
    family="prose",
    name="cued_address",
    entity="ADDRESS",
    pattern=(
        rf"(?i:\b(?:lives? at|living at|residing at|resides at|located at|address(?: is|es)?"
        rf"|addressed to|moved to|drops you off at"
        rf"|ship(?:ped)? to|deliver(?:ed)? to|sent to|office is (?:at|in)|wohnt in|wohnhaft"
        rf"|wohnhaft in|anschrift|adresse|habite au|vive en|abita in)"
        rf"(?: is| to| at|:|\?| -)*)[ \n]*(?i:user: )?(?P<found>(?:\d{{1,5}}[A-Za-z]?,? |{_CAP} "
        rf"){_W}(?:[ ,\n\\]+{_W}){{0,3}}[ ,]\d{{1,5}}{_UNIT}{_TAIL})"
    ),
    quick=(
        r"(?i:\b(?:at|in|to|address|addresses|is|anschrift|adresse|wohnhaft|au|user))(?: is| to| "
        r"at|:|\?| -)*[ \n]*(?:[0-9]|[A-Z\x80-\xff])[^\"]*\d"
    ),
    accept=_has_shape,
    part=_part,
    score=0.8,
    source="how addresses are introduced in letters and tickets",
    examples=("Ada lives at 10252 Lange Zeile 184, Paphos",),
    counterexamples=("the meeting is at 10", "address is unknown"),
)
LINE = Detector(
    family="prose",
    name="address_line",
    entity="ADDRESS",
    pattern=(
        rf"(?:^|\n) *(?P<found>\d{{1,5}} {_CAP}(?: {_CAP}){{0,3}} \d{{1,4}}\.?{_UNIT}{_TAIL})(?:$"
        rf"|[^0-9A-Za-z])"
    ),
    quick=rf"(?:^|[^A-Za-z0-9]) *\d{{1,5}} {_CAP}(?: {_CAP}){{0,3}} \d{{1,4}}(?:$|[^0-9A-Za-z:.])",
    accept=_no_date,
    part=_part,
    score=0.7,
    source="UPU S42, delivery addresses",
    examples=("Ada Lovelace\n\n20789 Allika 46\n Suite 501",),
    counterexamples=("14 June 2026", "see\n12 Mar 2026"),
)
STREETS = (
    CUED, LINE, NUMBER_STREET, STREET_NUMBER, TO_POSTCODE, BOX, NAMED_ZIP,
)  # fmt: skip
