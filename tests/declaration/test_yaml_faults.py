from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.declaration.document import read
from pipelines.errors import ConfigError

BRACKET = "the bracket `{}` in line 1 is not closed, or a comma is missing"
BEHIND = "this stands behind a value that has ended"
NOWHERE = "this line belongs to none of those before it"


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a: [1\nb: 2", (2, 2), BRACKET.format("[")),
        ("a: {b: [c}", (1, 10), BRACKET.format("[")),
        ("a: {b c: d, e", (1, 14), BRACKET.format("{")),
        ("a: [", (1, 5), "the file ends within a bracket"),
        ("a: ]", (1, 4), "this closes no bracket"),
        ("a: 'x\nb: 1", (2, 5), "the quote `'` in line 1 is not closed"),
        ("a: 1\nsteps\n  - {b: c}", (2, 1), "`steps` is no key: its colon is missing"),
        ("a: b: c", (1, 5), "a second colon in one line"),
        ("a\nb: 1", (2, 2), "this colon makes a key of no line"),
        ("steps:\n  - x\n - y", (3, 2), NOWHERE),
        ("a: 1\n- b", (2, 1), NOWHERE),
        ("when: 'x' == 'y'", (1, 11), BEHIND),
        ('when: "header("x") == 1"', (1, 16), BEHIND),
        ("{a: 1}, b", (1, 7), BEHIND),
        ('a: "\\d+"', (1, 6), "a backslash with d means nothing in double quotes"),
        ("a: x\n\tb: 1", (2, 1), "a tab stands here"),
        ("a: @x", (1, 4), "`@` cannot begin a value"),
        ("a: *x", (1, 4), "`*x` stands for nothing: there is no `&x` before it"),
        ("a: - b", (1, 4), "a list begins in the middle of a line"),
        ("a: 1\n---\nb: 2", (2, 1), "a second document begins here"),
        ("a: |\n  b\x07", (2, 4), "the control character U+0007 stands here"),
        (b"a: \xff", (1, 1), "not UTF-8: the byte at 3 begins no character"),
        ("a: >2x\n", (1, 6), "while scanning a block scalar expected chomping or"),
    ],
)
def test_what_is_no_yaml_is_told_with_place_and_mend(
    tmp_path: Path, text: str | bytes, place: tuple[int, int], what: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as failure:
        read(file)
    (problem,) = failure.value.problems
    assert problem.what.startswith(f"not valid YAML: {what}")
    assert (problem.line, problem.column, problem.code) == (*place, "CW0002")
    assert problem.fix
