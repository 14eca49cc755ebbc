from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.declaration.document import place_text, read
from pipelines.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    file = folder / "a.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_key_and_element_has_its_line_and_column(tmp_path: Path) -> None:
    document = read(written(tmp_path, "a: 1\nb:\n  - x\n  - {c: d}\n"))

    assert document.data == {"a": 1, "b": ["x", {"c": "d"}]}
    assert document.positions["a",] == (1, 1)
    assert document.positions["b", 1] == (4, 5)
    assert document.positions["b", 1, "c"] == (4, 6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("NO", "NO", id="Norway is text"),
        pytest.param("yes", "yes", id="yes is text"),
        pytest.param("2026-03-02", "2026-03-02", id="a date is text"),
        pytest.param("true", True, id="a flag"),
        pytest.param("0.25", 0.25, id="a number"),
        pytest.param("~", None, id="null"),
    ],
)
def test_scalars_are_read_as_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    assert read(written(tmp_path, f"a: {text}\n")).data == {"a": value}


def test_a_key_given_twice_is_a_problem_at_the_second(tmp_path: Path) -> None:
    document = read(written(tmp_path, "a: 1\nb: 2\na: 3\n"))

    (problem,) = document.problems
    assert (problem.line, problem.column, problem.path) == (3, 1, "a")
    assert "twice" in problem.message


def test_broken_yaml_says_where(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as failure:
        read(written(tmp_path, "a: [1, 2\nb: 3\n"))

    (problem,) = failure.value.problems
    assert problem.line == 2
    assert "not valid YAML" in problem.message


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read"):
        read(tmp_path / "none.yaml")


def test_foreign_tags_are_refused(tmp_path: Path) -> None:
    document = read(written(tmp_path, "a: !!python/object:os.system {}\nb: !secret x\n"))

    assert ["not supported" in problem.message for problem in document.problems] == [True]


@pytest.mark.parametrize("tag", ["!!int x", "!!bool maybe", "!!binary aGk=", "!!foo x", "!!map x"])
def test_tags_that_hold_no_plain_value_are_refused(tmp_path: Path, tag: str) -> None:
    document = read(written(tmp_path, f"a: {tag}\n"))

    (problem,) = document.problems
    assert (problem.line, problem.column, problem.code) == (1, 4, "CW0005")


def test_mappings_are_merged_and_what_is_written_wins(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc: {z: 3, <<: [*b, {z: 4, w: 4}]}\n"
    document = read(written(tmp_path, text))

    assert document.problems == []
    assert document.data["b"] == {"x": 1, "y": 2}
    assert document.data["c"] == {"z": 3, "x": 1, "y": 2, "w": 4}
    assert document.positions["c", "x"] == (1, 8), "where it is written"


def test_only_mappings_are_merged(tmp_path: Path) -> None:
    (problem,) = read(written(tmp_path, "a: {<<: [1]}\n")).problems
    assert (problem.line, problem.column, problem.path) == (1, 9, "a.<<")


@pytest.mark.filterwarnings("error")
def test_an_anchor_may_be_given_anew(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a: &x 1\nb: &x 2\nc: *x\n")).data["c"] == 2


@pytest.mark.timeout(10)
@pytest.mark.parametrize("depth", [101, 50_000])
@pytest.mark.parametrize(("opened", "closed"), ["[]", ("{a: ", "}"), ("[{a: ", "}]")])
def test_what_is_nested_without_end_is_too_large(
    tmp_path: Path, depth: int, opened: str, closed: str
) -> None:
    with pytest.raises(ConfigError, match="too large"):
        read(written(tmp_path, opened * depth + closed * depth))


def test_lines_indented_without_end_are_too_large(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too large"):
        read(written(tmp_path, "\n".join(" " * depth + "a:" for depth in range(900))))


def test_brackets_in_a_text_nest_nothing(tmp_path: Path) -> None:
    assert read(written(tmp_path, f"a: '{'[' * 900}'\n")).data == {"a": "[" * 900}


def test_aliases_cannot_multiply_without_end(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]

    with pytest.raises(ConfigError, match="too large"):
        read(written(tmp_path, "\n".join(lines)))


def test_a_list_that_holds_itself_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too large"):
        read(written(tmp_path, "a: &a [1, *a]\n"))


def test_places_read_like_paths() -> None:
    assert place_text(("steps", 2, "when")) == "steps[2].when"
    assert place_text(("privacy", "fields", "a.b")) == 'privacy.fields["a.b"]'


def test_a_problem_without_its_own_place_takes_the_nearest(tmp_path: Path) -> None:
    document = read(written(tmp_path, "a:\n  b: 1\n"))

    problem = document.problem(("a", "missing"), "key `missing` is missing")

    assert (problem.line, problem.column, problem.path) == (1, 1, "a.missing")
