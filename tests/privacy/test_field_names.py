from __future__ import annotations

import pytest

from pipelines.privacy.scan import Scan

SCAN = Scan()


@pytest.mark.parametrize(
    "value",
    [
        {"line": "GET / took 12 ms"},
        {"str": "some words and a number 12"},
        {"text": "hello there"},
        {"name": "orders-service"},
        {"value": "12 of 14"},
        {"host": "worker-12"},
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_name_that_says_nothing_of_a_person_makes_no_finding(value: dict[str, str]) -> None:
    assert SCAN.find_in(value) == []


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ({"address": {"line1": "12 Main Street"}}, "ADDRESS"),
        ({"address_line_1": "12 Main Street"}, "ADDRESS"),
        ({"geburtsdatum": "02.03.1981"}, "DATE_OF_BIRTH"),
        ({"userPassword": "correct horse"}, "PASSWORD"),
    ],
    ids=["parent", "snake", "German", "camel"],
)
def test_a_name_that_says_what_its_value_is_makes_one(
    value: dict[str, object], entity: str
) -> None:
    assert [finding.entity for _, finding in SCAN.find_in(value)] == [entity]
