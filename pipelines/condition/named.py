"""What to say of a name that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return that there is no such name, which ones there are, and which may be meant."""
    listed = sorted(known)
    near = difflib.get_close_matches(name, listed, n=1)
    advice = f"; did you mean `{near[0]}`?" if near else ""
    return f"no {what} `{name}`; known: {', '.join(listed) or 'none'}{advice}"
