"""Problems for people: the excerpt with a caret, what is wrong, what is known, how to mend it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.text import Text

from pipelines.errors import Problem

WIDTH = 100
"""Characters of a line, where they can be broken."""
_MOST_KNOWN = 40
_STYLES = {"error": "bold red", "warning": "bold yellow"}


def text_report(problems: Iterable[Problem]) -> Iterator[Text]:
    """Yield a block for each problem, in their order; it ends with an empty line."""
    sources: dict[Path, list[str]] = {}
    for problem in problems:
        yield Text("\n").join([*_block(problem, sources), Text()])


def _block(problem: Problem, sources: dict[Path, list[str]]) -> Iterator[Text]:
    style = _STYLES[problem.severity]
    name = f"{problem.severity}[{problem.code}]" if problem.code else problem.severity
    for number, line in enumerate(textwrap.wrap(f"{name}: {problem.what}", WIDTH)):
        found = Text(line, style="bold")
        if number == 0:
            found.stylize(style, 0, len(name))
        else:
            found = Text("  ") + found
        yield found
    margin = len(str(problem.line)) if problem.line else 1
    gutter = Text(f"{' ' * margin} | ", style="blue")
    yield from _place(problem, margin)
    excerpt = _excerpt(problem, sources)
    if excerpt is not None:
        line, start, width = excerpt
        yield Text(f"{problem.line} | ", style="blue") + Text(line)
        yield gutter + Text(" " * start) + Text("^" * width, style=style)
    for label, words in _advice(problem):
        lines = textwrap.wrap(words, WIDTH - margin - 10, break_on_hyphens=False)
        for number, line in enumerate(lines):
            head = f"{label}: " if number == 0 else " " * (len(label) + 2)
            yield Text(f"{' ' * margin} = ", style="blue") + Text(head, style="bold") + Text(line)


def _place(problem: Problem, margin: int) -> Iterator[Text]:
    where = ":".join(str(one) for one in (problem.file, problem.line, problem.column) if one)
    told = ", ".join(part for part in (where, problem.path) if part)
    if told:
        yield Text(f"{' ' * margin}--> ", style="blue") + Text(told)


def _advice(problem: Problem) -> Iterator[tuple[str, str]]:
    if problem.known is not None:
        shown = ", ".join(problem.known[:_MOST_KNOWN])
        more = len(problem.known) - _MOST_KNOWN
        yield "known", (shown or "none") + (f" and {more} more" if more > 0 else "")
    near = f"did you mean `{problem.near}`?" if problem.near else ""
    fix = f"{near} Or {problem.fix}" if near and problem.fix else near or problem.fix
    if fix:
        yield "fix", fix


def _excerpt(problem: Problem, sources: dict[Path, list[str]]) -> tuple[str, int, int] | None:
    """Return the line, and where in it and how long the caret is; a long line is cut."""
    if problem.file is None or problem.line is None or problem.column is None:
        return None
    if problem.file not in sources:
        try:
            text = problem.file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        sources[problem.file] = text.splitlines()
    lines = sources[problem.file]
    if problem.line > len(lines):
        return None
    line = lines[problem.line - 1].replace("\t", " ").rstrip()
    start = min(problem.column - 1, len(line))
    width = max(1, min(problem.width, len(line) - start))
    if len(line) > WIDTH:
        cut = max(0, min(start - WIDTH // 3, len(line) - WIDTH))
        end = cut + WIDTH
        left, right = "…" if cut else "", "…" if end < len(line) else ""
        line = left + line[cut + len(left) : end - len(right)] + right
        start -= cut
        width = max(1, min(width, len(line) - start))
    return line, start, width
