"""International Bank Account Numbers."""

from __future__ import annotations

import re

from stdnum import iban

from pipelines.detector import Detector

_PIECE = re.compile(r"[ \-]?[0-9A-Za-z]+")


def _iban_in(candidate: str) -> tuple[int, int] | None:
    """Return the longest beginning that is one: a word in capitals may stand behind it."""
    ends = [match.end() for match in _PIECE.finditer(candidate)]
    for end in reversed(ends):
        if iban.is_valid(candidate[:end], check_country=False):
            return 0, end
    return None


IBAN = Detector(
    name="iban",
    entity="IBAN_CODE",
    pattern=(
        r"(?:^|[^0-9A-Za-z])(?P<found>[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}"
        r"(?:[ \-]?[A-Z0-9]{1,4})?)(?:$|[^0-9A-Za-z])"
    ),
    quick=r"(?:^|[^0-9A-Za-z])[A-Z]{2}\d{2}[ \-]?[A-Z0-9]{4}[ \-]?[A-Z0-9]{4}",
    part=_iban_in,
    score=1.0,
    source="ISO 13616-1:2020 (MOD 97-10 of ISO/IEC 7064; lengths of the SWIFT registry)",
    examples=("pay GB82 WEST 1234 5698 7654 32, please", "DE89370400440532013000"),
    counterexamples=("GB82 WEST 1234 5698 7654 33", "ORDER-2024-00017", "ab12 cdef ghij klmn"),
)
IBAN_LOWER = Detector(
    name="iban_lower",
    entity="IBAN_CODE",
    pattern=(
        r"(?:^|[^0-9A-Za-z])(?P<found>[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]{4}){2,7}"
        r"(?:[ \-]?[A-Za-z0-9]{1,4})?)(?:$|[^0-9A-Za-z])"
    ),
    part=_iban_in,
    score=0.95,
    context=("iban",),
    source="ISO 13616-1:2020, as people type it",
    examples=("my iban is gb82west12345698765432",),
    counterexamples=("iban gb82west12345698765433", "id gb82west12345698765432"),
)
