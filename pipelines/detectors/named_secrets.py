"""Fields that say that a secret stands in them."""

from __future__ import annotations

import re

from pipelines.detector import NamedField
from pipelines.field_vocabulary import names_of

_LEAST_KEY, _LEAST_KINDS = 8, 5
_LEAST_PASSWORD = 3
_LEAST_COOKIE = 12
_NUMERIC = re.compile(r"-?\d{1,7}(?:\.\d+)?")
_PIN = re.compile(r"\d{3,8}")
_SECURITY_CODE = re.compile(r"\d{3,4}")


def _is_password(value: str) -> bool:
    return len(value) >= _LEAST_PASSWORD


def _is_pin(value: str) -> bool:
    return _PIN.fullmatch(value) is not None


def _is_key(value: str) -> bool:
    bare = value.removeprefix("Bearer ").removeprefix("Basic ").removeprefix("Token ")
    return (
        len(bare) >= _LEAST_KEY
        and len(set(bare)) >= _LEAST_KINDS
        and not any(one.isspace() for one in bare.strip())
        and _NUMERIC.fullmatch(bare) is None
        and not bare.startswith(("http://", "https://", "/", "./"))
    )


def _is_cookie(value: str) -> bool:
    """Accept names with values, and ids: neither `accepted` nor a number."""
    return (
        len(value) >= _LEAST_COOKIE
        and any(map(str.isdigit, value))
        and any(map(str.isalpha, value))
        and ("=" in value or " " not in value)
    )


def _is_security_code(value: str) -> bool:
    return _SECURITY_CODE.fullmatch(value) is not None


PASSWORD_FIELD = NamedField(
    entity="PASSWORD",
    names=names_of("password"),
    accept=_is_password,
    score=1.0,
)
PIN_FIELD = NamedField(
    entity="PASSWORD",
    names=names_of("pin"),
    accept=_is_pin,
    score=0.95,
)
KEY_FIELD = NamedField(
    entity="API_KEY",
    names=names_of("key"),
    accept=_is_key,
    score=0.9,
)
SECURITY_CODE_FIELD = NamedField(
    entity="CREDIT_CARD",
    names=names_of("security_code"),
    accept=_is_security_code,
    score=0.9,
)
COOKIE_FIELD = NamedField(
    entity="API_KEY",
    names=names_of("cookie"),
    accept=_is_cookie,
    score=0.8,
)
SECRET_FIELDS = (PASSWORD_FIELD, PIN_FIELD, KEY_FIELD, SECURITY_CODE_FIELD, COOKIE_FIELD)
