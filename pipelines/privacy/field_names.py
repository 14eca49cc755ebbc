"""Field names: the words of a path, and the kind of value that they announce."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipelines.detector import NamedField
from pipelines.privacy.short_words import canonical, spellings

_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W\d_]+")
_SEGMENT = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.\[]+')
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TREATED = re.compile(r"<[A-Z0-9_]+>")  # what stands where a name was found to hold something
_NUMBER_END = re.compile(r"(?<=[a-z]{2})(?=(?:number|nummer|nbr|num|nr|no)$)")  # `cardno`, `rufnr`
_LONGEST_NAME = 64  # characters; longer ones are texts
_NO_NAME = "{}=\\"  # what has these is a text, not a name
_LONGEST = 4  # words of a name
_REMEMBERED = 8192

_ABOUT = frozenset({
    "at", "type", "types", "verified", "valid", "validated", "enabled", "disabled", "required",
    "count", "counts", "status", "hash", "hashed", "format", "length", "len", "model", "brand",
    "policy", "expiry", "expires", "expired", "expiration", "ttl", "hint", "id", "ids", "uuid",
    "version", "created", "updated", "changed", "reset", "attempts", "limit", "limits",
    "strength", "age", "rotated", "last4", "masked", "confirmed", "url", "uri", "link", "path",
    "file", "label", "labels", "placeholder", "regex", "pattern", "key", "keys", "index",
    "schema", "match", "score", "source", "method", "plan", "provider", "column", "field",
    "fields", "is", "has", "flag", "prefix", "suffix", "country", "space", "class", "used",
    "total", "sent", "tokens", "max", "min", "budget", "rate", "usage", "template",
})  # fmt: skip
"""Words behind a name that make it speak about the value, not hold it: `password_changed_at`."""
_BEFORE = frozenset({
    "file", "host", "domain", "event", "class", "column", "table", "field", "product", "item",
    "app", "application", "service", "topic", "node", "queue", "bucket", "function", "method",
    "module", "package", "component", "display", "cluster", "project", "device", "model", "brand",
    "company", "org", "organization", "organisation", "team", "group", "role", "tag", "metric",
    "job", "task", "pod", "container", "namespace", "index", "schema", "step", "stage", "branch",
    "page", "next", "prev", "previous", "csrf", "continuation", "cursor", "sync", "max", "min",
    "num", "count", "total", "prompt", "completion", "input", "output", "cached", "reasoning",
    "is", "has", "bundle", "plan", "category", "city", "country", "state", "region", "server",
    "database", "db", "log", "logger", "thread", "process", "feature", "campaign", "channel",
    "store", "shop", "currency", "image", "test", "sku",
})  # fmt: skip
"""Words before a weak name that make it another's: `file_name`, `next_token`."""


