"""Quick names: one pattern for every place where JSON text may name a field of some kind."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.detector import ANY_START, NamedField
from pipelines.field_vocabulary import names_of
from pipelines.privacy.name_words import spelled
from pipelines.privacy.neighbours import HOLDING
from pipelines.privacy.short_words import spellings

_BEGINNING = 4  # letters: all names in full would be an automaton that no memory holds

_BETWEEN = r"[_\-. ]?"


def quick_names(kinds: Iterable[NamedField]) -> str:
    """Return a pattern that matches in JSON text wherever a field may be of one of the kinds.

    It knows how the names begin, and how the values do: it ends where the field's value begins,
    and passes over one that is empty, null or a flag.
    """
    by_start: dict[str, set[str]] = {}
    for kind in kinds:
        by_start.setdefault(kind.starts, set()).update(_beginnings(kind.names))
    if by_start:  # `{"type": "phone", "value": "555"}`
        by_start.setdefault(ANY_START, set()).update(one[:_BEGINNING] for one in HOLDING)
    found = [_quick(_shortest(names), starts) for starts, names in by_start.items() if names]
    # names in other letters are spelled in too many ways
    return "|".join([*found, r'[\x80-\xff][^":]*" *:'])


def _beginnings(names: Iterable[str]) -> set[str]:
    """Return how names begin, and what they may be glued to does; `_` is between two words."""
    found = {one[:_BEGINNING] for one in names_of("whose")}
    for words in spelled(names):
        if not "".join(words).isascii():
            continue
        heads = {""}
        for word in words:
            written = spellings(word) if len(words) > 1 else (word,)
            heads = {
                head
                if _letters(head) >= _BEGINNING
                else f"{head}_{one}".lstrip("_")[: _BEGINNING + head.count("_") + bool(head)]
                for head in heads
                for one in written
            }
        found |= heads
    return found


def _letters(beginning: str) -> int:
    return len(beginning) - beginning.count("_")


def _shortest(beginnings: set[str]) -> list[str]:
    """Return those that no other one is the beginning of."""
    return sorted(
        one for one in beginnings if not any(one[:end] in beginnings for end in range(1, len(one)))
    )


def _quick(beginnings: Iterable[str], starts: str) -> str:
    plain = "|".join(beginnings).replace("_", _BETWEEN)
    titled = "|".join(f"{one[0].upper()}(?i:{one[1:]})" for one in beginnings)
    titled = titled.replace("_", _BETWEEN)
    value = rf'(?:[\[{{]|(?:"|  ) *{starts}|[0-9\-])'
    name = rf"(?:[^A-Za-z](?i:{plain})|[a-zA-Z](?:{titled}))"
    return rf"{name}[^\":,;{{}}\[\]]*[\"' ] *: *{value}"
