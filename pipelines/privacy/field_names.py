"""Field names: the words of a path, and the kind of value that they announce."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipelines.detector import NamedField
from pipelines.field_vocabulary import names_of
from pipelines.privacy.name_words import name_words, segments_of, spelled, with_number
from pipelines.privacy.short_words import canonical

_NO_LETTERS = re.compile(r"[\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST_NAME = 64  # characters; longer ones are texts
_NO_NAME = "{}=;\\"  # what has these is a text, not a name
_LONGEST = 5  # words of a name
_LEAST_GLUED = 4  # letters of a name that another word is glued to
_SHORT_GLUED = frozenset({
    "ssn", "dob", "pin", "zip", "npi", "mrn", "otp", "cvv", "cvc", "tel", "pwd", "vin", "plz",
})  # fmt: skip
_WHOSE = {
    first: sorted((one for one in names_of("whose") if one[0] == first), key=len, reverse=True)
    for first in {one[0] for one in names_of("whose")}
}
"""By their first letter, the longest first."""
_BEHIND = names_of("behind")
_LEAST_PLURAL = 4
_SECRET = frozenset({"API_KEY", "PASSWORD"})  # `secret_name` is not secret
_OF_MANY = frozenset({"ADDRESS", "PERSON", "USERNAME"})
_REMEMBERED = 8192

_ABOUT = frozenset({
    "at", "type", "types", "verified", "valid", "validated", "enabled", "disabled", "required",
    "count", "counts", "status", "hash", "hashed", "format", "length", "len", "model", "brand",
    "policy", "expiry", "expires", "expired", "expiration", "ttl", "hint", "id", "ids", "uuid",
    "version", "created", "updated", "changed", "reset", "attempts", "limit", "limits",
    "strength", "age", "rotated", "last4", "masked", "confirmed", "url", "uri", "link", "path",
    "file", "label", "labels", "placeholder", "regex", "pattern", "key", "keys", "index",
    "schema", "match", "score", "source", "method", "plan", "provider", "column", "field",
    "fields", "is", "has", "ref", "arn", "manager", "engine", "sessions", "events", "calls",
    "pages", "views", "clicks", "flag", "prefix", "suffix", "country", "space", "class", "used",
    "total", "sent", "tokens", "requestor", "requester", "max", "min", "budget", "rate", "usage",
    "template", "agent",
})  # fmt: skip
"""Words behind a name that make it speak about the value, not hold it: `password_changed_at`."""
_BEFORE = frozenset({
    "file", "host", "domain", "event", "class", "column", "table", "field", "product", "item",
    "app", "application", "service", "topic", "node", "queue", "bucket", "function", "method",
    "module", "package", "component", "display", "cluster", "project", "device", "model", "brand",
    "company", "org", "organization", "organisation", "team", "group", "role", "tag", "metric",
    "job", "task", "pod", "container", "namespace", "index", "schema", "step", "stage", "branch",
    "page", "next", "csrf", "continuation", "cursor", "sync", "max", "min",
    "count", "total", "prompt", "completion", "input", "output", "cached", "reasoning",
    "is", "has", "bundle", "plan", "category", "city", "country", "state", "region", "server",
    "database", "db", "log", "logger", "thread", "process", "feature", "campaign", "channel",
    "store", "shop", "currency", "image", "test", "sku",
})  # fmt: skip
"""Words before a weak name that make it another's: `file_name`, `next_token`."""


