"""Hardware addresses of network interfaces."""

from __future__ import annotations

from pipelines.detector import Detector


def _is_mac(candidate: str) -> float:
    digits = {one for one in candidate.lower() if one.isalnum()}
    separators = {one for one in candidate if not one.isalnum()}
    return 0.9 if len(digits) > 1 and len(separators) == 1 else 0.0


MAC_ADDRESS = Detector(
    name="mac_address",
    entity="MAC_ADDRESS",
    pattern=(
        r"(?:^|[^0-9A-Za-z:\-.])(?P<found>(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}"
        r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?:$|[^0-9A-Za-z:\-])"
    ),
    accept=_is_mac,
    source="IEEE 802-2014 clause 8 (EUI-48)",
    examples=("eth0 00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "001b.4411.3ab7"),
    counterexamples=("00:00:00:00:00:00", "12:30:45", "00:1b:44:11:3a:b7:c8:d9"),
)
