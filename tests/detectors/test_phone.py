from __future__ import annotations

import pytest

from pipelines.detectors.phone import (
    PHONE_ALONE,
    PHONE_GROUPED,
    PHONE_IN_CONTEXT,
    PHONE_SPOKEN,
    PHONES,
    with_regions,
)
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


USUAL = Scan(PHONES)


@pytest.mark.parametrize(
    ("region", "text", "number"),
    [
        ("ES", "nos vemos, 612 345 678.", "612 345 678"),
        ("DK", "skriv til 32 12 34 56 i dag", "32 12 34 56"),
        ("NO", "ring meg: mobil 41234567", "41234567"),
        ("US", "it was (415) 555-0133", "(415) 555-0133"),
        ("CA", "it was (604) 555-0133", "(604) 555-0133"),
    ],
)
def test_the_national_numbers_of_the_regions_named_are_read(
    region: str, text: str, number: str
) -> None:
    scan = USUAL.with_detectors((), [region])

    assert [text[one.start : one.end] for one in scan.find(text)] == [number]
    assert scan.suspicious([f'{{"x":"{text}"}}'.encode()]) == [0]


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("DE", "nos vemos, 612 345 678."),
        ("DE", "it was (415) 555-0133"),
        ("ES", "see 0917-123-4567 please"),
        ("ES", "offsets 112 345 678 and 612.345.678"),
        ("ES", "2026-03-02 12 34"),
    ],
)
def test_those_of_other_regions_are_not(region: str, text: str) -> None:
    assert USUAL.with_detectors((), [region]).find(text) == []


def test_a_number_with_its_country_code_is_found_for_all_regions() -> None:
    (found,) = USUAL.with_detectors((), ["DE"]).find("ring +1 415 555 0133 today")

    assert found.entity == "PHONE_NUMBER"


def test_other_detectors_stay_as_they_are() -> None:
    changed = with_regions(with_regions((PHONE_GROUPED, *PHONES), ["ES"]), ["DE"])

    assert [one.name for one in changed].count("phone_in_groups") == 1
    assert len(changed) == len(PHONES) + 2
