"""What is wrong with a text that is no YAML, in the words of who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from pipelines.errors import Problem

_CODE = "CW0002"
_ANY = "a bracket, quote, colon or indent is wrong here or in the line before"
_QUOTES = 'put the whole value in quotes of the other kind: \'header("x") == "1"\''

_FAULTS: tuple[tuple[str, str, str], ...] = (
    (r"found character '\\t'", "a tab stands here", "indent with spaces"),
    (
        r"found character (?P<found>'.*?'|\".*?\") that cannot",
        "`{found}` cannot begin a value",
        "put the value in quotes",
    ),
    (
        r"undefined alias '(?P<found>.*)'",
        "`*{found}` stands for nothing: there is no `&{found}` before it",
        "write `&{found}` before what it stands for; a text that begins with `*` goes in quotes",
    ),
    (
        r"found another document",
        "a second document begins here",
        "take out `---`: each pipeline, policy or test file is a file of its own",
    ),
    (
        r"quoted scalar found unexpected end",
        "the quote `{opened}` in line {line} is not closed",
        'close it; in single quotes a quote is written twice, in double quotes as `\\"`',
    ),
    (
        r"unknown escape character (?P<found>'.*?'|\".*?\")",
        "a backslash with {found} means nothing in double quotes",
        "use single quotes, in which a backslash is itself, or write it twice",
    ),
    (
        r"flow (?:mapping|sequence) expected",
        "the bracket `{opened}` in line {line} is not closed, or a comma is missing",
        "close it; a text that holds a comma, colon or bracket goes in quotes",
    ),
    (r"sequence entries are not allowed", "a list begins in the middle of a line",
     "begin it in the next line, or write it in brackets: [a, b]"),
    (r"content, but found '<stream end>'", "the file ends within a bracket", "close the bracket"),
    (r"expected the node content, but found '[]}]'", "this closes no bracket", "take it out"),
)  # fmt: skip


def marked(error: MarkedYAMLError, lines: Sequence[str]) -> Problem:
    """Return what the parser stumbled over, with its place.

    Args:
        error: What the parser says.
        lines: The text.
    """
    why = " ".join(part for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if "could not find expected ':'" in why and error.context_mark:
        at = error.context_mark
        word = lines[at.line][at.column :].strip()
        return _problem(
            f"`{word}` is no key: its colon is missing", "write `key: value`", at.line, at.column
        )
    for pattern, what, fix in _FAULTS:
        match = re.search(pattern, why)
        if match:
            words = {**match.groupdict(), **_opened(error, lines)}
            words["found"] = str(words.get("found")).strip("'\"")
            return _problem(_filled(what, words), _filled(fix, words), line, column)
    before = lines[line][:column] if line < len(lines) else ""
    for pattern, what, fix in _by_place(before):
        if re.search(pattern, why):
            return _problem(what, fix, line, column)
    return _problem(why, _ANY, line, column)


def unreadable(error: ReaderError | UnicodeDecodeError, text: str) -> Problem:
    """Return what is wrong with the characters of a file.

    Args:
        error: What could not be read.
        text: The file's text; empty where it is no text.
    """
    if isinstance(error, UnicodeDecodeError):
        what = f"not UTF-8: the byte at {error.start} begins no character"
        return _problem(what, "save it as UTF-8", 0, 0)
    before = text[: error.position].split("\n")
    what = f"the control character U+{ord(text[error.position]):04X} stands here"
    return _problem(what, "take it out", len(before) - 1, len(before[-1]))


def _by_place(before: str) -> tuple[tuple[str, str, str], ...]:
    """Return faults that are told apart by what stands before them in their line."""
    behind = bool(before.strip())
    return (
        (
            r"expected (<block end>|'<document start>')",
            "this stands behind a value that has ended"
            if behind
            else "this line belongs to none of those before it",
            _QUOTES if behind else "indent it like the lines that it belongs to",
        ),
        (
            r"mapping values are not allowed",
            "a second colon in one line" if ":" in before else "this colon makes a key of no line",
            "put a text that holds a colon in quotes, and a key in a line of its own"
            if ":" in before
            else "indent the line like the keys beside it; the line before may lack its colon",
        ),
    )


def _opened(error: MarkedYAMLError, lines: Sequence[str]) -> dict[str, str]:
    """Return the bracket or quote that was opened, and its line."""
    mark = error.context_mark
    if mark is None or mark.line >= len(lines):
        return {}
    return {"opened": lines[mark.line][mark.column : mark.column + 1], "line": f"{mark.line + 1}"}


def _filled(text: str, words: dict[str, str]) -> str:
    """Return a text with its words; other braces stay."""
    return re.sub(r"\{(found|opened|line)\}", lambda match: words[match[1]], text)


def _problem(what: str, fix: str, line: int, column: int) -> Problem:
    message = f"not valid YAML: {what}"
    return Problem(message, line=line + 1, column=column + 1, code=_CODE, fix=fix)
