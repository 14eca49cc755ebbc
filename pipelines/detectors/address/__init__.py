"""Postal addresses in prose: a house number with a street, up to a postcode and a country."""

from __future__ import annotations

from pipelines.detectors.address.postal import POSTAL
from pipelines.detectors.address.street import (
    CORNER,
    NUMBER_STREET,
    STREET_AND_UNIT,
    STREET_NUMBER,
)
from pipelines.detectors.address.told import TOLD

ADDRESSES = (*TOLD, NUMBER_STREET, STREET_NUMBER, STREET_AND_UNIT, CORNER, *POSTAL)
