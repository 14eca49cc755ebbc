"""Passwords and keys assigned to a telling name, in code, configuration, logs and prose."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from pipelines.detector import Detector
from pipelines.detectors.secret_in_text.judge import is_key, is_password, is_random, speaks_about
from pipelines.placeholder import is_placeholder

_ASSIGNMENT = (
    r"(?:: ?[A-Za-z\[\]]+ ?|[A-Za-z]+ )?"
    r"(?::{1,3}=|[?.+|]=|=>|==?|:|\|\|:|<=|->|,|>\s*)"
)
_OPERATOR = rf"{_ASSIGNMENT}(?:\s*(?:[a-z@]|\[\]byte\()?[\"'`]|[ \t]*)"
_AFTER_NAME = rf"[\w.\-]*[\"'\])]*(?:\s*(?:{_OPERATOR}|\(\s*[\"'`])|[ \t]{{1,4}}[\"'`])"
_AFTER_WEAK = rf"\d?[\"'\])]*\s*{_OPERATOR}"
_ASSIGNS = re.compile(rf"[\"'\])]*\s*{_OPERATOR}")
# for the quick pass, in which the quotes of a text are spaces
_QUICK_OPERATOR = rf"{_ASSIGNMENT}(?:\s*(?:[a-z@]|\[\]byte\()?[\"'` ]{{1,2}}|[ \t]*)"
_QUICK_AFTER_NAME = (
    rf"[\w.\-]*[\"'\])]*(?:\s*(?:{_QUICK_OPERATOR}|\( *[\"'` ])|[ \t]{{1,4}}(?:[\"'`]|  ))"
)
_QUICK_AFTER_WEAK = rf"\d?[\"'\])]*\s*{_QUICK_OPERATOR}"
_SOLID = r"[A-Za-z0-9_+/=\-.~!@#$%^&*]"
_OPEN = r"[^\s\"'`,;<>(){}\[\]]"
_PHRASE = (
    r"(?:passw(?:or)?d|passphrase|passwort|pwd|pswd|kennwort|mot[_\-]?de[_\-]?passe"
    r"|contrasena|senha|wachtwoord|passcode|shared[_\-]?key)"
)
# parts of many another word: they stand alone, or begin behind a dash or in camel case
_WEAK_PHRASE = (
    r"(?:(?:^|[^A-Za-z])(?i:pass|pw|psw|psk|userpass)|[a-z0-9](?:Pass|Pw|Psk)"
    r"|[a-z](?:dbpass|sshpass))"
)
_KEY = (
    r"(?:secret|token|api[_\- ]?key|access[_\-]?key|auth[_\-]?key|private[_\-]?key|signing[_\-]?key"
    r"|encryption[_\-]?key|client[_\-]?key|account[_\-]?key|master[_\-]?key|service[_\-]?key"
    r"|deploy[_\-]?key|app[_\-]?key|storage[_\-]?key|access[_\-]?id|credentials?|creds"
    r"|bearer|webhook|signature[_\-]?key|hmac)"
)
_SIGNED = re.compile(r"eyJ[\w\-]{8,}\.[\w\-.]{8,}")  # of JSON in base64, as many a session is
_WEAK_KEY = r"(?:(?:^|[^A-Za-z])(?i:key|auth|authorization|salt|pat)|[a-z0-9](?:Key|Auth|Salt))"
_PUBLIC = r"(?:public|pub|publishable)[_\- ]?(?:api[_\- ]?)?key|private[_\- ]?key[_\- ]?id"
_IS_PUBLIC = re.compile(rf"(?i){_PUBLIC}")
_NAME_END = re.compile(
    rf"(?i:{_PHRASE}|{_KEY}|pass|pw|psw|psk|key|auth|authorization|salt|pat)(?P<rest>[\w.\-]*)"
)


def _value(
    text: str, *, is_secret: Callable[[str], bool], value: re.Pattern[str]
) -> tuple[int, int] | None:
    """Return the value of an assignment, unless its name or itself says that it is no secret.

    Nothing at all, at the end, where the name says that everybody may know it.
    """
    if _IS_PUBLIC.match(text):
        return len(text), len(text)
    name = _NAME_END.search(text)
    found = value.search(text)
    if name is None or found is None or speaks_about(name["rest"]):
        return None
    start, end = found.span()
    operator = _ASSIGNS.match(text, name.end())
    told = text[start:end]
    if operator is not None and start < operator.end() < end:  # `=` may be part of a value, too
        start = operator.end()
        # in capitals it is a variable of the environment: its value need not look like a secret
        told = told if name[0].isupper() else text[start:end]
    return (start, end) if is_secret(told) and not is_placeholder(text[start:end]) else None


_IS_PASSWORD = partial(_value, is_secret=is_password, value=re.compile(rf"{_OPEN}+\Z"))
_IS_KEY = partial(_value, is_secret=is_key, value=re.compile(rf"{_SOLID}+\Z"))


def _spoken(text: str) -> tuple[int, int] | None:
    """Return a password without what ends the sentence: brackets that it opens are its own."""
    end = len(text.rstrip(".,;:"))
    if text[:end].endswith(")") and text.count("(", 0, end) < text.count(")", 0, end):
        end -= 1
    if text[:1] in {"<", "{", "["}:
        return None
    return (0, end) if is_password(text[:end]) or is_random(text[:end]) else None


def _told(text: str) -> tuple[int, int] | None:
    end = len(text.rstrip(".,;:!?)"))
    end += text[end : end + 1] == "!"  # many a password ends so
    return (0, end) if is_random(text[:end]) and not _is_call(text[:end]) else None


def _is_call(text: str) -> bool:
    return any(one in text for one in "(){}[]<>=/")


ASSIGNED_PASSWORD = Detector(
    name="assigned_password",
    entity="PASSWORD",
    pattern=rf"(?P<found>(?:(?i:{_PHRASE}){_AFTER_NAME}|{_WEAK_PHRASE}{_AFTER_WEAK}){_OPEN}{{4,}})",
    quick=rf"(?:(?i:{_PHRASE}){_QUICK_AFTER_NAME}|{_WEAK_PHRASE}{_QUICK_AFTER_WEAK}){_OPEN}{{4}}",
    part=_IS_PASSWORD,
    score=0.9,
    source="CWE-798 (use of hard-coded credentials); common practice of configuration files",
    examples=(
        "DB_PASSWORD=Tide7-harbour", 'password: "ebb+flow9"', "pwd := 'n0rthwind'",
        "SMTP_PASS=q8Zr!t4Lm", 'storePassword "harb0r"', "WITH PASSWORD 'T1de!pool'",
        'conn.setPassword("M1zzenmast")', "dbPass: 'harb0r'",
    ),
    counterexamples=(
        "password = get_password()", "password: str = None", "password=***", "pwd: /srv/ada1/x",
        'password = os.environ["DB_PASSWORD"]', "passwordLength: 12", "password=${DB_PASS}",
        "password_hash_algorithm: argon2id-v13", "bypass=true1", "compass: north-14b",
        "passenger: A12B34", 'password.encode("utf-8")', "REDIS_PASSWORD=null",
        "settings.password=Contraseña", "PASSPHRASE=\nKEY_ID=10GQZIOKBB",
        "PasswordInput, strip=False", "$row['password'], PASSWORD_ARGON2ID",
    ),
)  # fmt: skip
_WHAT_FOR = (
    r" (?:for|of|on|to|für|fürs|zum|pour|para|per)(?: (?:the|your|my|our|das|den|die|le|la|el))?"
    r" [\w.@\-]+"
)
SPOKEN_PASSWORD = Detector(
    name="spoken_password",
    entity="PASSWORD",
    pattern=(
        rf"(?i:(?:{_PHRASE}|PIN(?: code)?)"
        rf"(?:{_WHAT_FOR}:|(?:{_WHAT_FOR})?(?: (?:is|was|to|now|ist|lautet|est|es|:))+:?) )"
        r"[\"'`]?(?P<found>[^\s\"'`]{4,})"
    ),
    part=_spoken,
    score=0.85,
    source="how people write of passwords in mails and tickets",
    examples=(
        "my password is n0rthwind!",
        "Das Passwort lautet Flut2026x",
        "password for admin is n0rthwind!",
        "the password for the wifi: n0rthwind!",
    ),
    counterexamples=(
        "the password is wrong",
        "password is required",
        "password for admin is missing",
        "the password for this account: see below",
    ),
)
TOLD_PASSWORD = Detector(
    name="told_password",
    entity="PASSWORD",
    # in the same clause, some words later; of all kinds of characters, as no word of a text is
    pattern=(
        rf"(?i:\b(?:{_PHRASE}|mot de passe|clave|contraseña|hasło|parola|lösenord))"
        r"(?:[ ,:]{1,2}[a-z\x80-\xff]+){0,6}[ ,:]{1,3}[\"'(]?(?P<found>[^\s\"'`]{8,})"
    ),
    part=_told,
    score=0.8,
    source="how people write of passwords in mails and tickets",
    examples=(
        "the password i set yesterday, T1de!pool, does not work",
        "Mon mot de passe, T1de!pool, est refusé",
        "with the password T1de!pool.",
    ),
    counterexamples=(
        "the password must have Capitals and digits",
        "password reset for Checkout-Service v2.1",
    ),
)
ASSIGNED_KEY = Detector(
    name="assigned_key",
    entity="API_KEY",
    pattern=(
        rf"(?P<found>(?:(?i:{_PUBLIC}|{_KEY}){_AFTER_NAME}|{_WEAK_KEY}{_AFTER_WEAK})"
        rf"(?i:(?:Bearer|Basic|Token) |base64:|hex:)?{_SOLID}{{8,}})"
    ),
    quick=(
        rf"(?:(?i:{_KEY}){_QUICK_AFTER_NAME}|{_WEAK_KEY}{_QUICK_AFTER_WEAK})"
        rf"(?i:(?:Bearer|Basic|Token) |base64:|hex:)?{_SOLID}{{8}}"
    ),
    part=_IS_KEY,
    score=0.85,
    source="CWE-798 (use of hard-coded credentials); common practice of configuration files",
    examples=(
        'api_key = "9f8a7c6b5d4e3f2a1b0c"', "AUTH_TOKEN=q7K2pW9xZ4mN8vB1",
        "secret: 'kJ8s7Dh2Lq0Z'", '.withToken("e7a1c5d9b3f2480697ab")',
        "APP_KEY=base64:9fPq3LkV8zX2mR5tN7wY1bC4dE6g", 'X-Api-Key "9f8a7c6b5d4e3f2a1b0c"',
        'key := []byte("q7K2pW9xZ4mN8vB1")',
    ),
    counterexamples=(
        "token = request.headers", "key: customer_id", "api_key=YOUR_API_KEY",
        "key = some_function_name", "KeyError: 'customer_1234_name'", "author = pallets1234",
        'token = "next-page"', "secret = None", "key: 2026-03-02", "auth: required",
        "keyboard: logitech-k380-us", "monkey=banana1234567", '"secretName": "tls-cert-prod-2024"',
        "authorization: enabled-v2beta1", "token_count=128", "<key>BundleVersionString2</key>",
        "PublicKey=0024000004800000940000000602", "public key: age1qq7k3zp9rw2x8q7k3zp9rw2x8",
        '"private_key_id": "b3dce6ce3e5882e752150e429a50"', "tokens: AtomicU32,",
        "tokenizers: filename=tokenizers-0.15.2-cp311-linux_x86_64.whl",
        "from key: Linux-node-c52518213336f8fdb26d7b2e7362734c",
    ),
)  # fmt: skip
BEARER = Detector(
    name="bearer",
    entity="API_KEY",
    pattern=(
        r"(?:(?i:bearer|basic|token)[ \t]{1,3}"
        r"|(?i:authorization[\"']?: ?[\"']?[a-z][a-z0-9\-]{2,19} )"
        r"|(?i:cookie: )[^\n\"]*(?i:sess|sid|token|auth)[\w.\-]*=)"
        r"(?P<found>[A-Za-z0-9_+/=\-.~%]{8,})"
    ),
    accept=lambda one: 0.85 if is_key(one) or _SIGNED.fullmatch(one) else 0.0,
    score=0.85,
    source="RFC 6750 section 2.1, RFC 7617, RFC 6265 (session identifiers)",
    examples=(
        "Authorization: Bearer q7K2pW9xZ4mN8vB1Lr",
        "Cookie: theme=dark; sessionid=3h8fk2ls9dm4nv7qz1xw",
        "Authorization: ApiKey cTdLMnBXOXhaNG1OOHZCMUxy",
        "Cookie: session=eyJ1c2VyIjoxMjN9.ZmFrZQ.c2lnbmF0dXJl",
    ),
    counterexamples=("bearer of good news", "basic configuration-reference", "Cookie: theme=d4rk"),
)
VENDOR_NAMED = Detector(
    family="keys",
    name="vendor_named_key",
    entity="API_KEY",
    pattern=(
        r"(?i:\b|_)(?i:adobe|airtable|algolia|asana|beamer|bittrex|clickhouse|codecov|coinbase"
        r"|confluent|contentful|datadog|dropbox|etsy|fastly|finicity|finnhub|flickr|freshbooks"
        r"|gitter|heroku|intercom|kraken|kucoin|launchdarkly|lob|mailchimp|mailgun|mapbox|mattermost"
        r"|messagebird|netlify|newrelic|new_relic|nytimes|okta|pagerduty|plaid|rapidapi|sendbird"
        r"|sendgrid|sentry|snyk|sonarqube|sonar|sourcegraph|squarespace|sumologic|telegram|travis"
        r"|trello|twilio|twitch|twitter|yandex|zendesk|zapier)[A-Za-z_.\-]{0,20}[\"'\])]*\s*"
        rf"{_OPERATOR}(?P<found>[A-Za-z0-9_\-=]{{20,}}|\d{{15,19}})(?:$|[^A-Za-z0-9_/.=\-])"
    ),
    accept=lambda candidate: 0.8 if candidate.isdigit() or is_key(candidate) else 0.0,
    score=0.8,
    source="the vendors' documentation of keys that have no prefix of their own",
    examples=('sourcegraph: "6d2fabeb6add229bc199faba28fd3efb57df0bd3"',),
    counterexamples=("datadog: enabled-in-production-2026", "sentry.io/organizations/some-team-12"),
)
ASSIGNED = (VENDOR_NAMED, ASSIGNED_PASSWORD, SPOKEN_PASSWORD, TOLD_PASSWORD, ASSIGNED_KEY, BEARER)
