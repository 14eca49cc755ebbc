"""Secrets that commands and well-known files are given: options, `.netrc`, `.pgpass`, XML."""

from __future__ import annotations

import re

from pipelines.detector import Detector
from pipelines.detectors.secret_in_text.judge import is_given, is_key, is_password
from pipelines.placeholder import is_placeholder

_QUOTED = r"\"[^\"\s]{4,}\"|'[^'\s]{4,}'|[^\s\"'|&;<>]{4,}"
_STOP_WORDS = frozenset({
    "the", "your", "for", "is", "a", "to", "enter", "please", "must", "be", "and", "or", "of", "in",
    "it", "with",
})  # fmt: skip
_LEAST_KINDS = 4


def _pair_in(text: str) -> tuple[int, int] | None:
    """Return `user:password`, without the quotes around both."""
    inner = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    start = text.index(inner)
    user, colon, password = inner.partition(":")
    bare = password.strip("\"'{}")
    if not colon or is_placeholder(bare or user) or bare.startswith("$") or user.startswith("$"):
        return None
    if not bare and not is_key(user):
        return None
    return start, start + len(inner)


def _unquoted(text: str) -> tuple[int, int] | None:
    inner = text.strip("\"'")
    start = text.index(inner)
    return (start, start + len(inner)) if is_given(inner) else None


def _of_words(candidate: str) -> float:
    words = candidate.split(" ")
    return 0.85 if len({*words}) >= _LEAST_KINDS and not _STOP_WORDS & {*words} else 0.0


