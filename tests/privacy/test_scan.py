from __future__ import annotations

from typing import Any

import orjson
import pytest

from pipelines.detectors import FIELDS
from pipelines.privacy.scan import Scan

SCAN = Scan()


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ({"ssn": 123456789}, "US_SSN"),
        ({"pin": 4711}, "PASSWORD"),
        ({"cvv": 123}, "CREDIT_CARD"),
        ({"plz": 10115}, "ZIP_CODE"),
        ({"kundennummer": "K-2231"}, "CUSTOMER_NUMBER"),
        ({"loyaltyNo": "LH99120334"}, "CUSTOMER_NUMBER"),
        ({"pwd": "geheim"}, "PASSWORD"),
        ({"mot_de_passe": "chocolat"}, "PASSWORD"),
        ({"contraseña": "hola1234"}, "PASSWORD"),
        ({"wachtwoord": "geheim"}, "PASSWORD"),
        ({"senha": "abacaxi"}, "PASSWORD"),
        ({"haslo": "tajne"}, "PASSWORD"),
        ({"vorname": "Jörg"}, "PERSON"),
        ({"customer": {"name": "Wei Zhang"}}, "PERSON"),
        ({"name": {"first": "Ada"}}, "PERSON"),
        ({"prenom": "Amélie"}, "PERSON"),
        ({"cognome": "Rossi"}, "PERSON"),
        ({"telefoonnummer": "0612345678"}, "PHONE_NUMBER"),
        ({"msisdn": 4915112345678}, "PHONE_NUMBER"),  # which would be a card, too
        ({"phone": {"home": "555-0100-22"}}, "PHONE_NUMBER"),
        ({"dateOfBirth": "12.3.84"}, "DATE_OF_BIRTH"),
        ({"data_nascita": "1985-08-01"}, "DATE_OF_BIRTH"),
        ({"fecha_nacimiento": "12/03/1984"}, "DATE_OF_BIRTH"),
        ({"indirizzo": "Via Roma 1"}, "ADDRESS"),
        ({"clientSecret": "abcDEF123456"}, "API_KEY"),
        ({"DRIVER_LICENCE": "D1234567"}, "DRIVER_LICENSE"),
    ],
    ids=str,
)
def test_a_field_s_name_says_what_it_holds(value: dict[str, Any], entity: str) -> None:
    assert entity in {finding.entity for _, finding in SCAN.find_in(value)}
    assert SCAN.suspicious([orjson.dumps(value)]) == [0]


@pytest.mark.parametrize(
    "value",
    [
        {"file_name": "report.pdf"},
        {"product_name": "Blue Shirt"},
        {"token_count": 5_000_000},
        {"password_changed_at": "2026-03-02"},
        {"phone_verified": True},
        {"address": "0x0001f"},
        {"password": "<PASSWORD>"},
        {"password": "password"},
        {"api_key": None},
        {"next_token": "abcdef123456"},
        {"license": "Apache-2.0"},
        {"licenses": ["GPL-3.0-only", "CC-BY-4.0"]},
        {"user_agent": "Firefox"},
        {"count": 123_456_789},
    ],
    ids=str,
)
def test_a_name_about_something_else_is_quiet(value: dict[str, Any]) -> None:
    assert SCAN.find_in(value) == []


def test_each_kind_of_field_makes_its_record_suspicious() -> None:
    values = {
        "PERSON": "Ada Lovelace", "USERNAME": "ada99", "DATE_OF_BIRTH": "1984-03-12",
        "ADDRESS": "12 Main Street", "ZIP_CODE": "10115", "LOCATION": "Paphos",
    }  # fmt: skip
    for field in FIELDS:
        value = values.get(field.entity, "A1234567890123456")
        name = field.names[0].replace(" ", "_")
        record: Any = {field.below[0]: {name: value}} if field.below else {name: value}
        if SCAN.find_in(record):
            assert SCAN.suspicious([orjson.dumps(record)]) == [0], field


def test_more_findings_than_one_can_count_are_a_single_one() -> None:
    (found,) = SCAN.find("a@example.com " * 3000)

    assert (found.start, found.entity) == (0, "EMAIL_ADDRESS")
