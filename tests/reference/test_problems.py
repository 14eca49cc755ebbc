from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.workspace import TrialKeyring
from pipelines.declaration.check import check
from pipelines.declaration.project import load
from pipelines.errors import Problem
from pipelines.privacy.scan import Scan
from pipelines.problem_code import ProblemCode
from pipelines.problem_codes import PROBLEM_CODES
from pipelines.reference.problems import page_of
from pipelines.runtime.assembly import Parts, assemble, registry_from
from pipelines.settings import Settings
from tests.support.broken import files_of, write

NO_DECLARATION = {"CW0001", "CW0008", "CW0009", "CW0205", "CW0206", "CW0801"}
"""Codes of the file system and the environment: their examples show those."""

SCAN = Scan()


def problems(folder: Path, example: str) -> list[Problem]:
    write(folder, files_of(example))
    project = load(folder)
    check(project, {"dead-letters", "customers"})
    assemble(project, Parts(TrialKeyring(), registry_from(Settings(), folder), SCAN))
    return project.problems


@pytest.mark.parametrize(
    "one", [one for code, one in PROBLEM_CODES.items() if code not in NO_DECLARATION],
    ids=lambda one: one.name,
)  # fmt: skip
def test_the_examples_of_a_code_are_wrong_and_right(one: ProblemCode, tmp_path: Path) -> None:
    wrong = problems(tmp_path / "wrong", one.wrong)

    assert one.code in {problem.code for problem in wrong if problem.severity == one.severity}
    assert problems(tmp_path / "right", one.right) == []


@pytest.mark.parametrize("one", PROBLEM_CODES.values(), ids=lambda one: one.name)
def test_a_page_tells_meaning_and_both_examples(one: ProblemCode) -> None:
    text = page_of(one).markdown

    assert text.startswith(f"# {one.code}\n")
    for part in (one.title, one.meaning, one.wrong.strip(), one.right.strip()):
        assert part in text
    assert one.meaning.endswith(".")
    assert not one.title.endswith(".")
