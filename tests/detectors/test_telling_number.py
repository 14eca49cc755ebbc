from __future__ import annotations

import pytest

from pipelines.detectors.telling_number import TELLING_NUMBERS
from pipelines.privacy.scan import Scan

SCAN = Scan(TELLING_NUMBERS)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("pay 16.727.230/0001-97 today", "TAX_ID"),
        ("AHV 756.9217.0769.85", "NATIONAL_ID"),
        ("(S2740116C)", "SG_NRIC_FIN"),
        ("from 912-70-3466, filed", "US_ITIN"),
        ("1EG4TE5MK73", "US_MBI"),
    ],
)
def test_form_and_check_digit_need_no_word_beside_them(text: str, entity: str) -> None:
    assert [one.entity for one in SCAN.find(text)] == [entity]
    assert SCAN.suspicious([text.encode()]) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "390.533.447-06", "756.9217.0769.84", "S2740116D", "912-93-3466",
        "20240101A and 20260302T", "081109 203615 148", "1772438400000", "10.4.2-12345678",
        "7f3c9a7b-1d2e-4f5a-9b8c-0d1e2f3a4b5c", "/16.727.230/0001-97/x",
    ],
)  # fmt: skip
def test_a_wrong_check_digit_a_day_and_pieces_of_longer_codes_are_quiet(text: str) -> None:
    assert SCAN.find(text) == []
