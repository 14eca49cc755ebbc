"""Things: fields by whose name it is a thing's name or version that stands there, however alike."""

from __future__ import annotations

from functools import lru_cache

from pipelines.field_vocabulary import names_of
from pipelines.privacy.name_words import name_words, segments_of, spelled

_THINGS = frozenset("".join(words) for words in spelled(names_of("things")))
_NAME = frozenset({
    "name", "names", "title", "label", "labels", "caption", "display", "full", "short", "long",
    "text", "value", "nom", "nome", "nombre", "naam", "bezeichnung", "titel", "titre", "titulo",
})  # fmt: skip
"""Words that say no more than that something is called so."""
_VERSIONS = frozenset({"version", "ver", "release", "revision", "build", "firmware"})
_REMEMBERED = 8192


@lru_cache(maxsize=_REMEMBERED)
def is_of_thing(path: str) -> bool:
    """Return True if the field at a path holds what a thing is called: `device.name`, `brand`."""
    for segment in reversed(segments_of(path)[-2:]):
        words = list(name_words(segment))
        while words and words[-1] in _NAME:
            words.pop()
        if words:
            return not _THINGS.isdisjoint({words[-1], words[-1].removesuffix("s")})
    return False


@lru_cache(maxsize=_REMEMBERED)
def is_version(path: str) -> bool:
    """Return True if the field at a path holds a version: `version`, `app.release`, `os_build`."""
    segments = segments_of(path)  # none of a list's item
    words = name_words(segments[-1]) if segments else ()
    return bool(words) and words[-1] in _VERSIONS
