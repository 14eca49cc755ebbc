"""National numbers with check digits; bare digits, so a word must say what they are."""

from __future__ import annotations

from stdnum.de import idnr
from stdnum.gb import nhs
from stdnum.nl import bsn

from pipelines.detector import Detector

_START = r"(?:^|[^0-9A-Za-z+.\-])"
_END = r"(?:$|[^0-9A-Za-z])"


def _is_nhs(candidate: str) -> float:
    return 0.9 if nhs.is_valid(candidate) else 0.0


def _is_bsn(candidate: str) -> float:
    return 0.9 if bsn.is_valid(candidate) else 0.0


def _is_idnr(candidate: str) -> float:
    return 0.9 if idnr.is_valid(candidate) else 0.0


UK_NHS = Detector(
    name="uk_nhs",
    entity="UK_NHS",
    pattern=rf"{_START}(?P<found>\d{{3}}[ \-]?\d{{3}}[ \-]?\d{{4}}){_END}",
    accept=_is_nhs,
    context=("nhs", "national health", "patient", "health service"),
    source="NHS Data Dictionary, NHS NUMBER (modulus 11)",
    examples=("NHS number 943 476 5870", "patient: 9434765870"),
    counterexamples=("NHS number 943 476 5871", "epoch 9434765870"),
)
NL_BSN = Detector(
    name="nl_bsn",
    entity="NL_BSN",
    pattern=rf"{_START}(?P<found>\d{{9}}|\d{{4}}[ .]\d{{2}}[ .]\d{{3}}){_END}",
    accept=_is_bsn,
    context=("bsn", "burgerservicenummer", "sofinummer", "burger service nummer"),
    source="Logisch ontwerp BSN, elfproef",
    examples=("BSN 111222333", "burgerservicenummer: 1112.22.333"),
    counterexamples=("BSN 111222334", "number 111222333"),
)
DE_TAX_ID = Detector(
    name="de_tax_id",
    entity="DE_TAX_ID",
    pattern=rf"{_START}(?P<found>\d{{11}}|\d{{2}} \d{{3}} \d{{3}} \d{{3}}){_END}",
    accept=_is_idnr,
    context=(
        "steuer", "steuerid", "steuer id", "steueridentifikationsnummer", "idnr", "tax id",
        "steuernummer", "identifikationsnummer", "tax identification",
    ),
    source="Bundeszentralamt für Steuern, ISO/IEC 7064 MOD 11,10",
    examples=("Steuer-ID 36 574 261 809", "tax id: 36574261809"),
    counterexamples=("Steuer-ID 36574261890", "call 36574261809"),
)  # fmt: skip
