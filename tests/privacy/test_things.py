from __future__ import annotations

from typing import Any

import pytest

from pipelines.privacy.scan import Scan
from pipelines.privacy.things import is_of_thing, is_version

SCAN = Scan()


@pytest.mark.parametrize(
    "path",
    [
        "brand", "deviceName", "device.name", "devices[3].display_name", "productTitle",
        "order.items[0].product.name", "farbe", "Ger\u00e4t", "repo.full_name",
        "nombre_producto_marca",
    ],
)  # fmt: skip
def test_a_thing_is_told_by_its_fields_name(path: str) -> None:
    assert is_of_thing(path)


@pytest.mark.parametrize(
    "path",
    [
        "name",
        "customer.name",
        "product.author",
        "device.owner.name",
        "title",
        "first_name",
        "",
        "x",
    ],
)
def test_what_is_near_a_thing_is_none(path: str) -> None:
    assert not is_of_thing(path)


@pytest.mark.parametrize(
    "value",
    [
        {"brand": "Martin Scott"},
        {"device": {"name": "Kitchen Lamp"}},
        {"loot": [{"name": "Ruby Ring"}]},
        {"repo": {"full_name": "octo-org/octo-repo"}},
        {"resto": "Chez Marcel"},
        {"vessel": "MV Charlotte Agatha"},
    ],
    ids=str,
)
def test_a_things_name_is_no_person(value: dict[str, Any]) -> None:
    assert SCAN.find_in(value) == []


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ({"device": {"name": "the phone of Maria Gonzalez"}}, "PERSON"),
        ({"device": {"owner": "Maria Gonzalez"}}, "PERSON"),
        ({"product": "maria@example.org"}, "EMAIL_ADDRESS"),
    ],
    ids=["inside", "below", "something else"],
)
def test_somebody_in_a_things_field_is_found(value: dict[str, Any], entity: str) -> None:
    assert [one.entity for _, one in SCAN.find_in(value)] == [entity]


@pytest.mark.parametrize("path", ["version", "appVersion", "app.release", "items[2].os_build"])
def test_a_version_is_told_by_its_fields_name(path: str) -> None:
    assert is_version(path)


@pytest.mark.parametrize(
    "path", ["", "[0]", "_", "version_host", "version.host", "conversion", "x"]
)
def test_what_is_near_a_version_is_none(path: str) -> None:
    assert not is_version(path)


def test_a_version_is_no_address() -> None:
    assert SCAN.find_in({"version": "4.12.0.0", "app": {"release": "10.4.1.2"}}) == []
    found = SCAN.find_in({"version": "from 203.0.113.7", "version_host": "203.0.113.7"})
    assert [one.entity for _, one in found] == ["IP_ADDRESS", "IP_ADDRESS"]
    assert [one.entity for _, one in SCAN.find_in(["203.0.113.7"])] == ["IP_ADDRESS"]
