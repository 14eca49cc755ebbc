from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Cli = Callable[..., Any]


@pytest.mark.parametrize("command", [("scan",), ("keys", "create")])
def test_help_wraps_where_the_terminal_ends(
    cli: Cli, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 60)
    lines = [line.strip() for line in cli(*command, "--help").out.splitlines()]
    text, _, _ = "\n".join(lines).partition("Example:")
    for paragraph in text.split("\n\n")[2:]:
        *full, _ = paragraph.strip().splitlines() or [""]
        assert all(len(line) > 40 for line in full), paragraph
