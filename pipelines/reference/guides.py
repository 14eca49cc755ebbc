"""Guides: longer pages, written by hand. A test runs every example in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.reference.page import Page

FOLDER = Path(__file__).parent / "guides"
"""One file a guide, named as it is asked for: its summary, a blank line, the rest."""

_ORDER = ("first-pipeline", "testing", "privacy-policies", "debugging-a-dropped-record")


def pages() -> Iterator[Page]:
    """Yield every guide, those to begin with first."""
    files = {file.stem: file for file in sorted(FOLDER.glob("*.md"))}
    for name in dict.fromkeys([*_ORDER, *files]):
        summary, _, body = files[name].read_text(encoding="utf-8").partition("\n\n")
        yield Page("guide", name, " ".join(summary.split()), body)
