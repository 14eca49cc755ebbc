"""Fields that say whose number stands in them: phones, accounts, documents, national numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import phonenumbers

from pipelines.detector import NamedField
from pipelines.field_vocabulary import names_of

_PHONE = re.compile(
    r"(?:tel:)?[+(]{0,2}\d[\d ()./\-]{4,24}(?:\s?(?:x|ext\.?|#|,)\s?\d{1,6})?", re.IGNORECASE
)
_LEAST_PHONE, _MOST_PHONE = 6, 20
_LEAST_PARTY, _MOST_PARTY = 11, 15
_DIGITS, _ALSO_LETTERS = r"[0-9(\x80-\xff]", r"[0-9A-Za-z\x80-\xff#(]"
_SEPARATED = re.compile(r"[ .\-/]")

_LONG_NAME = 8  # letters of a name that means one thing alone
_TELLING = frozenset({
    "phone", "telefon", "telefono", "telefone", "telno", "ssn", "itin", "iban", "passport",
    "pasaporte", "paspoort", "paszport", "dob", "npi", "mrn", "imei", "pesel", "curp", "cpf",
    "cnpj", "bsn", "hetu", "nino", "aadhaar", "cedula", "snils", "снилс", "паспорт", "телефон",
    "τηλέφωνο", "電話", "电话", "护照", "身份证",
})  # fmt: skip
_LONGEST_ODD, _LEAST_ODD, _MOST_WORDS = 40, 4, 6
_OTHER = re.compile(
    r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?(?:[T ].*)?"  # times
    r"|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d(?: .*)?"
    r"|-?\d+\.\d{1,6}|-?\d+(?:\.\d+)?e[+\-]?\d+"  # amounts
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-.*|[0-9a-f]{32,}"  # ids and digests
    r"|.*(?:://|@|[*•_=<>{}\[\]]|xx|XX|##).*",  # addresses, code, what is masked already
    re.IGNORECASE,
)


def _is_phone(value: str) -> bool:
    digits = sum(one.isdigit() for one in value)
    return _LEAST_PHONE <= digits <= _MOST_PHONE and _PHONE.fullmatch(value) is not None


def _is_party(value: str) -> bool:
    """Accept what is a whole international number: who sends may be called anything."""
    digits = value.removeprefix("+")
    if not digits.isdecimal() or not _LEAST_PARTY <= len(digits) <= _MOST_PARTY:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


def _fits(value: str, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(_SEPARATED.sub("", value)) is not None


def _is_odd(value: str) -> bool:
    """Accept what has the digits of a number, and no shape of something else."""
    digits = sum(one.isdigit() for one in value)
    return (
        len(value) <= _LONGEST_ODD
        and digits >= _LEAST_ODD
        and digits * 2 >= sum(one.isalpha() for one in value)
        and len(value.split()) <= _MOST_WORDS
        and _OTHER.fullmatch(value) is None
    )


def _is_telling(name: str) -> bool:
    """Return True for a name that means one thing: what stands there is that, in any shape."""
    return name in _TELLING or len(name) >= _LONG_NAME


def _number(pattern: str) -> Callable[[str], bool]:
    """Return a check of the form without its spaces, dots, dashes and slashes; any case."""
    return partial(_fits, pattern=re.compile(pattern, re.IGNORECASE))


_TABLE: tuple[tuple[str, str, str], ...] = (
    # entity, section of the vocabulary, form
    ("US_SSN", "ssn", r"\d{7,9}"),
    ("US_ITIN", "itin", r"9\d{8}"),
    ("CREDIT_CARD", "card", r"\d{12,19}"),
    ("IBAN_CODE", "iban", r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}"),
    ("BANK_ACCOUNT", "account", r"[A-Z]{0,4}\d{5,24}"),
    ("ABA_ROUTING_NUMBER", "routing", r"\d{9}"),
    ("BIC", "bic", r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
    ("PASSPORT", "passport", r"(?=.*\d)[A-Z0-9]{6,12}|[A-Z0-9<]{30,90}"),
    ("DRIVER_LICENSE", "licence", r"(?=(?:.*\d){4})[A-Z0-9*]{5,20}"),  # else `Apache-2.0` is
    ("LICENSE_PLATE", "plate", r"(?=.*\d)(?=.*[^\W\d])[^\W_][\w•・]{2,11}|\d{5,8}"),
    ("VEHICLE_ID", "vin", r"[A-HJ-NPR-Z0-9]{17}"),
    ("MEDICAL_RECORD", "medical", r"(?=.*\d)[A-Z#:]{0,8}\d[A-Z0-9]{2,15}"),
    ("HEALTH_INSURANCE", "insurance", r"(?=.*\d)[A-Z0-9]{6,20}"),
    ("US_NPI", "npi", r"[12]\d{9}"),
    ("MEDICAL_LICENSE", "dea", r"[A-Z]{2}\d{7}"),
    ("UK_NHS", "nhs", r"\d{10}"),
    ("UK_NINO", "nino", r"[A-Z]{2}\d{6}[A-D]?"),
    ("TAX_ID", "tax", r"(?=.*\d)[A-Z]{0,4}\d[A-Z0-9]{4,16}"),
    ("IT_FISCAL_CODE", "codice_fiscale", r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"),
    ("NATIONAL_ID", "national", r"(?=.*\d)[A-Z]{0,5}\d[A-Z0-9+]{4,18}"),
    ("CUSTOMER_NUMBER", "customer_number", r"(?=.*\d)[A-Z]{0,6}\d[A-Z0-9]{2,18}"),
    ("CRYPTO", "crypto", r"[A-Z0-9:]{25,110}"),
    ("IMEI", "imei", r"\d{14,20}"),
)
PHONE_FIELD = NamedField(
    entity="PHONE_NUMBER",
    names=names_of("phone"),
    accept=_is_phone,
    score=1.0,  # as a card's: of mobile numbers of 13 digits a tenth pass for one by chance
    starts=r"[+(0-9\x80-\xfft]",
    is_firm=True,
)


PARTY_FIELD = NamedField(
    entity="PHONE_NUMBER",
    names=names_of("party"),
    accept=_is_party,
    score=0.8,
    starts=r"[+1-9]",
    is_alone=True,
)


def _fields() -> Iterator[NamedField]:
    yield PHONE_FIELD
    yield PARTY_FIELD
    for entity, section, form in _TABLE:
        yield NamedField(
            entity=entity,
            names=names_of(section),
            accept=_number(form),
            score=0.85,
            starts=_DIGITS if form[0] in r"\9[1" and "A-" not in form else _ALSO_LETTERS,
            is_firm=True,
        )
    for entity, section in (("PHONE_NUMBER", "phone"), *(row[:2] for row in _TABLE)):
        yield NamedField(
            entity=entity,
            names=tuple(filter(_is_telling, names_of(section))),
            accept=_is_odd,
            score=0.7,
            is_firm=True,
        )


NUMBER_FIELDS = tuple(_fields())
"""Check digits are not asked for: the name says what the number is, right or mistyped."""
