from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import orjson
import pytest

from pipelines.cli import main
from pipelines.cli.pages.commands import commands
from pipelines.cli.pages.commands import pages as command_pages
from pipelines.reference.guides import pages
from pipelines.reference.page import Page
from pipelines.reference.pages import all_pages, found

GUIDES = {page.name: page for page in pages()}
PAGES = (*all_pages(), *command_pages())
COMMANDS = {name for name, _ in commands()}
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGE_NAMED = re.compile(r"`clearwater help ([\w. -]+)`")
COMMAND_NAMED = re.compile(r"`clearwater ([a-z-]+(?: [a-z]+)?)[^`]*`")


def ran(words: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(ended.value.code or 0)


def parsed(words: list[str]) -> None:
    """Find the command, and let it take its arguments apart."""
    depth = 1 if words[0] in COMMANDS else 2
    command = dict(commands())[" ".join(words[:depth])]
    settings = "ignore_unknown_options" in command.context_settings
    with command.make_context(words[0], list(words[depth:])) as context:
        assert settings or not context.args


@pytest.mark.parametrize("name", GUIDES)
def test_every_example_of_a_guide_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(GUIDES[name].body)
    for language, file, text in blocks:
        if language in ("yaml", "json", "jsonl"):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, encoding="utf-8")
        if language == "json":
            orjson.loads(text)
    shells = [
        (how, line)
        for language, how, text in blocks
        if language == "sh"
        for line in text.splitlines()
    ]
    assert shells
    for how, line in shells:
        words = shlex.split(line)
        if words[0] == "export":
            variable, _, value = words[1].partition("=")
            monkeypatch.setenv(variable, value)
            continue
        assert words[0] == "clearwater", line
        if how == "kafka":  # tests/cli runs these commands on a broker
            parsed(words[1:])
        elif how != "shell":
            assert ran(words[1:]) == 0, f"{line}\n{capfd.readouterr().err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.kind} {page.name}")
def test_what_a_page_refers_to_is_there(page: Page) -> None:
    for name in PAGE_NAMED.findall(page.markdown):
        assert found(PAGES, tuple(name.split()))
    for name in COMMAND_NAMED.findall(page.markdown):
        first = name.split()[0]
        assert any(one.split()[0] == first for one in COMMANDS), name
    links = re.findall(r"\]\(([^)]+)\)", page.markdown)
    assert [link for link in links if not link.startswith("https://")] == []


def test_the_python_of_a_guide_says_what_it_shows() -> None:
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    text = "\n".join(
        text for how, _, text in BLOCK.findall(GUIDES["python"].body) if how == "python"
    )
    tried = runner.run(parser.get_doctest(text, {}, "python.md", None, 0))
    assert tried.failed == 0
    assert tried.attempted > 8


def test_the_fates_of_the_guide_to_debugging_are_those_it_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for _, file, text in BLOCK.findall(GUIDES["debugging-a-dropped-record"].body):
        if "." in file:
            (tmp_path / file).write_text(text, encoding="utf-8")
    assert ran(["try", "orders.yaml", "--input", "records.jsonl"]) == 0
    results = [orjson.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(one["fate"], one["step"], one["reason"]) for one in results[:2]] == [
        ("dropped", "test_shop", "test_traffic"),
        ("dead_lettered", "small", "condition_error"),
    ]
    assert results[2]["fate"] == "published"


@pytest.mark.parametrize(
    "name",
    [
        "first-pipeline",
        "testing",
        "privacy-policies",
        "debugging-a-dropped-record",
        "editors",
        "python",
    ],
)
def test_a_guide_is_found_by_its_name(name: str) -> None:
    (page,) = found(PAGES, (name,))
    assert (page.kind, page.summary[-1]) == ("guide", ".")
    assert len(page.body.splitlines()) < 130
