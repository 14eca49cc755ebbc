"""What makes a value a password or a key: its characters, and what its name says about it."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from pipelines.placeholder import is_placeholder

_CODE = re.compile(
    r"[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+(?:[(\[].*)?|[A-Za-z_]\w*[(\[].*"
    r"|[a-z]+(?:[_\-./][a-z]+)+\d?|[A-Z]+\d*(?:_[A-Z]+\d*[A-Z]*)+|[A-Z]+[a-z]+(?:[A-Z]+[a-z]+)+\d?"
    r"|[a-z]+(?:[A-Z][a-z]+)+\d?|v?\d+(?:\.\d+)+.*|\d{1,4}-\d\d-\d\d.*|[\d.,:\-]+"
    r"|(?:https?|s3|file|arn|urn|git)://?.*|(?:arn|urn):.*|[.~]?/[\w.\-]+/.*"
    r"|[\w\-]+\.(?:py|js|ts|go|rs|java|json|ya?ml|toml|txt|md|html|pem|crt|key|cfg|conf|ini|sh"
    r"|whl|zip|gz|tgz|jar|exe|dll|so|png|svg|css|lock|deb|rpm)"
    r"|sha\d{1,3}[:\-].*|\d+(?:px|em|ms|s|m|h|d|kb|mb|gb)|0x[0-9a-f]{1,8}"
    r"|[a-z_]\w*=(?:True|False|None|true|false|null|\d+)|[A-Za-z]+(?:-[A-Za-z]+)+-[0-9a-f]{16,}"
)
_TYPE = re.compile(r"(?:[A-Z][a-z]+)+[A-Z]?\d{1,3}(?:[A-Z][a-z]+)*")
_SLUG = re.compile(
    r"(?:[a-z]{2,}\d{0,4}|\d{1,8}[a-z]{0,2}|[a-z]\d{1,4}|v\d+(?:beta|alpha|rc)?\d*)"
    r"(?:[_\-.:/](?:[a-z]{2,}\d{0,4}|[a-z]|\d{1,8}[a-z]{0,2}|[a-z]\d{1,4}"
    r"|v\d+(?:beta|alpha|rc)?\d*))+"
)
_WORD_AND_NUMBER = re.compile(r"[A-Za-z]?[a-z]{3,}[_\-]?\d{1,8}|[A-Z]{3,}[_\-]?\d{1,8}")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_PARTS = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_ABOUT = frozenset({
    "name", "names", "type", "types", "length", "len", "count", "counts", "lifetime", "expiry",
    "expires", "expire", "expiration", "ttl", "url", "uri", "path", "file", "filename", "dir",
    "algorithm", "alg", "algo", "policy", "min", "max", "hint", "format", "size", "limit",
    "status", "version", "error", "exception", "field", "column", "index", "prefix", "header",
    "ref", "regex", "pattern", "class", "strength", "at", "time", "date", "enabled", "required",
    "label", "method", "mode", "provider", "endpoint", "host", "port", "issuer", "audience",
    "scope", "scopes", "usage", "budget", "manager", "service", "filter", "handler", "store",
    "cache", "rotation", "interval", "timeout", "kind", "schema", "attempts", "reset",
    "fingerprint", "arn", "location", "page", "position", "number", "tests", "plugin", "parser",
    "board", "encode", "decode", "fill", "equals", "starts", "ends", "startswith", "endswith",
    "requestor", "requester", "trim", "strip", "split", "replace", "match", "matches", "contains",
    "includes", "concat", "join", "append", "substring", "substr", "slice", "izer", "izers", "ize",
    "ized", "izes", "ization",
})  # fmt: skip
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|q[^u]|[jvx]{2}|z[jvxqkg]")  # in hardly any word
_LEAST_ENTROPY, _LEAST_HEX_ENTROPY = 3.0, 2.5
_LEAST_KEY, _SHORT_KEY, _LONG_KEY, _LEAST_PASSWORD, _MOST_RUN = 10, 8, 20, 4, 8
_SYMBOLS = frozenset("!@#$%^&*?+=~.-_/\\|")
_AROUND = "\"'`"


def _entropy(text: str) -> float:
    """Return the bits a character that the text holds by its own distribution."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def _changes(text: str) -> int:
    """Return how often small letters, capitals and digits take turns."""
    kinds = [one.isdigit() + 2 * one.isupper() for one in text]
    return sum(one != other for one, other in pairwise(kinds))


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None or value.isdigit()


def speaks_about(rest: str) -> bool:
    """Return True for what stands behind a secret's name and makes it another's: `_length`."""
    return any(part.lower() in _ABOUT for part in _PARTS.split(rest))


def is_password(candidate: str) -> bool:
    """Return True for what may be a password: no placeholder, no code, not of letters alone."""
    value = candidate.strip(_AROUND)
    if len(value) < _LEAST_PASSWORD or is_placeholder(value) or _is_code(value):
        return False
    digits = any(one.isdigit() for one in value)
    letters = any(one.isalpha() for one in value)
    symbols = any(one in _SYMBOLS for one in value)
    mixed = any(one.islower() for one in value) and any(one.isupper() for one in value)
    return letters and (digits or (symbols and mixed) or (symbols and "!" in value))


def is_random(candidate: str) -> bool:
    """Return True for letters, digits and symbols in a jumble: no code and no word is so."""
    kinds = (
        any(one.isdigit() for one in candidate), any(one.islower() for one in candidate),
        any(one.isupper() for one in candidate),
        any(not one.isalnum() and one not in "._-/" for one in candidate),
    )  # fmt: skip
    return all(kinds) and len(candidate) >= _SHORT_KEY and not is_placeholder(candidate)


def is_key(candidate: str) -> bool:
    """Return True for what may be a key: as by chance, not as words are."""
    value = candidate.strip(_AROUND)
    if len(value) < _SHORT_KEY or is_placeholder(value) or _is_code(value):
        return False
    if (
        _TYPE.fullmatch(value)
        or _WORD_AND_NUMBER.fullmatch(value)
        or _SLUG.fullmatch(value.lower())
    ):
        return False
    digits = sum(one.isdigit() for one in value)
    letters = sum(one.isalpha() for one in value)
    mixed = value != value.lower() and value != value.upper()
    if len(value) < _LEAST_KEY:
        return mixed and digits > 1 and letters > 1
    told = (digits > 1 and letters > 1) or (
        mixed and digits > 0 and (len(value) >= _LONG_KEY or _changes(value) * 3 >= len(value))
    )
    runs = re.split(r"[^a-z]+|(?<=[a-z])(?=[A-Z])", value)
    scattered = digits * 6 >= len(value) or all(
        len(one) <= _MOST_RUN or _CLUSTER.search(one) is not None for one in runs
    )
    least = _LEAST_HEX_ENTROPY if _HEX.fullmatch(value) else _LEAST_ENTROPY
    return told and scattered and _entropy(value) >= least


def is_given(candidate: str) -> bool:
    """Return True for what a command is given as a secret: anything but a variable or a path."""
    value = candidate.strip(_AROUND)
    return (
        len(value) >= _LEAST_PASSWORD
        and not is_placeholder(value)
        and not value.startswith(("$", "%", "<", "{", "/", "./", "-", "@"))
    )
