"""Addresses of crypto currencies: Bitcoin with its checksums, Ethereum and Monero where named."""

from __future__ import annotations

from stdnum import bitcoin

from pipelines.detector import Detector


def _is_bitcoin(candidate: str) -> float:
    return 1.0 if bitcoin.is_valid(candidate) else 0.0


BITCOIN = Detector(
    name="bitcoin",
    entity="CRYPTO",
    pattern=(
        r"(?:^|[^0-9A-Za-z])(?P<found>[13][1-9A-HJ-NP-Za-km-z]{25,34}"
        r"|(?i:bc1)[02-9ac-hj-np-zAC-HJ-NP-Z]{11,71})(?:$|[^0-9A-Za-z])"
    ),
    family="keys",
    accept=_is_bitcoin,
    score=1.0,
    source="Bitcoin Improvement Proposals 13, 173 and 350 (Base58Check, Bech32, Bech32m)",
    examples=("send to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT",),
    counterexamples=("1BoatSLRHtKNngkdXEeobR76b53LETtpyU", "3f1c9a7be04d25863f1c9a7be04d2586"),
)
ETHEREUM = Detector(
    name="ethereum",
    entity="CRYPTO",
    pattern=r"(?:^|[^0-9A-Za-z])(?P<found>0x[0-9a-fA-F]{40})(?:$|[^0-9A-Za-z])",
    score=0.9,
    source="Ethereum yellow paper, section 4.1 (addresses of 160 bits)",
    examples=("to 0x52908400098527886E0F7030069857D2E4169EE7",),
    counterexamples=("0x5290840009852788",),
)
