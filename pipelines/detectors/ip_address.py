"""IP addresses, version 4 and 6."""

from __future__ import annotations

import ipaddress
import re

from pipelines.detector import Detector

_HEX, _V4 = r"[0-9A-Fa-f]{1,4}", r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_LEAST_GROUPS = 2


_ANY = "0.0.0.0"  # noqa: S104 - of RFC 791's "this network" the only address that is written
_OF_VERSIONS = r"(?:(?i:(?:[A-Za-z]*version|section)\W{1,3}))?"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_V4_EXACTLY = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:/(?:3[0-2]|[0-2]?[0-9]))?")


def _v4(candidate: str) -> tuple[int, int] | None:
    """Return an address; nothing where what stands before it says that it is a version."""
    if not candidate[0].isdigit():
        return len(candidate), len(candidate)
    is_nowhere = candidate.startswith("0.") and candidate.partition("/")[0] != _ANY
    is_address = _V4_EXACTLY.fullmatch(candidate) is not None and not is_nowhere
    return (0, len(candidate)) if is_address else None


def _is_v6(candidate: str) -> float:
    try:
        address = ipaddress.IPv6Interface(candidate)
    except ValueError:
        return 0.0
    groups = [group for group in candidate.split(":") if group]
    # `ab::cd` is how programs name things; an address has digits or more groups
    telling = any(one.isdigit() for one in candidate) or len(groups) > _LEAST_GROUPS
    enough = len(groups) >= _LEAST_GROUPS or address.ip.is_loopback or "::/" in candidate
    return 0.9 if enough and telling else 0.0


IP_V4 = Detector(
    name="ip_v4",
    entity="IP_ADDRESS",
    # `Chrome/126.0.0.0`, `v1.2.3.4`, `rv:1.9.2.20` are versions: no letter, dash, or slash before
    pattern=(
        rf"(?:^:?|[^0-9A-Za-z._/\-:]|[^v]:|//|[^0-9A-Za-z._\-]/)(?P<found>{_OF_VERSIONS}{_V4}(?:/\d{{1,2}})?)"
        r"(?:$|[^0-9A-Za-z._\-]|\.(?:$|[^0-9A-Za-z]))"
    ),
    part=_v4,
    score=0.9,
    source="RFC 791; dotted form of RFC 6943 section 3.1.1",
    examples=(
        "from 203.0.113.7.",
        "http://198.51.100.23:8080/",
        '"192.0.2.1"',
        "src: /192.0.2.7:50010",
    ),
    counterexamples=(
        "Chrome/126.0.0.0",
        "v1.2.3.4",
        "rv:1.9.2.20",
        "1.2.3.4.5",
        "256.1.1.1",
        "0.0.0.012",
        'AssemblyVersion("4.12.0.0")',
        "wcp.dll version 0.0.0.6",
        "see section 5.1.1.2",
    ),
)
IP_V6 = Detector(
    name="ip_v6",
    entity="IP_ADDRESS",
    pattern=(
        r"(?:^|[^0-9A-Za-z:.])(?P<found>(?:"
        rf"(?:{_HEX}:){{6}}(?:{_V4}|{_HEX}:{_HEX})"
        rf"|(?:{_HEX}:){{1,6}}:(?:{_HEX}:){{0,5}}(?:{_V4}|{_HEX})"
        rf"|::(?:{_HEX}:){{0,6}}(?:{_V4}|{_HEX})|(?:{_HEX}:){{2,7}}:)(?:/\d{{1,3}})?"
        r"|[0-9A-Fa-f]{4}::/\d{1,3})"
        r"(?:$|[^0-9A-Za-z:.]|\.(?:$|[^0-9A-Za-z]))"
    ),
    quick=rf"(?:^|[^0-9A-Za-z:.])(?:(?:{_HEX}:){{6}}[0-9A-Fa-f]|(?:{_HEX}:){{1,7}}:[0-9A-Fa-f]|::[0-9A-Fa-f]|(?:{_HEX}:){{2,7}}:|[0-9A-Fa-f]{{4}}::/)",
    accept=_is_v6,
    source="RFC 4291 section 2.2",
    examples=(
        "2001:db8::8a2e:370:7334 answers",
        "2001:db8:0:0:0:0:0:1",
        "at ::1",
        "::ffff:192.0.2.128",
        "2001:db8::/32",
        "fe80::/10",
    ),
    counterexamples=("08:14:55", "std::vector", "ab::cd", "::", "00:1b:44:11:3a:b7"),
)
