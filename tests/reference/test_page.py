from __future__ import annotations

from pipelines.reference.page import Page, table


def test_a_page_is_a_title_a_sentence_and_the_rest() -> None:
    assert Page("step", "drop", "End it.").markdown == "# drop\n\n*step* - End it.\n"
    assert Page("step", "drop", "End it.", "\nMore.\n").markdown.endswith("End it.\n\nMore.\n")


def test_a_cell_is_one_line_without_a_bar() -> None:
    assert table(("a",), [("x|y\nz",)]) == "| a |\n| --- |\n| x\\|y z |\n"
    assert table(("a",), []) == ""
