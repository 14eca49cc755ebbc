from __future__ import annotations

import pytest

from pipelines.detectors.phone import PHONE_ALONE, PHONE_GROUPED, PHONE_IN_CONTEXT, PHONE_SPOKEN
from pipelines.privacy.scan import Scan

SCAN = Scan((PHONE_GROUPED, PHONE_ALONE, PHONE_IN_CONTEXT, PHONE_SPOKEN))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("see 0917-123-4567 please", "0917-123-4567"),
        ("(02) 9374 4000", "(02) 9374 4000"),
        ("she called from 08-525 628 37 twice", "08-525 628 37"),
        ("Contact Ada Lovelace at 0181608328 or later", "0181608328"),
        ("bitte unter 0455174456 anrufen", "0455174456"),
        ("09171234567", "09171234567"),
    ],
)
def test_a_national_number_is_found_in_whole(text: str, number: str) -> None:
    (found,) = SCAN.find(text)

    assert text[found.start : found.end] == number
    assert SCAN.suspicious([f'{{"x":"{text}"}}'.encode()]) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "0000 0012 3456", "00 01 02 03 04 05", "01.02.2026 12345", "order 09171234567 is late",
        "000000012345", "0.9171 2345", "12 0917 123 45", "x0917-123-4567",
    ],
)  # fmt: skip
def test_what_only_begins_with_a_zero_is_quiet(text: str) -> None:
    assert SCAN.find(text) == []
