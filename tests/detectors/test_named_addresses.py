from __future__ import annotations

from typing import Any

import pytest

from pipelines.privacy.scan import Scan

SCAN = Scan()


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ({"email": "ada@localhost"}, "EMAIL_ADDRESS"),
        ({"e_post": "ada (at) example.com"}, "EMAIL_ADDRESS"),
        ({"correo_electronico": "ada at example.com"}, "EMAIL_ADDRESS"),
        ({"src_ip": 3_232_235_777}, "IP_ADDRESS"),
        ({"clientIp": "10.0.0.300"}, "IP_ADDRESS"),
        ({"deviceMac": "001b44113ab7"}, "MAC_ADDRESS"),
        ({"bssid": "001b.4411.3ab7"}, "MAC_ADDRESS"),
    ],
    ids=str,
)
def test_an_address_in_an_odd_form_is_one_where_the_name_says_so(
    value: dict[str, Any], entity: str
) -> None:
    assert [finding.entity for _, finding in SCAN.find_in(value)] == [entity]


@pytest.mark.parametrize(
    "value",
    [
        {"email": "not set up yet"},
        {"mail": "queue-7"},
        {"ip": 12_345},
        {"ip": "10.0.0.xxx"},
        {"mac": "macOS"},
        {"seq": 3_232_235_777},
        {"build": "001b44113ab7"},
    ],
    ids=str,
)
def test_other_values_and_other_names_are_quiet(value: dict[str, Any]) -> None:
    assert SCAN.find_in(value) == []
