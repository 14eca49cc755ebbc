"""Fields that say who somebody is: names and user names."""

from __future__ import annotations

import re
import unicodedata

from pipelines.detector import NamedField
from pipelines.field_vocabulary import names_of
from pipelines.name_list import is_given_name, is_surname, may_be_given_name, may_be_surname

_PEOPLE = names_of("people")
_MARKS = frozenset(" .,'\u2019\u02bc`\"\u201c\u201d-()/&\u00b7\u30fb^")
_MOST_NAME, _MOST_WORDS, _MOST_DIGITS = 80, 7, 2
_PARTICLES = frozenset(
    {"de", "van", "der", "den", "von", "la", "del", "da", "dos", "di", "du", "le", "bin", "al"}
)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}")
_PLAIN_USER = re.compile(r"@?[^\W\d_]{3,}(?:[._-]?[^\W\d_]{2,}){0,3}[._]?\d{0,4}")
_SYSTEM = frozenset({
    "root", "admin", "administrator", "system", "guest", "nobody", "postgres", "mysql", "oracle",
    "service", "daemon", "user", "unknown", "none", "null", "anonymous", "default", "test",
    "public", "internal", "external", "true", "false", "active", "inactive", "new", "returning",
    "premium", "basic", "free", "member", "owner", "viewer", "editor", "bot", "assistant",
})  # fmt: skip
_NO_USER = frozenset({
    "success", "successful", "succeeded", "failure", "failed", "ok", "error", "true", "false",
    "yes", "no", "none", "null", "unknown", "anonymous", "interactive", "enabled", "disabled",
    "required", "allowed", "denied", "blocked", "pending", "page", "form", "web", "api", "oauth",
})  # fmt: skip
_NOBODY = frozenset({
    "yes", "no", "true", "false", "none", "null", "nil", "unknown", "undefined", "anonymous",
    "anonym", "n/a", "not available", "not provided", "not applicable", "unbekannt", "keine",
    "inconnu", "desconocido", "sconosciuto", "desconhecido", "onbekend", "nieznany", "tbd",
    "required", "optional", "missing", "empty", "pending", "string", "varchar", "text",
})  # fmt: skip
_COMPANY = frozenset({
    "inc", "ltd", "llc", "gmbh", "ag", "corp", "corporation", "company", "plc", "limited", "co",
    "sarl", "srl", "kg", "oy", "ab", "bv", "nv", "spa", "sa", "group", "bank", "university",
    "hospital", "team", "service", "services", "support", "department", "desk", "office", "system",
    "bot", "account", "center", "centre", "store", "shop", "solutions", "clinic",
    "logistics", "industries", "holdings", "holding", "partners", "foundation", "association",
    "institute", "authority", "agency", "council", "ministry", "works", "school", "college",
    "insurance", "consulting", "technologies", "systems", "trading", "sl", "pty", "kk", "doo",
})  # fmt: skip
_USER = re.compile(r"[^\s:/,;]{2,64}")
_STARTS = r"[A-Z\x80-\xff]"


def _is_name(value: str) -> bool:
    """Accept letters of any script, with what stands between and behind them in names."""
    words = value.split()
    digits = sum(one.isdigit() for one in value)
    return (
        len(value) <= _MOST_NAME
        and len(words) <= _MOST_WORDS
        and value[:1].isalpha()
        and (not digits or (digits <= _MOST_DIGITS and len(words) > 1))
        and value.casefold() not in _NOBODY
        and all(
            one.isalnum() or one in _MARKS or unicodedata.category(one).startswith("M")
            for one in value
        )
    )


def _is_no_code(value: str) -> bool:
    """Accept a name, and nothing as `orders-service`."""
    return _is_name(value) and not (value.islower() and ("-" in value or "." in value))


def _long_words(value: str) -> list[str]:
    """Return the words without initials."""
    return [word for word in value.replace(",", " ").split() if len(word.rstrip(".")) > 1]


