"""Numbers of documents and people that have no check digit: a word says what they are."""

from __future__ import annotations

import re

from phonenumbers import SUPPORTED_REGIONS
from stdnum import luhn
from stdnum.us import rtn

from pipelines.detector import Detector

_START, _END = r"(?:^|[^0-9A-Za-z])", r"(?:$|[^0-9A-Za-z])"
_LINK = (
    r"(?i:(?: ?(?:number|numbers|no\.?|nr\.?|num|id|#|nummer|numero|code|identifier)){0,2}"
    r"(?: ?\([A-Z]{2,6}\))?(?: is| was| of|:|=|#|,| -)*) ?[\"']?#?"
)
_LEAST_DIGITS = 3


def _told(words: str, form: str) -> str:
    """Return a pattern of a number right behind the words that name it."""
    return rf"(?i:\b(?:{words})){_LINK}(?P<found>{form}){_END}"


def _is_npi(candidate: str) -> float:
    return 0.9 if luhn.is_valid("80840" + candidate) else 0.0


def _is_routing(candidate: str) -> float:
    return 0.9 if rtn.is_valid(candidate.replace("-", "")) else 0.0


def _is_dea(candidate: str) -> float:
    digits = [int(one) for one in candidate[2:]]
    total = digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])
    return 0.9 if total % 10 == digits[6] else 0.0


def _has_digits(candidate: str) -> float:
    """Refuse a year and what is one character again and again."""
    digits = sum(one.isdigit() for one in candidate)
    return 0.8 if digits >= _LEAST_DIGITS and len(set(candidate)) > 1 else 0.0


def _is_bic(candidate: str) -> float:
    return 0.8 if candidate.replace(" ", "")[4:6] in SUPPORTED_REGIONS else 0.0


_NINO_VOID = frozenset(("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"))
_NINO = re.compile(r"[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]?")


def _is_nino(candidate: str) -> float:
    bare = candidate.replace(" ", "").replace("-", "").upper()
    return 0.9 if _NINO.fullmatch(bare) and bare[:2] not in _NINO_VOID else 0.0


