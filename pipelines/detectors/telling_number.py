"""Numbers of people and companies whose form and check digit tell what they are: no word needed."""

from __future__ import annotations

import re
from functools import cache, partial
from importlib import import_module

from pipelines.detector import Detector

_START, _END = r"(?:^|[^0-9A-Za-z.+/\-])", r"(?:$|[^0-9A-Za-z\-/]|[\-/](?:$|[^0-9A-Za-z]))"
_MBI = "AC-HJKMNP-RT-Y"
_SG_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_SG_LETTERS = {"S": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
_SG_LATER = {"T": ("S", 4), "G": ("F", 4), "M": ("M", 3)}
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

# module of python-stdnum, entity, form, a number made up that passes
_TABLE = (
    (
        "it.codicefiscale", "IT_FISCAL_CODE",
        r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", "RCCMNL83S18D969H",
    ),
    ("fi.hetu", "FI_PERSONAL_IDENTITY_CODE", r"\d{6}[\-+A-FU-Y]\d{3}[0-9A-Y]", "131052-308T"),
    ("kr.rrn", "KR_RRN", r"\d{6}-[1-9]\d{6}", "971013-9019902"),
    ("br.cpf", "NATIONAL_ID", r"\d{3}\.\d{3}\.\d{3}-\d{2}", "390.533.447-05"),
    ("ch.ssn", "NATIONAL_ID", r"756\.\d{4}\.\d{4}\.\d{2}", "756.9217.0769.85"),
    ("be.nn", "NATIONAL_ID", r"\d{2}\.\d{2}\.\d{2}-\d{3}[.\-]\d{2}", "85.07.30-033.28"),
    ("cl.rut", "NATIONAL_ID", r"\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]", "12.531.909-2"),
    (
        "mx.curp", "NATIONAL_ID", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d", "BOXW310820HNERXN09",
    ),
    (
        "fr.nir", "NATIONAL_ID",
        r"[12] \d{2} [01]\d (?:\d{2}|2[AB]) \d{3} \d{3} \d{2}", "2 95 10 99 126 111 93",
    ),
    ("br.cnpj", "TAX_ID", r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", "16.727.230/0001-97"),
    ("ar.cuit", "TAX_ID", r"\d{2}-\d{8}-\d", "20-05536168-2"),
    ("ch.uid", "TAX_ID", r"CHE-\d{3}\.\d{3}\.\d{3}", "CHE-100.155.212"),
    ("de.vat", "DE_VAT_ID", r"DE ?\d{3} ?\d{3} ?\d{3}", "DE136695976"),
    (
        "eu.vat", "TAX_ID",
        (
            r"(?:ATU\d{8}|BE[01]\d{9}|DK\d{8}|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\d{8}|FR\d{11}|IT\d{11}"
            r"|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|SE\d{12})"
        ),
        "ATU13585627",
    ),
    ("es.nie", "ES_NIE", r"[XYZ]-?\d{7}-?[A-Z]", "X5253868R"),
    ("es.dni", "ES_NIF", r"\d{8}-[A-HJ-NP-TV-Z]", "54362315-K"),
    ("th.pin", "TH_TNIN", r"\d-\d{4}-\d{5}-\d{2}-\d", "1-2345-45678-78-1"),
    ("se.personnummer", "SE_PERSONNUMMER", r"19\d{6}[\-+]\d{4}", "19880320-0016"),
)  # fmt: skip


@cache
def _check(module: str):  # type: ignore[no-untyped-def] # noqa: ANN202 - python-stdnum has no types
    return import_module(f"stdnum.{module}").is_valid


def _is_valid(candidate: str, *, module: str) -> float:
    """Return how sure a number is that passes its check; a day and a letter is none."""
    return (
        0.0
        if _DAY.match(candidate[:8]) and "-" not in candidate
        else (0.85 if _check(module)(candidate) else 0.0)
    )


def _is_nric(candidate: str) -> float:
    kind, offset = _SG_LATER.get(candidate[0], (candidate[0], 0))
    total = offset + sum(
        weight * int(digit) for weight, digit in zip(_SG_WEIGHTS, candidate[1:8], strict=True)
    )
    return 0.85 if _SG_LETTERS[kind][total % 11] == candidate[8] else 0.0


def _detector(module: str, entity: str, form: str, example: str) -> Detector:
    last = example[:-1] + ("2" if example[-1] == "1" else "1")
    return Detector(
        name=f"telling_{module.replace('.', '_')}",
        entity=entity,
        pattern=rf"{_START}(?P<found>{form}){_END}",
        accept=partial(_is_valid, module=module),
        score=0.85,
        source=f"python-stdnum {module}, after the rules that its documentation names",
        examples=(f"it is {example}.",),
        counterexamples=(f"it is {last}.", f"it is x{example}"),
    )


US_ITIN = Detector(
    name="us_itin_dashed",
    entity="US_ITIN",
    pattern=(rf"{_START}(?P<found>9\d{{2}}-(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-\d{{4}}){_END}"),
    score=0.8,
    source="IRS Publication 1915, ranges of the fourth and fifth digit",
    examples=("file 912-70-3466 today",),
    counterexamples=("912-93-3466", "812-70-3466", "1912-70-3466"),
)
US_MBI = Detector(
    name="us_mbi",
    entity="US_MBI",
    pattern=(
        rf"{_START}(?P<found>[1-9][{_MBI}][0-9{_MBI}]\d-?[{_MBI}][0-9{_MBI}]\d-?"
        rf"[{_MBI}]{{2}}\d{{2}}){_END}"
    ),
    score=0.8,
    source="CMS, Medicare Beneficiary Identifier: format of its eleven characters",
    examples=("member 1EG4-TE5-MK73", "1EG4TE5MK73"),
    counterexamples=("1SG4-TE5-MK73", "0EG4-TE5-MK73", "1EG4-TE5-MK7"),
)
IN_GSTIN = Detector(
    name="in_gstin_telling",
    entity="IN_GSTIN",
    pattern=(
        rf"{_START}(?P<found>(?:0[1-9]|[12]\d|3[0-8])[A-Z]{{5}}\d{{4}}[A-Z][1-9A-Z]Z[0-9A-Z])"
        rf"{_END}"
    ),
    accept=partial(_is_valid, module="in_.gstin"),
    score=0.85,
    source="CGST Rules 2017, form of the goods and services tax identification number",
    examples=("supplier 27AAPFU0939F1ZV",),
    counterexamples=("39AAPFU0939F1ZV", "27AAPFU0939F1XV", "27AAPFU0939F1ZO"),
)
SG_NRIC = Detector(
    name="sg_nric",
    entity="SG_NRIC_FIN",
    pattern=rf"{_START}(?P<found>[STFGM]\d{{7}}[A-Z]){_END}",
    accept=_is_nric,
    score=0.85,
    source="Singapore NRIC and FIN, check letter over weights 2 7 6 5 4 3 2",
    examples=("holder S2740116C", "F2346401L"),
    counterexamples=("S2740116D", "A2740116C"),
)
UK_LICENCE = Detector(
    name="uk_driving_licence",
    entity="DRIVER_LICENSE",
    pattern=(
        rf"{_START}(?P<found>(?i:[A-Z][A-Z9]{{4}}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d"
        rf"[A-Z9]{{2}}[0-9A-Z][A-Z]{{2}})){_END}"
    ),
    score=0.85,
    source="DVLA, driver number: surname, birth date, initials, check characters",
    examples=("licence MORGA753116SM9IJ ok",),
    counterexamples=("MORGA793116SM9IJ", "MORGA753416SM9IJ"),
)
TELLING_NUMBERS = (
    *(_detector(*row) for row in _TABLE), US_ITIN, US_MBI, IN_GSTIN, SG_NRIC, UK_LICENCE,
)  # fmt: skip
