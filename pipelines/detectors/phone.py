"""Telephone numbers of all countries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import phonenumbers

from pipelines.detector import Detector

KNOWN_REGIONS: tuple[str, ...] = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
"""Codes of all countries and territories that have a numbering plan, as in ISO 3166."""

_REGIONS = ("US", "GB", "DE", "FR")
"""Countries whose national way of writing is understood without a country code."""

_TRUNK_REGIONS = (
    "GB", "DE", "FR", "TR", "PH", "IT", "NL", "BE", "CH", "AT", "SE", "FI", "IN", "JP", "KR", "CN",
    "AU", "NZ", "ZA", "BR", "IL", "IE", "NG", "PK", "EG",
)  # fmt: skip
"""Countries that write a 0 before a national number: with it, it looks like no other number."""

_GROUPS = re.compile(r"\d+")
_DATE = re.compile(r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d\b")
_OTHERS = re.compile(rf"{_DATE.pattern}|\d{{3}}-\d\d-\d{{4}}$")
_LEAST_GROUPS, _LEAST_KINDS, _LEAST_DIGITS, _MOST_DIGITS = 3, 4, 6, 15
_LEAST_TRUNK, _MOST_TRUNK, _MOST_NATIONAL = 8, 12, 13
_EXTENSION = r"(?: ?(?:x|ext\.?|#) ?\d{1,6})?"
_NUMBER = rf"\+?\(?\d{{2,5}}\)?(?:[ .\-/]{{0,2}}\(?\d{{2,5}}\)?){{1,5}}{_EXTENSION}"
_SOURCE = "ITU-T E.164; national plans as in libphonenumber's metadata"
_WORDS = (
    "phone", "telephone", "tel", "mobile", "cell", "fax", "call", "sms", "whatsapp", "hotline",
    "telefon", "handy", "rufnummer", "mobil", "telefono", "movil", "portable", "gsm", "called",
    "calling", "contact", "dial", "anrufen", "erreichen", "erreichbar", "rufen", "appeler",
    "joindre", "llamar", "llame", "chiamare", "chiamami", "bellen", "telefone", "celular",
)  # fmt: skip


def _score(candidate: str, *, regions: tuple[str | None, ...], possible: float) -> float:
    candidate = candidate.split("x", 1)[0]
    if candidate.startswith("00") and len(_GROUPS.findall(candidate)) < _LEAST_GROUPS:
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


def _without_open_end(candidate: str) -> tuple[int, int]:
    """Leave out a parenthesis that is not a pair's: of `(+1 202 555 0147)` the last."""
    opened, closed = candidate.count("("), candidate.count(")")
    return (
        int(opened > closed and candidate.startswith("(")),
        len(candidate) - (closed > opened and candidate.endswith(")")),
    )


def _in_words(candidate: str, *, regions: tuple[str, ...]) -> float:
    """Return how sure a number is of which words say that it is a telephone's."""
    if _OTHERS.match(candidate) or len(set(candidate)) < _LEAST_KINDS:
        return 0.0
    best = _score(candidate, regions=regions, possible=0.6)
    groups = _GROUPS.findall(candidate)
    digits = sum(map(len, groups))
    fits = _LEAST_DIGITS <= digits <= _MOST_DIGITS and (len(groups) > 1 or digits > _LEAST_DIGITS)
    return max(best, 0.6 if fits else 0.0)


def _in_context(candidate: str, *, regions: tuple[str, ...]) -> float:
    """Return how sure a number is that stands somewhere near a word of telephones."""
    digits = sum(one.isdigit() for one in candidate)
    has_trunk = candidate.startswith(("0", "(0"))
    if digits < _LEAST_DIGITS + (not has_trunk) or _DATE.match(candidate):
        return 0.0
    if digits > _MOST_NATIONAL and not candidate.startswith(("+", "00")):  # a device's number
        return 0.0
    told = has_trunk and _LEAST_TRUNK <= digits <= _MOST_TRUNK and not _is_padded(candidate)
    return max(_score(candidate, regions=regions, possible=0.0), 0.6 if told else 0.0)


def _is_padded(candidate: str) -> bool:
    """Return True for a number filled up with zeros, and for one of few digits again and again."""
    return candidate.lstrip("(").startswith("000") or len(set(candidate)) < _LEAST_KINDS


def _with_trunk(candidate: str, *, regions: tuple[str, ...]) -> float:
    """Return how sure a number is that begins as national numbers do."""
    if _DATE.match(candidate) or _is_padded(candidate) or candidate.startswith("00"):
        return 0.0
    if sum(map(str.isdigit, candidate)) < _LEAST_TRUNK:  # a day and an hour: `03-17 16`
        return 0.0
    return 0.7 * (_score(candidate, regions=regions, possible=0.0) > 0)


