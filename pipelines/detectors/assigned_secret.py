"""Passwords and keys assigned to a telling name, in code, configuration, logs and prose."""

from __future__ import annotations

import math
import re
from collections import Counter

from pipelines.detector import Detector
from pipelines.placeholder import is_placeholder

_AFTER_NAME = (
    r"[\w.\-]*[\"'\])]*\s*(?:: ?[A-Za-z\[\]]+ ?|[A-Za-z]+ )?"
    r"(?::{1,3}=|[?.+|]=|=>|==?|:|\|\|:|<=|->|,|>)\s*(?:[a-z@]?[\"'`])?"
)
_SOLID = r"[A-Za-z0-9_+/=\-.~!@#$%^&*]{10}"
_PHRASE = (
    r"(?:passw(?:or)?d|passphrase|passwort|pwd|pswd|kennwort|mot[_\-]?de[_\-]?passe"
    r"|contrasena|senha|wachtwoord|passcode)"
)
_KEY = (
    r"(?:secret|token|api[_\- ]?key|access[_\-]?key|auth[_\-]?key|private[_\-]?key|signing[_\-]?key"
    r"|encryption[_\-]?key|client[_\-]?key|account[_\-]?key|master[_\-]?key|service[_\-]?key"
    r"|deploy[_\-]?key|app[_\-]?key|storage[_\-]?key|credentials?"
    r"|creds|authorization|bearer|auth|key|webhook)"
)
_END = r"(?:$|[^A-Za-z0-9_+/=\-.~])"
_CODE = re.compile(
    r"[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+(?:[(\[].*)?|[A-Za-z_]\w*[(\[].*|[a-z]+(?:[_\-./][a-z]+)+\d?"
    r"|[A-Z]+(?:_[A-Z]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+\d?|[a-z]+(?:[A-Z][a-z]+)+\d?|v?\d+(?:\.\d+)+.*|\d{1,4}-\d\d-\d\d.*|[\d.,:\-]+"
    r"|(?:https?|s3|file|arn|urn|git)://?.*|arn:.*|[.~]?/[\w.\-]+/.*|[\w\-]+\.(?:py|js|ts|go|rs|java|json|ya?ml|toml|txt|md|html|pem|crt|key|cfg|conf|ini|sh)|sha\d{1,3}[:\-].*"
)
_LEAST_ENTROPY, _LEAST_KEY, _LEAST_PASSWORD, _MOST_RUN = 3.0, 10, 4, 8
_SYMBOLS = frozenset("!@#$%^&*?+=~.-_/\\|")


