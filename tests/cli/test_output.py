from __future__ import annotations

import pytest
from rich.console import Console

from pipelines.cli import output


def printed(monkeypatch: pytest.MonkeyPatch, width: int, *rows: tuple[str, ...]) -> str:
    console = Console(width=width, record=True, highlight=False)
    monkeypatch.setattr(output, "out", console)
    output.print_table("t", ("a", "b", "c"), rows)
    return console.export_text()


def test_short_words_stay_whole_and_long_texts_wrap(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "one two three four five six seven eight nine ten eleven"
    shown = printed(monkeypatch, 60, ("EMAIL_ADDRESS", "guest.passport", text))
    assert "EMAIL_ADDRESS" in shown
    assert "guest.passport" in shown
    assert all(word in shown for word in text.split())
    assert max(map(len, shown.splitlines())) <= 60


def test_nothing_is_lost_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = printed(monkeypatch, 30, ("a" * 20, "b" * 20, "c" * 20))
    assert [shown.count(letter) for letter in "abc"] == [21, 21, 21]


def test_a_table_without_rows_has_its_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a" in printed(monkeypatch, 60)
