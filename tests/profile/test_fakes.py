from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.scan import Scan
from pipelines.profile.fakes import Fakes, units

SCAN = Scan()
FAKES = Fakes(b"a secret of the tests", SCAN)


@given(st.text(max_size=60))
def test_a_fake_is_as_long_and_letters_stay_letters(text: str) -> None:
    fake = FAKES.text(text)
    assert len(fake) == len(text)
    for one, other in zip(text, fake, strict=True):
        assert one.isalpha() == other.isalpha()
        assert one.isalpha() or one.isdecimal() or one == other


@given(st.integers() | st.floats())
def test_a_number_stays_a_number(number: float) -> None:
    fake = FAKES.number(number)
    assert type(fake) is type(number)
    assert (str(fake)[:1] == "-") == (str(number)[:1] == "-") or fake == 0 or number == 0


def test_equal_values_get_equal_fakes_and_secrets_other_ones() -> None:
    assert FAKES.text("customer-17") == FAKES.text("customer-17")
    assert FAKES.text("customer-17") != FAKES.text("customer-17", 1)
    assert FAKES.text("customer-17") != Fakes(b"another", SCAN).text("customer-17")


def test_moments_stay_moments_and_words_of_protocols_what_they_are() -> None:
    datetime.fromisoformat(FAKES.text("2026-03-02T08:00:01.5Z"))
    datetime.strptime(FAKES.text("02/Mar/2026:08:00:01"), "%d/%b/%Y:%H:%M:%S")  # noqa: DTZ007
    assert re.fullmatch(r"GET /\w{4} HTTP/1.1", FAKES.text("GET /shop HTTP/1.1"))
    assert list(units("GET /a 2026-03-02")) == [(5, 6), (7, 17)]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("mail ada@example.com today", "EMAIL_ADDRESS"),
        ("card 4111 1111 1111 1111", "CREDIT_CARD"),
        ("to DE89 3704 0044 0532 0130 00 please", "IBAN_CODE"),
        ("call +1 415 555 0133 now", "PHONE_NUMBER"),
        ("from 203.0.113.9 again", "IP_ADDRESS"),
    ],
)
def test_what_is_found_gets_a_fake_that_is_found_as_well(text: str, entity: str) -> None:
    fake, replaced = FAKES.personal(text, "note")
    ((original, stand_in),) = replaced
    assert original in text
    assert original not in fake
    (found,) = SCAN.find(fake)
    assert (found.entity, fake[found.start : found.end]) == (entity, stand_in)


def test_a_card_known_by_its_field_is_a_card_in_text_too() -> None:
    fake, _ = FAKES.personal("4111111111111111", "card.number")
    again, _ = FAKES.personal("card 4111111111111111", "note")
    assert again == f"card {fake}"
    assert SCAN.find(again)
