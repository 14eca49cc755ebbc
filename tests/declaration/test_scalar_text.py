from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.declaration.document import read
from pipelines.declaration.scalar_text import found_at


def pointed(folder: Path, text: str, word: str) -> str | None:
    """Return what stands in the file where a word of the value of `a` is said to be."""
    file = folder / "a.yaml"
    file.write_text(text, encoding="utf-8")
    document = read(file)
    value = document.data["a"]
    offset = value.index(word) + 1
    found = found_at(document.lines, document.spans["a",], value, offset)
    if found is None:
        return None
    line, column, width = found
    return document.lines[line - 1][column - 1 : column - 1 + width]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: one two(three)\n", id="plain"),
        pytest.param("a: 'one ''x'' two(three)'\n", id="single quotes"),
        pytest.param('a: "one \\"x\\" \\u00e9\\x41\\t two(three)"\n', id="double quotes"),
        pytest.param("a: |\n  one\n    two(three)\n  four\nb: 1\n", id="a block"),
        pytest.param("a: >-\n  one\n  two(three)\nb: 1\n", id="a folded block"),
        pytest.param("a: one\n  two(three)\nb: 1\n", id="plain over two lines"),
        pytest.param("{a: one two(three), b: 1}\n", id="in braces"),
    ],
)
def test_a_word_of_a_text_is_found_where_it_is_written(tmp_path: Path, text: str) -> None:
    assert pointed(tmp_path, text, "two") == "two"
    assert pointed(tmp_path, text, "three") == "three"


def test_a_folding_that_is_not_followed_gives_no_place(tmp_path: Path) -> None:
    assert pointed(tmp_path, "a: >\n  one\n\n  two\n\n\n  three\n", "three") is None


def test_an_offset_behind_the_end_means_the_last_character(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: one +\n")
    document = read(file)

    assert found_at(document.lines, document.spans["a",], "one +", 99) == (1, 8, 1)