def _reads_like_a_name(value: str) -> bool:
    """Accept two capitalised words, one that is a name, and scripts without capitals."""
    if not _is_name(value):
        return False
    words = _long_words(value)
    if not words or any(word.rstrip(".").lower() in _COMPANY for word in words):
        return False
    if value.upper() == value.lower():
        return True
    if len(words) == 1:
        return words[0][0].isupper() and (is_given_name(words[0]) or is_surname(words[0]))
    return sum(word[0].isupper() for word in words) > 1


def _is_known_name(value: str) -> bool:
    words = _long_words(value)
    if not 2 <= len(words) <= _MOST_WORDS or not _is_name(value):  # noqa: PLR2004 - a name of one word is no evidence
        return False
    words = [word for word in words if word.lower() not in _PARTICLES]
    if not words:
        return False
    named = sum(may_be_given_name(word) or may_be_surname(word) for word in words)
    return words[0][0].isupper() and named * 2 > len(words) and any(map(may_be_given_name, words))


def _has_initials(value: str) -> bool:
    """Accept initials and one or two names behind them: `S. Petrova`, `J.R. van Dyke`."""
    if not _is_name(value):
        return False
    *first, last = value.split()
    initials = [word for word in first if _INITIALS.fullmatch(word)]
    names = [word for word in first[len(initials) :] if word.lower() not in _PARTICLES]
    return (
        bool(initials)
        and initials == first[: len(initials)]
        and len(names) <= 1
        and all(word[0].isupper() and len(word) > 1 for word in (*names, last))
        and not {word.rstrip(".").lower() for word in (*names, last)} & _COMPANY
    )


def _is_user(value: str) -> bool:
    return (
        _USER.fullmatch(value) is not None
        and any(one.isalpha() for one in value)
        and value.lower() not in _NO_USER
        and _ADDRESS.fullmatch(value) is None
    )


def _is_plain_user(value: str) -> bool:
    """Accept what people choose for a name, not a system's account and not an id."""
    return _PLAIN_USER.fullmatch(value) is not None and value.lower() not in _SYSTEM | _NO_USER


PERSON_FIELD = NamedField(
    entity="PERSON",
    names=names_of("person"),
    accept=_is_name,
    score=0.9,
)
ALONE_FIELD = NamedField(
    entity="PERSON",
    names=names_of("alone"),
    accept=_is_name,
    is_alone=True,
)
NAME_FIELD = NamedField(
    entity="PERSON",
    names=names_of("name"),
    accept=_is_no_code,
    below=_PEOPLE,
)
FIRST_LAST_FIELD = NamedField(
    entity="PERSON",
    names=names_of("part"),
    accept=_is_name,
    below=("name", "names", "nom", "nome", "nombre", "naam", "fullname"),
)
ROLE_FIELD = NamedField(
    entity="PERSON",
    names=names_of("role"),
    accept=_reads_like_a_name,
    score=0.8,
    starts=_STARTS,
)
KNOWN_NAME_FIELD = NamedField(
    entity="PERSON",
    names=names_of("known_name"),
    accept=_is_known_name,
    score=0.8,
    starts=r'(?:[A-Z][^" ]*[ ,]|[\x80-\xff])',
)
INITIALS_FIELD = NamedField(
    entity="PERSON",
    names=(*names_of("initials"), *names_of("role"), *names_of("known_name")),
    accept=_has_initials,
    score=0.8,
    starts=r"(?:[A-Z]|[\x80-\xff]{2,3})\.",
)
USERNAME_FIELD = NamedField(
    entity="USERNAME",
    names=names_of("username"),
    accept=_is_user,
    score=0.8,
)
PLAIN_USER_FIELD = NamedField(
    entity="USERNAME",
    names=names_of("plain_user"),
    accept=_is_plain_user,
    score=0.7,
    starts=r"[A-Za-z\x80-\xff]",
)
PEOPLE_FIELDS = (
    PERSON_FIELD, ALONE_FIELD, NAME_FIELD, FIRST_LAST_FIELD, USERNAME_FIELD, ROLE_FIELD,
    KNOWN_NAME_FIELD, INITIALS_FIELD, PLAIN_USER_FIELD,
)  # fmt: skip
