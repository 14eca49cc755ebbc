"""Post boxes, postcodes, and streets that only a postcode at the end tells."""

from __future__ import annotations

from pipelines.detector import Detector
from pipelines.detectors.address.words import CAPITAL, START, TAIL, UNIT, end_of_address

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
POSTAL = (TO_POSTCODE, MILITARY, BOX, NAMED_ZIP)