CURL_USER = Detector(
    name="curl_user",
    entity="PASSWORD",
    pattern=(
        r"curl (?:[^\n]|\\\s*\n)*(?:-u ?|--user[ =]) ?(?P<found>"
        r"\"[^\"\s]*\":\"[^\"\s]*\"|'[^'\s]*':'[^'\s]*'"
        r"|\"[^\"\s]*:[^\"\s]*\"|'[^'\s]*:[^'\s]*'|[^\s\"':]*:(?:'[^'\s]+'|\"[^\"\s]+\"|[^\s\"']{3,}))"
    ),
    quick=r"(?:-u ?|--user[ =]) ?[\"']?[^\s\"':]*[\"']?:",
    part=_pair_in,
    score=0.9,
    source="curl's manual page, option --user",
    examples=(
        "curl -s -u ada:n0rthwind https://example.com",
        "curl -X POST \\\n  --user 'ada:n0rthwind~1' https://example.com",
        "curl --user ada:'n0rthwind' -iX PATCH",
    ),
    counterexamples=("curl -u $USER:$PASS https://example.com", "curl -u ada https://example.com"),
)
COMMAND_SECRET = Detector(
    name="command_secret",
    entity="PASSWORD",
    pattern=(
        r"(?:\bsshpass -p ?|\bmysql(?:dump|admin)? [^\n|]*-p|\bredis-cli [^\n|]*-a "
        r"|\bdocker login [^\n|]*-p |\bhtpasswd -[a-zA-Z]*b[a-zA-Z]* \S+ \S+ "
        r"|\bopenssl [^\n|]*(?:-k |-pass(?:in|out)? pass:)|\bldap[a-z]+ [^\n|]*-w "
        r"|\bsmbclient [^\n|]*%|\bnet use (?:[A-Za-z]: )?\S+ |\bwandb login "
        r"|\bmosquitto_(?:pub|sub) [^\n|]*-P |-(?:store|key|srcstore|deststore)pass[ =:]"
        r"|(?i:\bidentified (?:with \w+ )?by )|\bConvertTo-SecureString (?:-String )?"
        r"|--(?:password|passwd|passphrase|token|api-key|apikey|access-token|auth-token|secret"
        r"|client-secret|secret-key)[ =])"
        rf"(?P<found>{_QUOTED})"
    ),
    quick=(
        r"(?:\bsshpass |\bmysql|\bredis-cli |\bdocker login |\bhtpasswd |\bopenssl |\bldap[a-z]+ "
        r"|\bsmbclient |\bnet use |\bwandb login |\bmosquitto_"
        r"|-(?:store|key|srcstore|deststore)pass"
        r"|(?i:\bidentified )|\bConvertTo-SecureString |--(?:pass|token|api|access-token|auth-token"
        r"|secret|client-secret))"
    ),
    part=_unquoted,
    score=0.85,
    source="the manual pages of the commands named",
    examples=(
        "sshpass -p 'H4lyard#1' ssh ada@host", "mysql -u root -pT0psail99 shop",
        "redis-cli -h cache -a Qw7zPl3xM9", "deploy --token 4f1c2d3e5a6b",
        r"net use Z: \\files\builds T0psail99", "keytool -genkeypair -storepass T0psail99",
        "ALTER USER app IDENTIFIED BY 'T0psail99'",
    ),
    counterexamples=("mysql -u root -p shop", "redis-cli -a $PASS", "deploy --token $TOKEN"),
)  # fmt: skip
FILED_SECRET = Detector(
    name="filed_secret",
    entity="PASSWORD",
    pattern=(
        r"(?:\bmachine\s+\S+\s+login\s+\S+\s+password\s+|(?:^|\n)[\w.\-*]+:(?:54\d\d|6432|\*):[\w*\-]+:"
        r"[\w*.\-]+:|(?i:(?:key|name)=[\"'][^\"']*(?:passw(?:or)?d|pwd|secret|token|api[_\-]?key)"
        r"[^\"']*[\"']\s+value=[\"'])|(?:\bauth ?= ?|\.login|\.auth)\([\"'][^\"']+[\"'], ?[\"']"
        r"|\b(?:PDO|mysqli|mysqli_connect|mysql_connect)"
        r"\((?:\"[^\"]*\"|'[^']*'), ?[\"'][^\"']*[\"'], ?[\"']"
        r"|(?i:\bBUNDLE_\w+__COM\w*[\"']?(?: string)?\s*(?:[:.]{0,2}[:=]>?|>)\s*[\"'`]?))"
        r"(?P<found>[^\s\"'<>;]{4,})"
    ),
    quick=(
        r"(?:\bmachine\s+\S+\s+login\s|:(?:54\d\d|6432|\*):[\w*\-]+:[\w*.\-]+:"
        r"|\b(?:auth ?= ?|login|PDO|mysqli|mysqli_connect|mysql_connect)\("
        r"|(?i:(?:key|name)=[\\\"' ]+[^\"'\\=]*(?:passw(?:or)?d|pwd|secret|token|api[_\-]?key))"
        r"|(?i:\bBUNDLE_\w+__COM))"
    ),
    accept=lambda one: 0.85 if is_password(one) or re.fullmatch(r"[0-9a-f:]{17}", one) else 0.0,
    score=0.85,
    source="documentation of .netrc, .pgpass, Bundler and of .NET and Spring configuration",
    examples=(
        "machine api.example.com login ada password n0rthW1nd",
        '<add key="ApiKey" value="b7f2c9e1d4a84c3f9e6b" />',
        'requests.get(url, auth=("ada", "D3ckhand77"))',
        'smtp.login("alerts", "D3ckhand77")',
        "new PDO('mysql:host=db;dbname=shop', 'shop', 'D3ckhand77')",
    ),
    counterexamples=("machine learning login page", '<add key="Colour" value="b7f2c9" />'),
)  # fmt: skip
PASSPHRASE = Detector(
    name="passphrase",
    entity="PASSWORD",
    pattern=(
        r"(?i:passphrase|seed phrase|recovery phrase|mnemonic)[\"']?\s*(?:is)?\s*[:=]?\s*[\"']?"
        r"(?P<found>[a-z]{3,10}(?: [a-z]{3,10}){3,24})"
    ),
    accept=_of_words,
    score=0.85,
    source="Bitcoin Improvement Proposal 39 (mnemonic code of words)",
    examples=("passphrase: correct horse battery staple",),
    counterexamples=("passphrase: please enter your secret words",),
)
CHPASSWD = Detector(
    name="chpasswd",
    entity="PASSWORD",
    pattern=r"\b[\w\-]+:(?P<found>[^\s\"'|]{4,})[\"']? *\| *(?:sudo )?chpasswd",
    quick=r"\| *(?:sudo )?chpasswd",
    accept=lambda one: 0.85 if is_given(one) else 0.0,
    score=0.85,
    source="the manual page of chpasswd",
    examples=("echo 'root:T0psail99' | chpasswd",),
    counterexamples=("echo root:$PASS | chpasswd", "cat users | chpasswd"),
)
GIVEN = (CURL_USER, COMMAND_SECRET, FILED_SECRET, PASSPHRASE, CHPASSWD)
