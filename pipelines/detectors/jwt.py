"""JSON Web Tokens."""

from __future__ import annotations

import base64
import binascii
import json

from pipelines.detector import Detector


def _is_token(candidate: str) -> float:
    header = candidate.split(".", 1)[0]
    try:
        decoded = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (binascii.Error, ValueError):
        return 0.0
    return 1.0 if isinstance(decoded, dict) and ("alg" in decoded or "enc" in decoded) else 0.0


JWT = Detector(
    name="jwt",
    entity="JWT",
    pattern=r"eyJ[A-Za-z0-9_\-]{6,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*){1,3}",
    accept=_is_token,
    score=1.0,
    source="RFC 7519, RFC 7515 section 7.1, RFC 7516 section 7.1",
    examples=(
        # made of the header and claims of RFC 7519 section 3.1
        "Bearer " + "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" + "."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODB9" + "."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    ),
    counterexamples=("eyJub3QiOiJhIHRva2VuIn0.abc.def", "eyJ.a.b"),
)
