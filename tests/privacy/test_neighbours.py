from __future__ import annotations

from typing import Any

import orjson
import pytest

from pipelines.privacy.scan import Scan
from tests.support.gated import compiled, through

SCAN = Scan()
GATE = compiled()
TOLD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "phone", "value": "5551234"},
        {"type": "phone", "value": "<PHONE_NUMBER>"},
    ),
    (
        {"name": "ssn", "value": 536904399},
        {"name": "ssn", "value": "<US_SSN>"},
    ),
    (
        {"val": "ada@localhost", "key": "email"},
        {"val": "<EMAIL_ADDRESS>", "key": "email"},
    ),
    (
        {"label": "First name", "answer": "Ada"},
        {"label": "First name", "answer": "<PERSON>"},
    ),
    (
        {"field": "lastName", "old_value": "Achterop", "newValue": "Zonder"},
        {"field": "lastName", "old_value": "<PERSON>", "newValue": "<PERSON>"},
    ),
    (
        {"telecom": [{"system": "phone", "value": "5551234"}, {"system": "x", "value": "5551234"}]},
        {
            "telecom": [
                {"system": "phone", "value": "<PHONE_NUMBER>"},
                {"system": "x", "value": "5551234"},
            ]
        },
    ),
    (
        {"prenom": "Lise", "nom": "Walder"},
        {"prenom": "<PERSON>", "nom": "<PERSON>"},
    ),
    (
        {"name": "Lise Walderop", "email": "lise@example.com"},
        {"name": "<PERSON>", "email": "<EMAIL_ADDRESS>"},
    ),
    (
        {"documentType": "passport", "documentNumber": "X1234567"},
        {"documentType": "passport", "documentNumber": "<PASSPORT>"},
    ),
    (
        {"street": "Main Street 3", "zip": "12345", "line2": "Back House 7"},
        {"street": "<ADDRESS>", "zip": "<ZIP_CODE>", "line2": "<ADDRESS>"},
    ),
    (
        {"note": orjson.dumps({"type": "phone", "value": "5551234"}).decode()},
        {"note": orjson.dumps({"type": "phone", "value": "<PHONE_NUMBER>"}).decode()},
    ),
]


@pytest.mark.parametrize(("value", "clean"), TOLD, ids=str)
def test_a_field_is_read_by_the_name_that_those_beside_it_tell(
    value: dict[str, Any], clean: dict[str, Any]
) -> None:
    assert SCAN.find_in(value) != []
    assert SCAN.suspicious([orjson.dumps(value)]) == [0]
    assert through(GATE, value).value == clean


@pytest.mark.parametrize(
    "value",
    [
        {"type": "counter", "value": 5551234},
        {"name": "cpu", "value": "5551234"},
        {"type": None, "value": "5551234"},
        {"type": "x" * 100, "value": "5551234"},
        {"nom": "Tuyau", "prix": 12},
        {"line1": "Back House 7"},
        {"name": "Weekly Report", "status": "sent"},
    ],
    ids=str,
)
def test_other_company_tells_nothing(value: dict[str, Any]) -> None:
    assert SCAN.find_in(value) == []
    assert through(GATE, value).value == value


def test_a_rule_for_the_field_itself_stands() -> None:
    gate = compiled({"fields": {"value": {"keep": {}}}})

    assert through(gate, {"type": "phone", "value": "5551234"}).value["value"] == "5551234"


def test_a_rule_for_a_field_of_the_name_told_does_not_spare_another() -> None:
    gate = compiled({"fields": {"phone": {"keep": {}}}})

    clean = through(gate, {"type": "phone", "value": "5551234", "phone": "5551235"}).value

    assert clean == {"type": "phone", "value": "<PHONE_NUMBER>", "phone": "5551235"}
