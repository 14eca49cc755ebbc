from __future__ import annotations

import shlex

import pytest

from pipelines.cli.commands import COMMANDS
from pipelines.cli.pages.commands import commands, example, pages

ALL = dict(commands())
PAGES = {page.name: page for page in pages()}


def arguments(line: str) -> list[str]:
    """Return the words behind `clearwater` of a line for a shell."""
    words = shlex.split(line)
    words = words[words.index("clearwater") + 1 :]
    return words[: words.index(">")] if ">" in words else words


def test_every_command_and_those_of_groups_have_a_page() -> None:
    assert {name.split()[0] for name in ALL} == {name for name, _ in COMMANDS}
    assert set(PAGES) == set(ALL)
    assert {"dead-letters redrive", "keys create", "tail"} <= set(PAGES)


@pytest.mark.parametrize("name", ALL)
def test_the_help_of_a_command_has_an_example_that_it_understands(name: str) -> None:
    command = ALL[name]
    words = arguments(example(command))
    depth = len(name.split())
    assert " ".join(words[:depth]) == name
    with command.make_context(name, words[depth:]) as context:
        assert not context.args or name == "run"  # whose options are the settings
    assert example(command) in PAGES[name].body


def test_a_page_tells_arguments_options_their_defaults_and_exit_codes() -> None:
    text = PAGES["tail"].markdown
    assert "clearwater tail TOPIC [OPTIONS]" in text
    assert "| `--last` | NUMBER | `10` | Start so many before each end. |" in text
    assert "| `--value` | `auto` or `json` or `avro` or `text` | `auto` |" in text
    assert "| `--follow` |  |  | Go on with what is written. |" in text
    assert "clearwater produce TOPIC --file PATH [OPTIONS]" in PAGES["produce"].body
    assert "[TOPIC...]" in PAGES["help"].body
    assert "Exit code: 0 good" in text


@pytest.mark.parametrize("name", ALL)
def test_every_argument_and_option_says_what_it_is(name: str) -> None:
    for line in PAGES[name].body.splitlines():
        if line.startswith(("| `", "| --")) and "---" not in line:
            assert line.rstrip(" |").count("|") >= 2, line
