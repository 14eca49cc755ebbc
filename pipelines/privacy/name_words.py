"""Words of names: how the names of fields are taken apart, and in how many ways one is spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W\d_]+")
_OTHER_CAPITAL = re.compile(  # Greek, Cyrillic
    "(?<=[\u03ac-\u03ce\u0430-\u045f\u0491])(?=[\u0386-\u03ab\u0400-\u042f\u0490])"
)
_SEGMENT = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.\[]+')
_TREATED = re.compile(r"<[A-Z0-9_]+>")  # what stands where a name was found to hold something
_NUMBER_END = re.compile(r"(?<=[a-z]{2})(?=(?:number|nummer|nbr|num|nr|no)$)")  # `cardno`, `rufnr`
_PLAIN = {
    "ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
    "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "\u0131": "i",
}  # fmt: skip
_WITH_MARKS = re.compile("[" + "".join(_PLAIN) + "]")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_JOINTS = frozenset({
    "de", "di", "do", "da", "du", "des", "del", "della", "dos", "das", "la", "le", "el", "of",
    "the", "van", "d", "l",
})  # fmt: skip
"""Small words inside of names, which some leave out: `numero de carte`."""
_REMEMBERED = 8192


@lru_cache(maxsize=_REMEMBERED)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, lower case, without accents: `homePhone_2` gives home, phone."""
    if "<" in name:
        name = _TREATED.sub(" ", name)
    if not name.isascii():
        name = _OTHER_CAPITAL.sub(" ", unicodedata.normalize("NFC", name))
        name = _WITH_MARKS.sub(lambda found: _PLAIN[found[0]], name)
        apart = unicodedata.normalize("NFKD", name)
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


def with_number(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words with a number's word apart that ends one: `rufnr` gives ruf, nr."""
    return tuple(part for word in words for part in _NUMBER_END.sub(" ", word).split(" "))


def spelled(names: Iterable[str]) -> dict[tuple[str, ...], None]:
    """Return the words of each name in all ways in which it is written, without accents.

    `führerschein` is `fuhrerschein` and `fuehrerschein`, `numero de carte` also `numero carte`.
    """
    found: dict[tuple[str, ...], None] = {}
    for name in names:
        apart = _NUMBER_END.sub(" ", name) if " " not in name else name
        for one in (apart, apart.translate(_SPELLED_OUT)):
            words = name_words(one)
            found[words] = None
            found[tuple(word for word in words if word not in _JOINTS) or words] = None
    return found