PASSPORT = Detector(
    name="passport",
    entity="PASSPORT",
    pattern=_told(
        r"passport|passports|reisepass|reisepassnummer|passnummer|passeport|pasaporte|passaporto"
        r"|passaporte|paspoort|paszport",
        r"[A-Z]{0,3} ?\d{6,9}[A-Z]?|[A-Z0-9]{1,3}\d[A-Z0-9]{5,8}",
    ),
    accept=_has_digits,
    score=0.85,
    source="ICAO Doc 9303 part 4 (nine characters); national practice",
    examples=("passport number: X12345678", "my passport no 912803456"),
    counterexamples=("passport office 12", "number X12345678"),
)
DRIVER_LICENSE = Detector(
    name="driver_license",
    entity="DRIVER_LICENSE",
    pattern=_told(
        r"driver'?s?'? ?licen[sc]e|driving ?licen[sc]e|drivers'? licen[sc]e|licen[sc]e number"
        r"|dln|dl|führerschein|fuehrerschein|permis de conduire|carnet de conducir"
        r"|patente|rijbewijs",
        r"[A-Z]{1,5}[ \-]?\d[A-Z0-9 \-]{3,14}[A-Z0-9]|\d{7,12}|[A-Z0-9]{1,3}\d[A-Z0-9]{5,14}",
    ),
    accept=_has_digits,
    score=0.8,
    source="AAMVA DL/ID card design standard, annex D; national practice",
    examples=("driver's license number is D1234567", "driving licence: MORGA753116SM9IJ"),
    counterexamples=("driver 1234567", "license text"),
)
MEDICAL_RECORD = Detector(
    name="medical_record",
    entity="MEDICAL_RECORD",
    pattern=_told(
        r"mrn|medical record|patient|patient id|chart|hospital number|health record|emr|ehr"
        r"|patientennummer|krankenakte(?:nnummer)?|dossier medical|historia clinica"
        r"|historia clínica|record number|record no\.?|hospital no\.?|cartella clinica",
        r"[A-Z]{0,4}[\-]?\d[A-Z0-9\-]{4,14}",
    ),
    accept=_has_digits,
    score=0.75,
    source="45 CFR 164.514(b)(2)(i)(H), medical record numbers",
    examples=("MRN: 00482913", "medical record number MR-1029384"),
    counterexamples=("patient since 2019", "record 00482913"),
)
LICENSE_PLATE = Detector(
    name="license_plate",
    entity="LICENSE_PLATE",
    pattern=_told(
        r"licen[sc]e plate|number ?plate|plate|plate as|registration plate|vehicle registration"
        r"|registration|kennzeichen|fahrzeugs?|vehicle|immatriculation|immatriculée?|matricula"
        r"|matrícula|placa|targa|kenteken|vrm|reg",
        r"[A-Z0-9]{1,4}[ \-][A-Z0-9]{1,4}(?:[ \-][A-Z0-9]{1,4})?|[A-Z]{2}\d{2}[A-Z]{3}"
        r"|[A-Z0-9]{5,8}",
    ),
    accept=lambda candidate: (
        0.75 if any(map(str.isdigit, candidate)) and any(map(str.isalpha, candidate)) else 0.0
    ),
    score=0.75,
    source="Vienna Convention on Road Traffic, annex 2 (letters and digits); national practice",
    examples=("license plate B-MW 1234", "number plate: AB12CDE"),
    counterexamples=("plate tectonics", "B-MW 1234"),
)
MEMBER_NUMBER = Detector(
    name="health_insurance",
    entity="HEALTH_INSURANCE",
    pattern=_told(
        r"health insurance|insurance|insurance policy|medicare|medicaid|mbi|member id"
        r"|krankenversicherung|krankenversichertennummer|versichertennummer|health card|policy",
        r"[A-Z]{0,4}\d[A-Z0-9\-]{6,15}",
    ),
    accept=_has_digits,
    score=0.75,
    source="45 CFR 164.514(b)(2)(i)(I), health plan beneficiary numbers",
    examples=("health insurance number: A123456780", "Medicare 1EG4-TE5-MK73"),
    counterexamples=("insurance since 2019", "policy 12"),
)
BANK_ACCOUNT = Detector(
    name="bank_account",
    entity="BANK_ACCOUNT",
    pattern=_told(
        r"(?:bank|checking|savings|deposit|current) account|account|acct|a/c|kontonummer|konto"
        r"|numero de compte|numero de cuenta|cuenta|conto corrente|conta|rekeningnummer",
        r"\d{7,17}|\d{2,6}(?:[ \-]\d{2,8}){1,4}",
    ),
    accept=_has_digits,
    score=0.7,
    source="ISO 20022 Othr/Id of accounts without IBAN; NACHA rules, account number of 4 to 17",
    examples=("account number: 000123456789", "Kontonummer 532013000"),
    counterexamples=("account 42", "order 000123456789", "account manager"),
)
ROUTING = Detector(
    name="aba_routing",
    entity="ABA_ROUTING_NUMBER",
    pattern=rf"{_START}(?P<found>\d{{9}}|\d{{4}}-\d{{4}}-\d){_END}",
    accept=_is_routing,
    context=("routing", "aba", "rtn", "transit number", "ach", "wire transfer"),
    source="ABA routing number policy (checksum 3-7-1)",
    examples=("routing number 021000021", "ABA 0110-0001-5"),
    counterexamples=("routing number 021000022", "order 021000021"),
)
BIC = Detector(
    name="bic",
    entity="BIC",
    pattern=(
        rf"{_START}(?P<found>[A-Z]{{6}}[A-Z0-9]{{2}}(?:[A-Z0-9]{{3}})?"
        rf"|[A-Z]{{4}} [A-Z]{{2}} [A-Z0-9]{{2}}(?: [A-Z0-9]{{3}})?){_END}"
    ),
    accept=_is_bic,
    score=0.8,
    context=("bic", "swift", "swift code", "business identifier", "bank identifier"),
    source="ISO 9362:2022",
    examples=("BIC: DEUTDEFF", "swift code NEDSZAJJXXX"),
    counterexamples=("BIC 12345678", "BIC PASSWORD", "code DEUTDEFF"),
)
US_NPI = Detector(
    name="us_npi",
    entity="US_NPI",
    pattern=rf"{_START}(?P<found>[12]\d{{9}}|[12]\d{{3}}[ \-]\d{{3}}[ \-]\d{{3}}){_END}",
    accept=lambda candidate: _is_npi(candidate.replace(" ", "").replace("-", "")),
    context=("npi", "national provider", "provider identifier", "provider id"),
    source="45 CFR 162.406 (Luhn over 80840 and the number)",
    examples=("NPI 1234567893",),
    counterexamples=("NPI 1234567890", "epoch 1234567893"),
)
DEA = Detector(
    name="medical_license",
    entity="MEDICAL_LICENSE",
    pattern=rf"{_START}(?P<found>[ABCDEFGHJKLMPRSTUX][A-Z9]\d{{7}}){_END}",
    accept=_is_dea,
    context=(
        "dea number",
        "dea no",
        "prescriber",
        "medical license",
        "medical licence",
        "practitioner",
    ),
    source="21 CFR 1301.13, DEA registration numbers",
    examples=("DEA number AB1234563",),
    counterexamples=("DEA number AB1234567", "part AB1234563"),
)
UK_NINO = Detector(
    name="uk_nino",
    entity="UK_NINO",
    pattern=(
        rf"{_START}(?P<found>[A-Za-z]{{2}}[ \-]?\d{{2}}[ \-]?\d{{2}}[ \-]?\d{{2}}"
        rf"[ \-]?[A-Da-d]){_END}"
    ),
    accept=_is_nino,
    source="HMRC NIM39110, format of a National Insurance number",
    examples=("QQ123456C is void, AB 12 34 56 C is not",),
    counterexamples=("GB 12 34 56 A", "DA 12 34 56 A", "AB 12 34 56 Z"),
)
DOCUMENT_NUMBERS = (
    PASSPORT, DRIVER_LICENSE, MEDICAL_RECORD, LICENSE_PLATE, MEMBER_NUMBER, BANK_ACCOUNT, ROUTING,
    BIC, US_NPI, DEA, UK_NINO,
)  # fmt: skip
