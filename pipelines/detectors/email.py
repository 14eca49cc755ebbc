"""E-mail addresses."""

from __future__ import annotations

import re

from pipelines.detector import Detector

# as `mail=`; in `bounce+ada=example.com@lists.example` the sign is part of the address
_KEY = re.compile(r"[A-Za-z_][\w\-\[\].]*=(?=[^=])")
_MAX_LOCAL, _MAX_LABEL, _MAX_DOMAIN, _LEAST_TLD = 64, 63, 253, 2


def _is_address(candidate: str) -> float:
    local, _, domain = candidate.rpartition("@")
    labels = domain.split(".")
    sound = (
        0 < len(local) <= _MAX_LOCAL
        and ".." not in local
        and len(domain) <= _MAX_DOMAIN
        and all(0 < len(label) <= _MAX_LABEL for label in labels)
        and not any(label.startswith("-") or label.endswith("-") for label in labels)
    )
    top = labels[-1]
    is_name = top.isalpha() or top.lower().startswith("xn--")
    return 1.0 if sound and is_name and len(top) >= _LEAST_TLD else 0.0


def _without_its_key(candidate: str) -> tuple[int, int]:
    """Leave out what stands before an address in a query or between keys: `?id=1&email=`."""
    at = candidate.rindex("@")
    start = 1 + max(candidate.rfind(one, 0, at) for one in "|/")
    query = 1 + max(candidate.rfind(one, start, at) for one in "&?")
    key = _KEY.match(candidate, max(start, query), at)
    if key is not None:
        start = key.end()
    while start < at - 1 and candidate[start] == "'":
        start += 1
    return start, len(candidate)


EMAIL = Detector(
    name="email",
    entity="EMAIL_ADDRESS",
    # full-width and other letters are bytes above 7F here
    pattern=(
        r"[A-Za-z0-9_%+\-\x80-\xff'](?:[A-Za-z0-9._%+\-\x80-\xff'!#$&*/=?^{|}~]*"
        r"[A-Za-z0-9_%+\-\x80-\xff])?"
        r"@[A-Za-z0-9\x80-\xff][A-Za-z0-9\-\x80-\xff]*(?:\.[A-Za-z0-9\-\x80-\xff]+)+"
    ),
    accept=_is_address,
    part=_without_its_key,
    score=1.0,
    source="RFC 5321 section 4.5.3.1, RFC 5322 section 3.4.1 (dot-atom form)",
    examples=("mail ada@example.com now", "Ada.Lovelace+tag@mail.example.co.uk"),
    counterexamples=("ada@localhost", "pkg@1.2.3", "@example.com", "a@b..com"),
)
