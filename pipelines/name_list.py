"""Names of people: common given names and surnames, for telling a person from other words.

Of the US census of 1990 (public domain) and of lists of common names by country: facts, without
order. A name that is also a word of English, such as Mark or Price, is kept apart.
"""

from __future__ import annotations

import lzma
from functools import cache
from importlib.resources import files

_FILE = "name_list.txt.xz"


@cache
def _lists() -> tuple[frozenset[str], ...]:
    text = lzma.decompress(files("pipelines").joinpath(_FILE).read_bytes()).decode()
    return tuple(frozenset(line.split(" ")) for line in text.split("\n"))


@cache
def all_names() -> frozenset[str]:
    """Return every name of the lists, lower case."""
    return frozenset().union(*_lists())


def is_given_name(word: str) -> bool:
    """Return True for a given name that is hardly anything else; any case."""
    return word.lower() in _lists()[0]


def may_be_given_name(word: str) -> bool:
    """Return True for any given name, those that are also words included."""
    lower = word.lower()
    return lower in _lists()[0] or lower in _lists()[1]


def is_surname(word: str) -> bool:
    """Return True for a surname that is hardly anything else; any case."""
    return word.lower() in _lists()[2]


def may_be_surname(word: str) -> bool:
    """Return True for any surname, those that are also words included."""
    lower = word.lower()
    return lower in _lists()[2] or lower in _lists()[3]
