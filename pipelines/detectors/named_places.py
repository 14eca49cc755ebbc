"""Fields that say where somebody lives or was born: addresses, postcodes, towns."""

from __future__ import annotations

import re
import unicodedata

from pipelines.detector import NamedField
from pipelines.field_vocabulary import names_of

_HOMES = (*names_of("homes"), *names_of("people"))
_ZIP = re.compile(
    r"(?i)[^\W\d_]{0,3}[- ]?\d{3,6}(?:[- ]?\d{2,4})?"
    r"|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}"
    r"|[A-Z]\d[\dW] ?[A-Z\d]{4}|[A-Z]\d{4}[A-Z]{3}|\u3012? ?\d{3}-?\d{4}"
)
_HOUSE = re.compile(r"\d{1,5} ?[A-Za-z]?(?: ?[-/] ?\d{1,4} ?[A-Za-z]?)?")
_NO_ADDRESS = re.compile(
    r"(?i)0x[0-9a-f]+|\w+://.*|[\d.:a-f]+|[^ ]+@[^ ]+|[^ ]+\.[a-z]{2,}(?::\d+)?|[0-9a-f\-]{16,}"
)
_LEAST_ADDRESS, _LEAST_WORD, _LEAST_OTHER = 4, 6, 2
_MARKS = frozenset(" .,'\u2019\u02bc`-()/&\u00b7\u30fb")
_MOST_CITY, _MOST_DIGITS, _MOST_WORDS = 80, 3, 8
_NOWHERE = frozenset({
    "yes", "no", "true", "false", "none", "null", "nil", "unknown", "undefined", "n/a", "tbd",
    "not available", "not provided", "unbekannt", "required", "optional", "string",
})  # fmt: skip


def _is_address(value: str) -> bool:
    if not value.isascii():  # other scripts say more in a letter
        return len(value) >= _LEAST_OTHER and any(map(str.isalpha, value)) and "@" not in value
    words = value.split()
    told = any(map(str.isdigit, value)) or len(words) > 1 or len(value) >= _LEAST_WORD
    return (
        len(value) >= _LEAST_ADDRESS
        and any(map(str.isalpha, value))
        and told
        and _NO_ADDRESS.fullmatch(value) is None
        and value.lower() not in _NOWHERE
    )


def _is_house(value: str) -> bool:
    return _HOUSE.fullmatch(value) is not None


def _is_zip(value: str) -> bool:
    return len(value) <= 11 and _ZIP.fullmatch(value) is not None  # noqa: PLR2004 - ZIP+4 with a country


def _is_city(value: str) -> bool:
    """Accept words of letters, commas and dashes between them, and a district's number."""
    return (
        1 < len(value) <= _MOST_CITY
        and len(value.split()) <= _MOST_WORDS
        and value[0].isalpha()
        and sum(map(str.isdigit, value)) <= _MOST_DIGITS
        and value.lower() not in _NOWHERE
        and all(
            one.isalnum() or one in _MARKS or unicodedata.category(one).startswith("M")
            for one in value
        )
    )


ADDRESS_FIELD = NamedField(
    entity="ADDRESS",
    names=names_of("address"),
    accept=_is_address,
)
LINE_FIELD = NamedField(
    entity="ADDRESS",
    names=names_of("line"),
    accept=_is_address,
    below=_HOMES,
    score=0.8,
)
HOUSE_FIELD = NamedField(
    entity="ADDRESS",
    names=names_of("house"),
    accept=_is_house,
    starts=r"[0-9]",
    score=0.8,
)
ZIP_FIELD = NamedField(
    entity="ZIP_CODE",
    names=names_of("zip"),
    accept=_is_zip,
    is_firm=True,
)
CITY_FIELD = NamedField(
    entity="LOCATION",
    names=names_of("city"),
    accept=_is_city,
    score=0.7,
)
BIRTHPLACE_FIELD = NamedField(
    entity="LOCATION",
    names=names_of("birthplace"),
    accept=_is_city,
    score=0.75,
    is_firm=True,
)
PLACE_FIELDS = (ADDRESS_FIELD, LINE_FIELD, HOUSE_FIELD, ZIP_FIELD, BIRTHPLACE_FIELD, CITY_FIELD)
