from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.cli.completion import being_completed

Cli = Callable[..., Any]


@pytest.fixture
def offered(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    def ask(line: str) -> list[str]:
        """Return what bash is told at the end of a line."""
        monkeypatch.setenv("_CLEARWATER_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        return str(cli().out).split()

    return ask


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("clearwater de", {"detect", "dev", "demo", "dead-letters", "detectors"}),
        ("clearwater dead-letters re", {"redrive"}),
        ("clearwater tail orders.clean --be", {"--before-after"}),
        ("clearwater tail orders.clean --value a", {"auto", "avro"}),
        ("clearwater help first", {"first-pipeline"}),
        ("clearwater help EMAIL", {"EMAIL_ADDRESS"}),
    ],
)
def test_a_line_is_completed(
    offered: Callable[[str], list[str]], line: str, some: set[str]
) -> None:
    assert set(offered(line)) == some


def test_names_of_commands_are_completed_without_importing_them(
    offered: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.startswith("pipelines.cli.")]:
        if not name.endswith((".completion", ".output")):
            monkeypatch.delitem(sys.modules, name)
    assert "doctor" in offered("clearwater do")
    assert "pipelines.cli.commands.doctor" not in sys.modules


def test_zsh_is_told_what_a_command_is_for(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CLEARWATER_COMPLETE", "complete_zsh")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "clearwater produ")
    assert "records from a file into a topic" in cli().out


def test_a_usual_call_is_no_completion() -> None:
    assert being_completed({"COMP_WORDS": "clearwater de"}) is None
