"""All pages, and finding one by what somebody typed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pipelines.errors import ConfigError
from pipelines.reference import conditions, findings, guides, language, operations, problems
from pipelines.reference.page import Page


def all_pages() -> tuple[Page, ...]:
    """Return every page but those of the commands, kind by kind."""
    modules = (guides, language, conditions, findings, operations, problems)
    return tuple(page for module in modules for page in module.pages())


def found(pages: Iterable[Page], words: tuple[str, ...]) -> tuple[Page, ...]:
    """Return the pages of a name, or of a kind and a name: `mask`, `step remove`.

    Raises:
        ConfigError: There is none, with what is near.
    """
    asked = " ".join(words).casefold()
    known: dict[str, list[Page]] = {}
    for page in pages:
        for name in (page.name, f"{page.kind} {page.name}"):
            known.setdefault(name.casefold(), []).append(page)
    if asked in known:
        return tuple(known[asked])
    near = difflib.get_close_matches(asked, known, n=3, cutoff=0.6)
    near += [name for name in known if asked in name][:5]
    names = ", ".join(f"`{name}`" for name in dict.fromkeys(near))
    advice = f"did you mean {names}?" if near else "`clearwater help` lists all there are"
    raise ConfigError(f"there is no page `{' '.join(words)}`; {advice}")