class FieldNames:
    """Looks up what kind of value the field at a path holds."""

    def __init__(self, kinds: Iterable[NamedField]) -> None:
        """Index the kinds by their names with the words glued: `first name` is `firstname`."""
        self._kinds: dict[str, list[NamedField]] = {}
        for kind in kinds:
            for words in spelled(kind.names):
                for glued in {*_glued(words)}:
                    kinds_of = self._kinds.setdefault(glued, [])
                    if kind not in kinds_of:
                        kinds_of.append(kind)
        # scripts without spaces between words: a name may stand anywhere in a word
        self._unspaced = sorted(
            (one for one in self._kinds if _UNSPACED.match(one)), key=len, reverse=True
        )
        self._weak = {
            name: found
            for name, kinds_of in self._kinds.items()
            if (found := tuple(kind for kind in kinds_of if kind.below))
        }
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

    def weak(self, name: str) -> tuple[NamedField, ...]:
        """Return the kinds that a field's name would announce in the right company."""
        return self._weak.get(_NO_LETTERS.sub("", name).lower(), ())

    def _announced(self, path: str) -> tuple[NamedField, ...]:
        segments = segments_of(path)
        if not segments:
            return ()
        if len(segments[-1]) > _LONGEST_NAME or any(one in path for one in _NO_NAME):
            return ()
        last = self._apart(with_number(name_words(segments[-1])))
        above = [word for one in segments[:-1] for word in name_words(one)]
        found = self._named(last, above)
        if not found and len(segments) > 1 and _says_nothing(last):
            # `phone.home`, `contact.phone.value`: the parent has the name
            parent = self._apart(with_number(name_words(segments[-2])))
            found = self._named(parent, [word for one in segments[:-2] for word in name_words(one)])
        return found

    def _named(self, words: Sequence[str], above: Sequence[str]) -> tuple[NamedField, ...]:
        """Return the kinds of the names in the words: the longest first, then the last."""
        found: dict[int, NamedField] = {}
        over = {form for word in above[-3:] for form in (word, word.removesuffix("s"))}
        for size in range(min(_LONGEST, len(words)), 0, -1):
            for start in range(len(words) - size, -1, -1):
                behind = words[start + size :]
                if any(one in _ABOUT for one in behind):
                    continue
                before = words[start - 1] if start else ""
                for one in self._kinds_of(words[start : start + size]):
                    if one.is_alone and size < len(words):
                        continue
                    if "name" in behind and one.entity in _SECRET:
                        continue
                    if (
                        (not one.below and (one.is_firm or before not in _BEFORE))
                        or before in one.below
                        or (not start and not over.isdisjoint(one.below))
                    ):
                        found[id(one)] = one
        return tuple(found.values())

    def _apart(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the words with names apart from who they are glued to: `custphone`."""
        found: list[str] = []
        for word in words:
            name = word
            if word not in self._kinds and word.isascii():
                whose = self._whose(word)
                name = word.removeprefix(whose)
                found += (whose,) if whose else ()
                name = next((rest for rest in _rests(name) if rest in self._kinds), name)
            found.append(name)
        return tuple(found)

    def _whose(self, word: str) -> str:
        """Return what a name is glued to in a word, "" if there is none."""
        for whose in _WHOSE.get(word[:1], ()):
            rest = word.removeprefix(whose)
            if rest != word and any(
                one in self._kinds and (len(one) >= _LEAST_GLUED or one in _SHORT_GLUED)
                for one in (rest, *_rests(rest))
            ):
                return whose
        return ""

    def _kinds_of(self, words: Sequence[str]) -> Sequence[NamedField]:
        """Return the kinds that some words, together, are a name of."""
        for glued in _glued(words):
            if glued in self._kinds:
                return self._kinds[glued]
        if len(words) == 1 and words[0][-1:] == "s" and len(words[0]) > _LEAST_PLURAL:
            several = self._kinds.get(words[0][:-1]) or self._kinds.get(words[0][:-2]) or ()
            return [one for one in several if one.is_firm or one.entity in _OF_MANY]
        if len(words) == 1 and _UNSPACED.match(words[0]):
            inside = next((one for one in self._unspaced if one in words[0]), None)
            return self._kinds[inside] if inside is not None else ()
        return ()


def _rests(word: str) -> Iterator[str]:
    """Yield a word without what may be glued to its end."""
    return (word.removesuffix(one) for one in _BEHIND if word.endswith(one))


def _glued(words: Sequence[str]) -> tuple[str, ...]:
    """Return a name's words as one, as they are and as their usual spellings."""
    plain = "".join(words)
    return (plain,) if len(words) == 1 else (plain, "".join(map(canonical, words)))


_QUIET = frozenset({
    "value", "values", "number", "numbers", "text", "raw", "home", "work", "mobile", "cell",
    "primary", "secondary", "main", "private", "business", "office", "national", "international",
    "full", "first", "other", "list", "array", "data", "string", "e164", "formatted", "current",
    "old", "new", "original", "default", "from", "to", "input", "given", "nummer", "numero", "nr",
    "no", "num", "numer", "cislo", "nomor", "broj", "wert", "valor", "valeur", "valore", "waarde",
    "privat", "arbeit", "casa", "trabajo", "trabalho", "lavoro", "maison", "travail", "thuis",
})  # fmt: skip


def _says_nothing(words: Sequence[str]) -> bool:
    return all(word in _QUIET for word in words)
