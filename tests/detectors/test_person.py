from __future__ import annotations

import pytest

from pipelines.detectors.person import PERSONS
from pipelines.privacy.scan import Scan

SCAN = Scan(PERSONS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('she shouted at Tamara: "what?"', "Tamara"),
        ("there were six: Tamara and others", "Tamara"),
        ("people call me Quorin", "Quorin"),
        ("your last name? Achterop", "Achterop"),
        ("then Mark said that it broke", "Mark"),
        ("my name is tamara kowalski and i wait", "tamara kowalski"),
    ],
)
def test_a_name_is_found_by_what_stands_around_it(text: str, name: str) -> None:
    assert [text[one.start : one.end] for one in SCAN.find(text)] == [name]
    assert SCAN.suspicious([f'{{"x":"{text}"}}'.replace('"what?"', "what").encode()]) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "he is from Tamara Ltd.", "shows on Tamara Street were good", "the module PAM: failed",
        "Mark it as read", "the field name is missing", "my name is too long",
    ],
)  # fmt: skip
def test_companies_streets_codes_and_other_words_are_no_people(text: str) -> None:
    assert SCAN.find(text) == []
