"""User names, passwords and tokens inside URLs."""

from __future__ import annotations

from pipelines.detector import Detector

URL_PASSWORD = Detector(
    name="url_password",
    entity="URL",
    pattern=(
        r"(?P<found>[A-Za-z][A-Za-z0-9+.\-]*://[^\s/:@\"'<>]*:[^\s/@\"'<>]+@[^\s\"'<>,;)\]}`]+)"
    ),
    score=0.95,
    source="RFC 3986 section 3.2.1 (userinfo)",
    examples=("psql postgresql://app:tide-1234@db.internal:5432/shop", "https://u:p@example.com"),
    counterexamples=("https://example.com:8080/a@b", "http://example.com/?q=a:b"),
)
URL_TOKEN = Detector(
    name="url_token",
    entity="API_KEY",
    pattern=(
        r"[?&;](?i:access_token|auth_token|id_token|refresh_token|token|api[_\-]?key|apikey"
        r"|client_secret|secret|signature|sig|session_?id|sessionid)"
        r"=(?P<found>[^\s&\"'<>#;]{6,})"
    ),
    score=0.9,
    source="RFC 6750 section 2.3 and common practice",
    examples=(
        "/login?next=/account&token=5f1c77aa09b2",
        "https://example.com/?api_key=abcdef123456",
    ),
    counterexamples=("/list?page=2&sort=name", "?token=abc"),
)
PARAMETER_PASSWORD = Detector(
    name="parameter_password",
    entity="PASSWORD",
    pattern=r"[?&;](?i:passwd|password|pwd)=(?P<found>[^\s&\"'<>#;]{6,})",
    score=0.9,
    source="RFC 3986 section 3.4 and common practice; connection strings of ODBC and ADO.NET",
    examples=("jdbc:mysql://db/app?user=app&password=ebb-flow9",),
    counterexamples=("/login?password=", "?passwordless=true1"),
)
