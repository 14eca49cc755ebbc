"""Telephone numbers of all countries."""

from __future__ import annotations

from functools import partial

import phonenumbers

from pipelines.detector import Detector

REGIONS = ("US", "GB", "DE", "FR")
"""Countries whose national way of writing is understood without a country code."""

_SOURCE = "ITU-T E.164; national plans as in libphonenumber's metadata"
_WORDS = (
    "phone", "telephone", "tel", "mobile", "cell", "fax", "call", "sms", "whatsapp", "hotline",
    "telefon", "handy", "rufnummer", "mobil", "telefono", "movil", "telephone", "portable", "gsm",
)  # fmt: skip


def _score(candidate: str, *, regions: tuple[str | None, ...], possible: float) -> float:
    if candidate.startswith("00"):
        possible = 0.0  # many a number begins so
    best = 0.0
    # with its country code a number is the same in all regions
    for region in (None,) if candidate.startswith("+") else regions:
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return 0.95
        if phonenumbers.is_possible_number(number):
            best = max(best, possible)
    return best


PHONE_INTERNATIONAL = Detector(
    name="phone_international",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^|[^0-9A-Za-z+.=/&\-])(?P<found>(?:\+|00)[1-9]\d{0,3}"
        r"(?:[ .\-/]{0,2}\(?\d{1,5}\)?){2,7})(?:$|[^0-9A-Za-z])"
    ),
    accept=partial(_score, regions=(None, "DE"), possible=0.6),
    source=_SOURCE,
    examples=("ring +1 415 555 0133 today", "+49 30 901820", "+44 (0)20 7946 0958"),
    counterexamples=("+1 2", "1.000+22334455667788990011", "2+2"),
)
PHONE_NATIONAL = Detector(
    name="phone_national",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^|[^0-9A-Za-z+.=/&_\-(])(?P<found>(?:1[ .\-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.\-])"
        r"[2-9]\d{2}[ .\-]\d{4}(?:(?: ?x| ?ext\.? ?)\d{1,5})?)"
        r"(?:$|[^0-9A-Za-z\-.]|[.\-](?:$|[^0-9]))"
    ),
    accept=partial(_score, regions=("US",), possible=0.6),
    score=0.85,
    source="North American Numbering Plan, ATIS-0300051",
    examples=("call (415) 555-0133", "212-555-0134"),
    counterexamples=("123-45-6789", "192.168.100.1000", "2026-03-02 1234"),
)
PHONE_IN_CONTEXT = Detector(
    name="phone_in_context",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^|[^0-9A-Za-z+.=/&_\-])(?P<found>\(?\d{2,5}\)?(?:[ .\-/]{0,2}\d{2,5}){1,5})"
        r"(?:$|[^0-9A-Za-z])"
    ),
    accept=partial(_score, regions=REGIONS, possible=0.0),
    score=0.8,
    context=_WORDS,
    source=_SOURCE,
    examples=("phone: 4155550133", "Tel. 030 901820", "call 020 7946 0958 please"),
    counterexamples=("order 4155550133", "phone model 2026", "call at 10:30"),
)