@lru_cache(maxsize=_REMEMBERED)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, lower case, without accents: `homePhone_2` gives home, phone."""
    if "<" in name:
        name = _TREATED.sub(" ", name)
    if not name.isascii():
        apart = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ł", "l"))
        name = "".join(one for one in apart if not unicodedata.combining(one))
    return tuple(part.lower() for part in _WORD_ENDS.split(name) if part)


@lru_cache(maxsize=_REMEMBERED)
def segments_of(path: str) -> tuple[str, ...]:
    """Return the names of a path, list indexes left out."""
    found = []
    for part in _SEGMENT.findall(path):
        if part.startswith("["):
            if part[1] == '"':
                found.append(part[2:-2])
        else:
            found.append(part)
    return tuple(found)


class FieldNames:
    """Looks up what kind of value the field at a path holds."""

    def __init__(self, kinds: Iterable[NamedField]) -> None:
        """Index the kinds by their names with the words glued: `first name` is `firstname`."""
        self._kinds: dict[str, list[NamedField]] = {}
        for kind in kinds:
            for name in map(_apart_number, kind.names):
                for glued in {*_glued(name_words(name))}:
                    kinds_of = self._kinds.setdefault(glued, [])
                    if kind not in kinds_of:
                        kinds_of.append(kind)
        # scripts without spaces between words: a name may stand anywhere in a word
        self._unspaced = sorted(
            (one for one in self._kinds if _UNSPACED.match(one)), key=len, reverse=True
        )
        self._of_path: dict[str, tuple[NamedField, ...]] = {}

    def kinds(self, path: str) -> tuple[NamedField, ...]:
        """Return the kinds of value that the path announces, the surest first."""
        known = self._of_path.get(path)
        if known is None:
            known = self._announced(path)
            if len(self._of_path) >= _REMEMBERED:
                self._of_path.clear()
            self._of_path[path] = known
        return known

    def _announced(self, path: str) -> tuple[NamedField, ...]:
        segments = segments_of(path)
        if not segments:
            return ()
        if len(segments[-1]) > _LONGEST_NAME or any(one in path for one in _NO_NAME):
            return ()
        last = _with_number(name_words(segments[-1]))
        above = [word for one in segments[:-1] for word in name_words(one)]
        found = self._named(last, above)
        if not found and len(segments) > 1 and _says_nothing(last):
            # `phone.home`, `contact.phone.value`: the parent has the name
            parent = name_words(segments[-2])
            found = self._named(parent, above[: -len(parent)] if parent else above)
        return found

    def _named(self, words: Sequence[str], above: Sequence[str]) -> tuple[NamedField, ...]:
        """Return the kinds of the names in the words: the longest first, then the last."""
        found: dict[int, NamedField] = {}
        for size in range(min(_LONGEST, len(words)), 0, -1):
            for start in range(len(words) - size, -1, -1):
                if any(one in _ABOUT for one in words[start + size :]):
                    continue
                before = words[start - 1] if start else ""
                for one in self._kinds_of(words[start : start + size]):
                    if (
                        (not one.below and before not in _BEFORE)
                        or before in one.below
                        or (not start and any(word in one.below for word in above[-3:]))
                    ):
                        found[id(one)] = one
        return tuple(found.values())

    def _kinds_of(self, words: Sequence[str]) -> Sequence[NamedField]:
        """Return the kinds that some words, together, are a name of."""
        for glued in _glued(words):
            if glued in self._kinds:
                return self._kinds[glued]
        if len(words) == 1 and _UNSPACED.match(words[0]):
            inside = next((one for one in self._unspaced if one in words[0]), None)
            return self._kinds[inside] if inside is not None else ()
        return ()


def _with_number(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words with a number's word apart that ends one: `rufnr` gives ruf, nr."""
    return tuple(part for word in words for part in _NUMBER_END.sub(" ", word).split(" "))


def _apart_number(name: str) -> str:
    return _NUMBER_END.sub(" ", name) if " " not in name else name


def _glued(words: Sequence[str]) -> tuple[str, ...]:
    """Return a name's words as one, as they are and as their usual spellings."""
    plain = "".join(words)
    return (plain,) if len(words) == 1 else (plain, "".join(map(canonical, words)))


_QUIET = frozenset({
    "value", "values", "number", "numbers", "text", "raw", "home", "work", "mobile", "cell",
    "primary", "secondary", "main", "private", "business", "office", "national", "international",
    "full", "first", "other", "list", "array", "data", "string", "e164", "formatted", "current",
    "old", "new", "original", "default", "from", "to", "input", "given",
})  # fmt: skip


def _says_nothing(words: Sequence[str]) -> bool:
    return all(word in _QUIET for word in words)


def quick_names(kinds: Iterable[NamedField]) -> str:
    """Return a pattern that matches in JSON text wherever a field may be of one of the kinds.

    It ends where the field's value begins; a value that is empty, null or a flag is passed over.
    """
    by_start: dict[str, set[str]] = {}
    for kind in kinds:
        by_start.setdefault(kind.starts, set()).update(
            _apart_number(one) for one in kind.names if one.isascii()
        )
    found = [_quick(names, starts) for starts, names in by_start.items()]
    # names in other letters are spelled in too many ways
    return "|".join([*found, r'[\x80-\xff][^":]*" *:'])


def _quick(names: set[str], starts: str) -> str:
    ordered = sorted(names)
    plain = "|".join(_apart(name) for name in ordered)
    titled = "|".join(_titled(name) for name in ordered)
    value = rf'(?:[\[{{]|(?:"|  )? *{starts}|[0-9\-])'
    return rf"(?:[^A-Za-z](?i:{plain})|[a-zA-Z](?:{titled}))[^\":,{{}}\[\]]*[\"']? *: *{value}"


def _titled(name: str) -> str:
    """Return a pattern of a name that begins with a capital: the rest of it in any case."""
    first, _, rest = name.partition(" ")
    heads = spellings(first) if rest else (first,)
    head = "|".join(f"{one[0].upper()}(?i:{one[1:]})" for one in heads)
    behind = _apart(f"x {rest}").removeprefix("(?:x)") if rest else ""
    return f"(?:{head})(?i:{behind})"


def _apart(name: str) -> str:
    words = name.split(" ")
    if len(words) == 1:
        return name
    return r"[_\-. ]?".join(f"(?:{'|'.join(spellings(word))})" for word in words)
