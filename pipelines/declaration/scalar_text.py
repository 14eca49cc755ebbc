"""Where a character of a YAML scalar's text stands in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_DIGITS = {"x": 2, "u": 4, "U": 8}
_TOKEN = re.compile(r"\w+(?:\.\w+)*|.")


class Span(NamedTuple):
    """A value's place in its file, lines and columns from 1; `end_column` is behind its last."""

    line: int
    column: int
    end_line: int
    end_column: int
    style: str | None
    """YAML's style of a scalar: None or "" plain, `'`, `"`, `|`, `>`; `[` for a collection."""

    @property
    def width(self) -> int:
        """Characters it takes, where it stands on one line; else 1."""
        return max(1, self.end_column - self.column) if self.line == self.end_line else 1


def found_at(
    lines: Sequence[str], span: Span, text: str, offset: int
) -> tuple[int, int, int] | None:
    """Return line, column and width of the word at a character of the scalar's text.

    Args:
        lines: The file.
        span: The scalar's place in it.
        text: Its text, as YAML reads it.
        offset: The character, from 1; one behind the end means the last.

    Returns:
        None where the text is folded in a way that is not followed here.
    """
    wanted = min(offset, len(text)) - 1
    for index, (character, line, column) in enumerate(_characters(lines, span)):
        if index >= len(text) or (character != text[index] and not text[index].isspace()):
            return None
        if index == wanted:
            word = _TOKEN.match(text, wanted)
            return line, column, len(word[0]) if word else 1
    return None


def _characters(lines: Sequence[str], span: Span) -> Iterator[tuple[str, int, int]]:
    """Yield each character of the text, with the line and column it is written at."""
    quote = span.style if span.style in ("'", '"') else ""
    is_block = span.style in ("|", ">")
    first = span.line + 1 if is_block else span.line
    indent = _indent(lines[first - 1]) if is_block and first <= len(lines) else 0
    for number in range(first, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        end = span.end_column - 1 - len(quote) if number == span.end_line else len(line)
        if is_block and number == span.end_line:
            return  # a block ends where the next line begins
        if number == span.line:
            start = span.column - 1 + len(quote)
        else:
            start = indent if is_block else _indent(line)
        if number > first:
            yield " ", number - 1, len(lines[number - 2])
        yield from _written(line, start, end, quote, number)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _written(
    line: str, start: int, end: int, quote: str, number: int
) -> Iterator[tuple[str, int, int]]:
    place = start
    while place < end:
        character, length = line[place], 1
        if quote == "'" and line.startswith("''", place):
            length = 2
        elif quote == '"' and character == "\\" and place + 1 < end:
            kind = line[place + 1]
            digits = _DIGITS.get(kind, 0)
            length = 2 + digits
            if digits:
                character = chr(int(line[place + 2 : place + length], 16))
            else:
                character = _ESCAPES.get(kind, kind)
        yield character, number, place + 1
        place += length
