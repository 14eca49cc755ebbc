"""Private keys in PEM and OpenPGP armour."""

from __future__ import annotations

from pipelines.detector import Detector

_LABEL = r"(?:[A-Z0-9 ]{0,30} )?PRIVATE KEY(?: BLOCK)?"

PRIVATE_KEY = Detector(
    name="private_key",
    entity="PRIVATE_KEY",
    # up to its end, or as far as it goes: a key cut off is a key; `\n` may stand escaped
    pattern=(
        rf"-----BEGIN {_LABEL}-----"
        rf"[A-Za-z0-9+/=\s\\:,.()]*-----END {_LABEL}-----"
        rf"|-----BEGIN {_LABEL}-----[A-Za-z0-9+/=\s\\]*"
    ),
    quick=rf"-----BEGIN {_LABEL}-----",
    score=1.0,
    source="RFC 7468 section 10 and 11, RFC 9580 section 6.2",
    examples=(
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----",
        "key: -----BEGIN RSA PRIVATE KEY-----\\nMIIEow",
    ),
    counterexamples=("-----BEGIN PUBLIC KEY-----\nMCowBQ==\n-----END PUBLIC KEY-----",),
)
