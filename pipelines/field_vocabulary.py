"""Field vocabulary: what fields are called that hold personal data or secrets, in any language."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_FILE = "field_vocabulary.txt"
_SECTION = re.compile(r"^\[(\w+)\].*\n((?:[^\[#\n].*\n)+)", re.MULTILINE)


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    text = files("pipelines").joinpath(_FILE).read_text(encoding="utf-8")
    return {
        section: tuple(name.strip() for name in names.replace("\n", " ").split(",") if name.strip())
        for section, names in _SECTION.findall(text)
    }


def names_of(section: str) -> tuple[str, ...]:
    """Return the names of one section of the list: lower case, words apart by a space.

    Raises:
        KeyError: There is no such section.
    """
    return _sections()[section]
