from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipelines.declaration.project import Project, load, load_one, ordered, pipeline_named
from pipelines.errors import ConfigError
from tests.support.declared import GOOD, POLICY

Load = Callable[[Mapping[str, str]], Project]


def test_a_folder_of_good_files_has_no_problems(loaded: Load) -> None:
    project = loaded(
        {
            "orders.yaml": GOOD,
            "policies/default.yaml": POLICY,
            "tables/regions.yaml": "inline: {DE: Europe}\n",
            "orders.test.yaml": "tests: [{id: one, given: {value: {}}}]\n",
            ".hidden/broken.yaml": "[",
        }
    )

    assert project.problems == []
    assert list(project.pipelines) == ["orders"]
    assert list(project.policies) == ["default"]
    assert list(project.tables) == ["regions"]
    assert len(project.cases) == 1


@pytest.mark.parametrize(
    ("change", "line", "path", "words"),
    [
        pytest.param(
            ("step: drop", "step: dorp"), 4, "steps[0]",
            ["unknown step `dorp`", "did you mean `drop`"],
            id="a step nobody knows",
        ),
        pytest.param(
            ("when: ", "wen: "), 4, "steps[0].wen",
            ["unknown key `wen`", "known: id, reason, step, when", "did you mean `when`?"],
            id="a key that is misspelt",
        ),
        pytest.param(
            ("id: tests, ", ""), 4, "steps[0].id", ["key `id` is missing"],
            id="a key that is missing",
        ),
        pytest.param(
            ("value: json", "value: jsno"), 2, "source.value",
            ["known: avro, bytes, json, text; did you mean `json`?"],
            id="a format nobody knows",
        ),
        pytest.param(
            ("privacy: {policy: default}", "privacy: {scan: {nothing: short}}"), 5,
            "privacy.scan.nothing", ["10 characters"], id="scan nothing without a reason",
        ),
        pytest.param(
            ("privacy: {policy: default}", "privacy: {fields: {a: {msk: {}}}}"), 5,
            "privacy.fields.a", ["unknown treatment `msk`", "mask"], id="a treatment nobody knows",
        ),
        pytest.param(
            ("privacy: {policy: default}", "privacy: {fields: {a: {mask: {keep: 4}}}}"), 5,
            "privacy.fields.a.mask.keep", ["unknown key `keep`", "keep_last"],
            id="an option nobody knows",
        ),
        pytest.param(
            ("{topic: orders.dead}", "{topic: orders.dead, stop_above: 5}"), 7,
            "dead_letter.stop_above", ["5%"], id="a share without a per cent sign",
        ),
    ],
)  # fmt: skip
def test_a_problem_names_file_line_path_and_what_is_known(
    loaded: Load, change: tuple[str, str], line: int, path: str, words: list[str]
) -> None:
    project = loaded({"orders.yaml": GOOD.replace(*change), "policies/default.yaml": POLICY})

    (problem,) = project.errors
    assert problem.file is not None
    assert (problem.file.name, problem.line, problem.path) == ("orders.yaml", line, path)
    for word in words:
        assert word in problem.message


def test_every_problem_of_every_file_is_told_at_once(loaded: Load) -> None:
    project = loaded(
        {
            "a.yaml": GOOD.replace("step: drop", "step: dorp").replace("value: json", "value: x"),
            "b.yaml": "policy: default\nfound: {default: {redct: {}}}\n",
            "c.yaml": "nonsense: 1\n",
            "d.yaml": "[",
        }
    )

    assert [problem.file.name for problem in project.errors if problem.file] == [
        "a.yaml", "a.yaml", "b.yaml", "c.yaml", "d.yaml",
    ]  # fmt: skip


def test_two_pipelines_of_one_name_are_refused(loaded: Load) -> None:
    project = loaded({"a.yaml": GOOD, "b.yaml": GOOD, "policies/default.yaml": POLICY})

    (problem,) = project.errors
    assert "declared in" in problem.message


def test_a_table_file_is_checked_like_any_other(loaded: Load) -> None:
    project = loaded({"orders.yaml": GOOD, "tables/t.yaml": "csvv: a.csv\n"})

    (problem,) = project.errors
    assert problem.file is not None
    assert problem.file.name == "t.yaml"


def test_one_pipeline_is_loaded_without_its_broken_neighbour(tmp_path: Path) -> None:
    (tmp_path / "orders.yaml").write_text(GOOD)
    (tmp_path / "default.yaml").write_text(POLICY)
    (tmp_path / "broken.yaml").write_text("pipeline: [")

    project = load_one(tmp_path / "orders.yaml")

    assert project.problems == []
    assert list(project.pipelines) == ["orders"]
    assert list(project.policies) == ["default"]


def test_a_folder_that_is_not_there_or_holds_no_pipeline_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load(tmp_path / "none")
    with pytest.raises(ConfigError, match="no pipeline here"):
        load(tmp_path)
    with pytest.raises(ConfigError, match="no such file"):
        load_one(tmp_path / "none.yaml")


def test_a_pipeline_nobody_declared_is_said_with_those_there_are(loaded: Load) -> None:
    project = loaded({"orders.yaml": GOOD})

    assert pipeline_named(project, "orders").model.pipeline == "orders"
    with pytest.raises(ConfigError, match=r"unknown pipeline `order`; known: orders; did you mean"):
        pipeline_named(project, "order")


def test_problems_are_ordered_and_told_once(loaded: Load) -> None:
    project = loaded({"orders.yaml": GOOD.replace("step: drop", "step: dorp")})

    assert ordered(project.problems * 2) == ordered(project.problems)
