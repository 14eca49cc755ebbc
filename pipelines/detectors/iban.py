"""International Bank Account Numbers."""

from __future__ import annotations

from stdnum import iban

from pipelines.detector import Detector


def _is_iban(candidate: str) -> float:
    return 1.0 if iban.is_valid(candidate, check_country=False) else 0.0


IBAN = Detector(
    name="iban",
    entity="IBAN_CODE",
    pattern=(
        r"(?:^|[^0-9A-Za-z])(?P<found>[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}"
        r"(?:[ \-]?[A-Z0-9]{1,4})?)(?:$|[^0-9A-Za-z])"
    ),
    quick=r"(?:^|[^0-9A-Za-z])[A-Z]{2}\d{2}[ \-]?[A-Z0-9]{4}[ \-]?[A-Z0-9]{4}",
    accept=_is_iban,
    score=1.0,
    source="ISO 13616-1:2020 (MOD 97-10 of ISO/IEC 7064; lengths of the SWIFT registry)",
    examples=("pay GB82 WEST 1234 5698 7654 32, please", "DE89370400440532013000"),
    counterexamples=("GB82 WEST 1234 5698 7654 33", "ORDER-2024-00017", "ab12 cdef ghij klmn"),
)
