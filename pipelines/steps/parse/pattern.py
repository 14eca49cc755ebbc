"""A pattern of the author's own, in RE2 syntax: linear time on any text."""

from __future__ import annotations

import re2

from pipelines.field_path import MISSING
from pipelines.shape import NULLABLE_STRING
from pipelines.steps.parse.format import Format


def pattern_format(pattern: str) -> Format:
    """Return the format whose fields are the named groups of a pattern.

    The pattern is searched for in the text: `^` and `$` tie it to the ends. A group that took
    no part is null.

    Raises:
        ValueError: It is no pattern, or names no group.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern.encode(), options)
    except re2.error as error:
        raise ValueError(
            f"no RE2 pattern: {_text(error)}; it has no look-around and no back-references, "
            "so that it takes linear time"
        ) from None
    groups = tuple((name.decode(), index) for name, index in compiled.groupindex.items())
    if not groups:
        raise ValueError("the pattern names no group: write (?P<field>…) for each field")
    # the public methods make a match object per record, which doubles the time
    match = compiled._regexp.Match  # type: ignore[attr-defined] # noqa: SLF001 - see above
    unanchored = re2._Anchor.UNANCHORED  # type: ignore[attr-defined] # noqa: SLF001 - see above

    def read(text: str, timestamp: int) -> object:
        del timestamp
        encoded = text.encode(errors="surrogatepass")
        spans = match(unanchored, encoded, 0, len(encoded))
        if spans[0][0] < 0:
            return MISSING
        fields = {}
        for name, index in groups:
            start, end = spans[index]
            fields[name] = encoded[start:end].decode(errors="replace") if start >= 0 else None
        return fields

    return Format(read, dict.fromkeys((name for name, _ in groups), NULLABLE_STRING))


def _text(error: Exception) -> str:
    (reason,) = error.args
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
