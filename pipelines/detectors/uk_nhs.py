"""Numbers of the patients of the British health service."""

from __future__ import annotations

from stdnum.gb import nhs

from pipelines.detector import Detector

_START = r"(?:^|[^0-9A-Za-z+.\-])"
_END = r"(?:$|[^0-9A-Za-z])"


def _is_nhs(candidate: str) -> float:
    return 0.9 if nhs.is_valid(candidate) else 0.0


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
