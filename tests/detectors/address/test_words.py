from __future__ import annotations

import pytest

from pipelines.detectors.address import ADDRESSES
from pipelines.privacy.scan import Scan

SCAN = Scan(ADDRESSES)


@pytest.mark.parametrize(
    ("before", "address", "behind"),
    [
        ("moved to ", "44 Kingfisher Crescent, Bristol BS8 4TH", " last week."),
        ("", "Flat 3, 18 Wellington Terrace, Edinburgh EH7 5AA", "."),
        ("an ", "Hauptstr. 27a, 80331 München", ""),
        ("Livraison au ", "8 bis, rue Victor Hugo, 69002 Lyon", "."),
        ("Vivo en ", "Calle Gran Vía 28, 3º B, 28013 Madrid", "."),
        ("Abito in ", "Via Giuseppe Verdi 14, 20121 Milano", " (MI)."),
        ("", "Kerkstraat 102-II, 1017 GP Amsterdam", ""),
        ("", "ul. Marszałkowska 84/92 m. 12, 00-514 Warszawa", ""),
        ("", "Storgatan 12 B, 411 24 Göteborg", ""),
        ("visit ", "350 Fifth Avenue, 21st Floor, New York, NY 10118", " today"),
        ("", "PO Box 7812, Canberra BC ACT 2610", ""),
        ("", "12/3 MG Road, Bengaluru 560001", ""),
        ("Ada lives at ", "39 Rue du Moulin 108", ", Mainvault"),
    ],
)
def test_an_address_is_one_finding_up_to_its_postcode(
    before: str, address: str, behind: str
) -> None:
    text = before + address + behind

    found = [text[one.start : one.end] for one in SCAN.find(text)]

    assert found == [address]


def test_lines_of_an_envelope_are_a_finding_each() -> None:
    text = "Ada Lovelace\n\n12 Gullregn 49\n Apt. 12\n Riverton\n Norway 1234"

    found = [(one.entity, text[one.start : one.end]) for one in SCAN.find(text)]

    assert found == [
        ("ADDRESS", "12 Gullregn 49"),
        ("ADDRESS", "Apt. 12"),
        ("LOCATION", "Riverton"),
        ("LOCATION", "Norway"),
        ("ZIP_CODE", "1234"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I drove 12 miles down the road and turned left on Main Street.",
        "The 2024 Drive to Survive season has 10 episodes.",
        "In 2019 Wall Street fell by 3 percent.",
        "We shipped to 12 Customers in 2023 and 14 in 2024.",
        "Room 12 is booked, Suite 4 of the tests passed.",
        "the meeting is at 10:30 on 12 June 2026",
        "Order 55 Blue Shirts 12 pieces to the office.",
        "at com.example.Main.run(Main.java:12) 3 more",
        "upgraded to 3 Nodes in 12 minutes",
        "deployed to 10 Pods, 4 Regions",
    ],
)
def test_numbers_among_capitals_are_no_address(text: str) -> None:
    assert SCAN.find(text) == []