def _entropy(text: str) -> float:
    """Return the bits a character that the text holds by its own distribution."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None or value.isdigit()


def _is_password(candidate: str) -> float:
    value = candidate.strip("\"'`")
    if len(value) < _LEAST_PASSWORD or is_placeholder(value) or _is_code(value):
        return 0.0
    digits = any(one.isdigit() for one in value)
    letters = any(one.isalpha() for one in value)
    symbols = any(one in _SYMBOLS for one in value)
    mixed = any(one.islower() for one in value) and any(one.isupper() for one in value)
    return 0.9 if letters and (digits or (symbols and mixed) or (symbols and "!" in value)) else 0.0


def _is_key(candidate: str) -> float:
    value = candidate.strip("\"'`")
    if len(value) < _LEAST_KEY or is_placeholder(value) or _is_code(value):
        return 0.0
    digits = sum(one.isdigit() for one in value)
    letters = sum(one.isalpha() for one in value)
    mixed = value != value.lower() and value != value.upper()
    told = (digits > 1 and letters > 1) or (mixed and len(value) >= 20 and digits)  # noqa: PLR2004
    runs = max(len(one) for one in re.split(r"[^a-z]+|(?<=[a-z])(?=[A-Z])", value))
    scattered = runs <= _MOST_RUN or digits * 6 >= len(value)
    return 0.85 if told and scattered and _entropy(value) >= _LEAST_ENTROPY else 0.0


def _is_pair(candidate: str) -> float:
    user, _, password = candidate.strip("\"'").partition(":")
    return 0.0 if is_placeholder(password or user) or password.startswith("$") else 0.9


ASSIGNED_PASSWORD = Detector(
    name="assigned_password",
    entity="PASSWORD",
    pattern=(
        rf"(?i:{_PHRASE}){_AFTER_NAME}"
        r"(?P<found>[^\s\"'`,;<>(){}\[\]]{4,})"
    ),
    quick=rf"(?i:{_PHRASE}){_AFTER_NAME}[^\s\"'`,;<>(){{}}\[\]]{{4}}",
    accept=_is_password,
    score=0.9,
    source="CWE-798 (use of hard-coded credentials); common practice of configuration files",
    examples=("DB_PASSWORD=Tide7-harbour", 'password: "ebb+flow9"', "pwd := 'n0rthwind'"),
    counterexamples=(
        "password = get_password()", "password: str = None", "password=***", "pwd: /srv/ada1/x",
        'password = os.environ["DB_PASSWORD"]', "passwordLength: 12", "password=${DB_PASS}",
    ),
)  # fmt: skip
SPOKEN_PASSWORD = Detector(
    name="spoken_password",
    entity="PASSWORD",
    pattern=(
        rf"(?i:(?:{_PHRASE}|PIN(?: code)?)(?: (?:is|was|to|now|ist|lautet|est|es|:))+:? )"
        r"[\"'`]?(?P<found>[^\s\"'`,;<>(){}\[\]]{4,})"
    ),
    accept=_is_password,
    score=0.85,
    source="how people write of passwords in mails and tickets",
    examples=("my password is n0rthwind!", "Das Passwort lautet Flut2026x"),
    counterexamples=("the password is wrong", "password is required"),
)
ASSIGNED_KEY = Detector(
    name="assigned_key",
    entity="API_KEY",
    pattern=(
        rf"(?i:{_KEY}){_AFTER_NAME}(?i:(?:Bearer|Basic|Token) )?"
        r"(?P<found>[A-Za-z0-9_+/=\-.~!@#$%^&*]{10,})"
    ),
    quick=rf"(?i:{_KEY}){_AFTER_NAME}(?i:(?:Bearer|Basic|Token) )?{_SOLID}",
    accept=_is_key,
    score=0.85,
    source="CWE-798 (use of hard-coded credentials); common practice of configuration files",
    examples=('api_key = "9f8a7c6b5d4e3f2a1b0c"', "AUTH_TOKEN=q7K2pW9xZ4mN8vB1",
        "secret: 'kJ8s7Dh2Lq0Z'"),
    counterexamples=(
        "token = request.headers", "key: customer_id", "api_key=YOUR_API_KEY",
        "key = some_function_name",
        'token = "next-page"', "secret = None", "key: 2026-03-02", "auth: required",
    ),
)  # fmt: skip
BEARER = Detector(
    name="bearer",
    entity="API_KEY",
    pattern=r"(?i:bearer|basic|token)[ \t]{1,3}(?P<found>[A-Za-z0-9_+/=\-.~]{16,})",
    accept=_is_key,
    score=0.85,
    source="RFC 6750 section 2.1, RFC 7617",
    examples=("Authorization: Bearer q7K2pW9xZ4mN8vB1Lr",),
    counterexamples=("bearer of good news", "basic configuration-reference"),
)
CURL_USER = Detector(
    name="curl_user",
    entity="PASSWORD",
    pattern=(
        r"curl [^\n]*(?:-u ?|--user[ =])(?P<found>\"[^\"\s]*:[^\"\s]+\"|'[^'\s]*:[^'\s]+'"
        r"|[^\s\"':]*:[^\s\"']{3,})"
    ),
    accept=_is_pair,
    score=0.9,
    source="curl's manual page, option --user",
    examples=("curl -s -u ada:n0rthwind https://example.com",),
    counterexamples=("curl -u $USER:$PASS https://example.com", "curl -u ada https://example.com"),
)