def _in_groups(candidate: str, *, regions: tuple[str, ...]) -> float:
    """Return how sure a number is that is written in groups and valid in one of the regions."""
    if _OTHERS.match(candidate) or _is_padded(candidate):
        return 0.0
    written = tuple(one for one in regions if candidate.lstrip("(").startswith(_trunk(one)))
    return 0.7 * (_score(candidate, regions=written, possible=0.0) > 0)


def _trunk(region: str) -> str:
    """Return what national numbers of a region begin with; in North America few write the 1."""
    prefix = phonenumbers.ndd_prefix_for_region(region, True)  # noqa: FBT003 - its only form
    return "" if prefix in {None, "1"} else str(prefix)


PHONE_INTERNATIONAL = Detector(
    name="phone_international",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^|[^0-9A-Za-z+./&\-])(?P<found>(?:\+|00)[1-9]\d{0,3}"
        r"(?:[ .\-/]{0,2}\(?\d{1,5}\)?){2,7}"
        rf"{_EXTENSION})(?:$|[^0-9A-Za-z])"
    ),
    part=_without_open_end,
    accept=partial(_score, regions=(None, "DE"), possible=0.6),
    source=_SOURCE,
    examples=("ring +1 415 555 0133 today", "+49 30 901820", "+44 (0)20 7946 0958"),
    counterexamples=("+1 2", "1.000+22334455667788990011", "2+2"),
)
PHONE_NATIONAL = Detector(
    name="phone_national",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^|[^0-9A-Za-z+.=/&_\-(])(?P<found>(?:1[ .\-])?(?:\([0-9]\d{2}\) ?|[2-9]\d{2}[.\-])"
        rf"[0-9]\d{{2}}[ .\-]\d{{4}}{_EXTENSION})"
        r"(?:$|[^0-9A-Za-z\-.]|[.\-](?:$|[^0-9]))"
    ),
    accept=partial(_score, regions=("US",), possible=0.7),
    score=0.85,
    source="North American Numbering Plan, ATIS-0300051",
    examples=("call (415) 555-0133", "212-555-0134"),
    counterexamples=("123-45-6789", "192.168.100.1000", "2026-03-02 1234"),
)
PHONE_IN_CONTEXT = Detector(
    name="phone_in_context",
    entity="PHONE_NUMBER",
    pattern=rf"(?:^|[^0-9A-Za-z+.=/&_\-])(?P<found>{_NUMBER})(?:$|[^0-9A-Za-z])",
    part=_without_open_end,
    accept=partial(_in_context, regions=_REGIONS),
    score=0.8,
    context=_WORDS,
    source=_SOURCE,
    examples=("phone: 4155550133", "Tel. 030 901820", "call 020 7946 0958 please"),
    counterexamples=(
        "order 4155550133",
        "phone model 2026",
        "call at 10:30",
        "mobile subscriber 439011234567890",
    ),
)
PHONE_SPOKEN = Detector(
    name="phone_spoken",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?i:\b(?:(?:answer(?:ing)?|reach(?:able)?|reached|reach (?:me|us|you|him|her|them)"
        r"|contact(?: [A-Z\x80-\xff][\w.\x80-\xff\-]*){0,4}|call|called|call (?:me|us|him|her"
        r"|back)|phone|text|ring"
        r"|dial|sms|(?:call(?:ed|ing|s)?|caller) from|tel[e\x80-\xff]+fono"
        r"|messages?|fax|whatsapp"
        r"|telefonisch|erreichbar)"
        r"(?: is| at| on| to| under| unter| via| es|:)*|(?:phone|telephone|mobile|cell|fax"
        r"|tel|telefon|handy|mobil"
        r"|telefono|telephone|registered|movil|m[o\x80-\xff]+vil|celular|cellulare|office|desk"
        r"|main line|telepono|cep|gsm|puhelin|matkapuhelin|selular|nomor|portable|mobiel"
        r"|kom[o\x80-\xff]+rka"
        r"|telefone|telem[o\x80-\xff]+vel|t[e\x80-\xff]+l[e\x80-\xff]+phone)"
        r"(?: ?(?:phone|number|no\.?|nr\.?|nummer))?(?: is| at| on|:|\.|=|#| -)*)) ?"
        rf"(?P<found>{_NUMBER})(?:$|[^0-9A-Za-z])"
    ),
    part=_without_open_end,
    accept=partial(_in_words, regions=_REGIONS),
    score=0.75,
    source=_SOURCE,
    examples=(
        "you can call 469 34 883",
        "they are not answering at 25-62-29-72",
        "Desk: 5551234567",
    ),
    counterexamples=("call at 10:30", "call 2026-03-02", "phone 12"),
)
PHONE_LABELLED = Detector(
    name="phone_labelled",
    entity="PHONE_NUMBER",
    pattern=(
        rf"(?:^|[^0-9A-Za-z+.=/&_\-])(?P<found>{_NUMBER})"
        r"[ ,\-(]{1,2}(?i:office|fax|mobile|cell|home|work|desk|phone)(?:$|[^0-9A-Za-z])"
    ),
    part=_without_open_end,
    accept=partial(_in_words, regions=_REGIONS),
    score=0.75,
    source=_SOURCE,
    examples=("24 428557-Office", "96 228011 fax"),
    counterexamples=("in 2026 office hours", "12 home games"),
)
PHONE_GROUPED = Detector(
    name="phone_grouped",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^[^0-9A-Za-z+.=/&_\-(]?|[^0-9][^0-9A-Za-z+.=/&_\-(])"
        r"(?P<found>0\d{1,4}(?:[ .\-]\d{2,4}){2,4}"
        r"|0\d{2,4}[ \-/]\d{5,8}|(?:\(0\d{1,4}\)"
        r"|0 ?\(\d{1,4}\))[ .\-]{0,2}\d{2,8}(?:[ .\-]\d{2,4}){0,3})(?:$|[^0-9A-Za-z_\-/]"
        r"|[\-/](?:$|[^0-9]))"
    ),
    accept=partial(_with_trunk, regions=_TRUNK_REGIONS),
    score=0.7,
    source=_SOURCE,
    examples=("0917-123-4567", "it is (02) 9374 4000 now", "0161 496 0735", "04 91 23 45 67"),
    counterexamples=(
        "0000 0012 3456",
        "01-02-2026 1234",
        "(12) 34567",
        "0.12 345",
        "00 01 02 03 04",
        "03-17 16:15:01.004",
    ),
)
PHONE_ALONE = Detector(
    name="phone_alone",
    entity="PHONE_NUMBER",
    # eleven digits, the first a zero, and nothing else: as mobile numbers are kept
    pattern=r"^ ?(?P<found>0[1-9]\d{9}) ?$",
    quick=r"[\" ]0[1-9]\d{9}[\" ]",
    accept=partial(_with_trunk, regions=_TRUNK_REGIONS),
    score=0.6,
    source=_SOURCE,
    examples=("09171234567", "07400123456"),
    counterexamples=("0917123456", "order 09171234567", "00171234567"),
)
PHONE_IN_GROUPS = Detector(
    name="phone_in_groups",
    entity="PHONE_NUMBER",
    pattern=(
        r"(?:^|[^0-9A-Za-z+.=/&_\-])(?P<found>\(?\d{2,4}\)?(?:[ \-]\d{2,5}){2,4})"
        r"(?:$|[^0-9A-Za-z\-.]|[.\-](?:$|[^0-9]))"
    ),
    part=_without_open_end,
    accept=partial(_in_groups, regions=("ES",)),
    score=0.7,
    source=_SOURCE,
    examples=("llama al 612 345 678", "912-345-678."),
    counterexamples=("order 112 345 678", "612 345 678 901", "2026-03-02 12"),
)
"""Of no use where no region is named: many a number of a hundred countries is written so."""
PHONES = (
    PHONE_INTERNATIONAL, PHONE_NATIONAL, PHONE_IN_CONTEXT, PHONE_SPOKEN, PHONE_LABELLED,
    PHONE_GROUPED, PHONE_ALONE,
)  # fmt: skip


def with_regions(detectors: Sequence[Detector], regions: Sequence[str]) -> tuple[Detector, ...]:
    """Return detectors of which those of telephone numbers know other countries.

    Args:
        detectors: The detectors.
        regions: Whose national ways of writing they understand, in place of the usual ones: codes
            of `KNOWN_REGIONS`. Numbers with a country code are found wherever they are from.
    """
    known = tuple(regions)
    american = tuple(one for one in known if phonenumbers.country_code_for_region(one) == 1)
    accepts = {
        PHONE_NATIONAL.name: partial(_score, regions=american, possible=0.7),
        PHONE_IN_CONTEXT.name: partial(_in_context, regions=known),
        PHONE_SPOKEN.name: partial(_in_words, regions=known),
        PHONE_LABELLED.name: partial(_in_words, regions=known),
        PHONE_GROUPED.name: partial(_with_trunk, regions=known),
        PHONE_ALONE.name: partial(_with_trunk, regions=known),
        PHONE_IN_GROUPS.name: partial(_in_groups, regions=known),
    }

    def changed() -> Iterator[Detector]:
        for one in detectors:
            accept = accepts.get(one.name)
            if one.name != PHONE_IN_GROUPS.name:
                yield one if accept is None else replace(one, accept=accept)
            if one.name == PHONE_ALONE.name:
                yield replace(PHONE_IN_GROUPS, accept=accepts[PHONE_IN_GROUPS.name])

    return tuple(changed())
