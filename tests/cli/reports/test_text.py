from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from pipelines.cli.reports.text import WIDTH, text_report
from pipelines.errors import Problem


def told(problem: Problem) -> list[str]:
    (block,) = text_report([problem])
    return block.plain.splitlines()


def test_the_caret_stands_under_the_word_even_in_a_cut_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"{'x' * 150} wrong {'y' * 150}\n")

    _, _, line, caret = told(Problem("w", file, 1, 152, width=5, code="CW0101"))
    start = caret.index("^")
    assert line[start : start + 5] == "wrong"
    assert caret.endswith("^" * 5)
    assert "…" in line
    assert len(line) <= WIDTH + len("1 | ")


def test_what_is_unknown_is_left_out() -> None:
    assert told(Problem("what is wrong")) == ["error: what is wrong"]
    assert told(Problem("w", path="CLEARWATER_X", severity="warning")) == [
        "warning: w", " --> CLEARWATER_X",
    ]  # fmt: skip


def test_a_file_that_is_gone_or_shorter_has_no_excerpt(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    assert len(told(Problem("w", file, 3, 1))) == 2
    file.write_text("one line\n")
    assert len(told(Problem("w", file, 3, 1))) == 2


def test_many_known_words_are_cut_short() -> None:
    known = tuple(f"word{number}" for number in range(60))

    assert told(Problem("w", known=known))[-1].endswith("and 20 more")
    assert told(Problem("w", known=()))[-1].endswith("known: none")


def test_colours_are_for_terminals_only(tmp_path: Path) -> None:
    block = next(iter(text_report([Problem("[red]w[/red]", tmp_path / "a.yaml")])))

    plain, terminal = io.StringIO(), io.StringIO()
    Console(file=plain).print(block)
    Console(file=terminal, force_terminal=True, color_system="standard").print(block)

    assert "\x1b" not in plain.getvalue()
    assert "[red]w[/red]" in plain.getvalue()
    assert "\x1b[1;31m" in terminal.getvalue()
