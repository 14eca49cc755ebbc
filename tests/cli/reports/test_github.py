from __future__ import annotations

from pathlib import Path

from pipelines.cli.reports.github import github_report
from pipelines.errors import Problem


def test_what_the_runner_would_read_as_its_own_is_escaped() -> None:
    problem = Problem("50% of\r\nall: x,y", Path("a,b:c%.yaml"), 3, 5, "p", code="CW0101", width=2)

    (line,) = github_report([problem])
    assert line == (
        "::error file=a%2Cb%3Ac%25.yaml,line=3,endLine=3,col=5,endColumn=6,"
        "title=CW0101 A key is unknown::p: 50%25 of%0D%0Aall: x,y"
    )


def test_what_is_unknown_is_left_out() -> None:
    assert list(github_report([Problem("w", severity="warning")])) == ["::warning::w"]
