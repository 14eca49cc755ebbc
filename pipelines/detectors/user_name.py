"""User names in logs, tickets and configuration: what stands behind the words that announce one."""

from __future__ import annotations

import re

from pipelines.detector import Detector
from pipelines.placeholder import is_placeholder

_NAME = r"[A-Za-z0-9][A-Za-z0-9._\-]{1,39}[A-Za-z0-9_]"
_END = r"(?:$|[\s,;\"'&)\]}<]|[.!?](?:$|[\s\"]))"
_WORDS = (
    r"(?:user[ _\-]?name|login(?:[ _\-]?(?:name|id))?|account name|screen[ _\-]?name"
    r"|nick[ _\-]?name"
    r"|twitter handle|user handle|benutzername|anmeldename|nom d'utilisateur|nombre de usuario"
    r"|nome utente|nome de usu[a\x80-\xff]+rio|gebruikersnaam|nazwa u\S+ytkownika)"
)
_NO_NAMES = frozenset({
    "admin", "administrator", "root", "system", "guest", "nobody", "postgres", "mysql", "oracle",
    "ubuntu", "service", "daemon", "user", "username", "user_name", "users", "login", "name",
    "self", "this", "request", "req", "args", "none", "not", "already", "invalid", "required",
    "incorrect", "wrong", "taken", "unknown", "missing", "empty", "available", "failed", "success",
    "successful", "succeeded", "denied", "expired", "locked", "disabled", "enabled", "email",
    "password", "and", "or", "the", "for", "from", "page", "form", "button", "screen", "your",
    "account", "token", "with", "via", "that", "case", "case-sensitive", "unique", "optional",
    "here", "now", "possible", "different", "correct", "same", "used", "too", "also", "only",
    "error", "attempt", "accounts", "session", "shell", "redirect", "true", "false", "string",
    "str", "text", "type", "varchar", "charfield", "input", "value", "label", "field", "config",
    "has", "was", "is", "who", "agent", "interface", "logged", "credentials", "data", "env",
    "params", "props", "state", "model", "settings", "url",
})  # fmt: skip
_CODE = re.compile(
    r"[A-Za-z_]\w*\.[A-Za-z_]\w*\.[\w.]*|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z_]+|\d+|v?\d[\d.\-]*"
)
_ABOUT = re.compile(r"(?i)user|login|name|param|config|request|self\.|opts|args|field|get_|input")
_CODE_DOT = re.compile(r"[a-z_]{2,}\.(?:name|id|user|login|get|value|text|data|username|email)")


def _is_user(candidate: str) -> float:
    """Refuse what is said about user names, accounts of systems, and pieces of programs."""
    return 0.7 * (
        candidate.lower() not in _NO_NAMES
        and any(one.isalpha() for one in candidate)
        and not is_placeholder(candidate)
        and _CODE.fullmatch(candidate) is None
        and _CODE_DOT.fullmatch(candidate) is None
        and _ABOUT.search(candidate) is None
    )


USER_NAMED = Detector(
    name="user_named",
    entity="USERNAME",
    # `is` alone says anything of a user name: whose it is makes it one
    pattern=(
        rf"(?:(?i:\b{_WORDS})[\"']?(?: ?[:=]| is:| is [\"'])"
        rf"|(?i:\b(?:my|his|her|their|mein|mi|mon) {_WORDS} (?:is|ist|es|est):?)) ?[\"']?"
        rf"(?P<found>{_NAME}){_END}"
    ),
    accept=_is_user,
    score=0.7,
    source="RFC 4519 section 2.39 (uid); how logs, tickets and configuration name accounts",
    examples=("username: wyanderson", "my login is ada.l99 since May", "Benutzername: hopper_g"),
    counterexamples=(
        "username is required", "login: str = None", "username=request.user",
        "login is not possible",
        "username: string", "login page", "username=self.username", 'login="LOGIN_URL"',
    ),
)  # fmt: skip
USER_SPOKEN_OF = Detector(
    name="user_spoken_of",
    entity="USERNAME",
    pattern=(
        rf"(?:\b(?i:user)(?:=| [\"']?))(?P<found>{_NAME})[\"']?(?:,? (?:ip=|from |on |at "
        rf"|failed|logged (?:in|out|on)"
        rf"|signed|authenticated|connected|locked|was |has (?:been |logged|signed)|could not"
        rf"|did not))"
    ),
    accept=_is_user,
    score=0.65,
    source="how logs and tickets speak of accounts",
    examples=("user wyanderson failed to authenticate", "login ok user=hopper_g ip=192.0.2.7"),
    counterexamples=(
        "the user has logged in", "user name was wrong", "user root logged in", "user 12 failed",
    ),
)  # fmt: skip
USER_NAMES = (USER_NAMED, USER_SPOKEN_OF)
